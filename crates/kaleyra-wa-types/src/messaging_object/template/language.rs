//! In which language a template is sent.

use crate::validate::{Check, Validate};
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::open_set::open_set;

wire_object! {
    /// The language of a template, one of those that it was approved in. A `&str` becomes one.
    ///
    /// ```
    /// use kaleyra_wa_types::messaging_object::template::Language;
    ///
    /// assert_eq!(Language::from("en_US").code, "en_US");
    /// ```
    pub struct Language {
        /// Language, or language and region: `en`, `en_US`, `pt_BR`.
        pub code: String,
        /// How strictly the language is kept to. Meta's machine-readable schema asks for it, its pages and common
        /// practice leave it out; `validate` does not ask for it.
        pub policy: Option<LanguagePolicy>,
    }
}

deserialize_object!(Language);

open_set! {
    /// How strictly a template's language is kept to, `policy`.
    pub enum LanguagePolicy {
        /// The template is sent in this language or not at all; what happens without a policy, too.
        Deterministic = "deterministic",
    }
}

impl Language {
    /// The language with this code.
    pub fn new(code: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            policy: None,
            unknown: Default::default(),
        }
    }

    /// Says the policy aloud, for whoever asks for it.
    pub fn deterministic(mut self) -> Self {
        self.policy = Some(LanguagePolicy::Deterministic);
        self
    }
}

impl From<&str> for Language {
    fn from(code: &str) -> Self {
        Self::new(code)
    }
}

impl From<String> for Language {
    fn from(code: String) -> Self {
        Self::new(code)
    }
}

impl Validate for Language {
    fn check(&self, check: &mut Check<'_>) {
        check.member("code").not_empty(&self.code);
    }
}
