//! In which language a template is sent.

use crate::UnknownFields;
use crate::UnknownText;
use crate::validate::{Check, Rule, Validate};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// The language of a template, one of those that it was approved in. A `&str` becomes one.
///
/// ```
/// use kaleyra_wa_types::outbound::template::Language;
/// use serde_json::{json, to_value};
///
/// assert_eq!(Language::from("en_US"), Language::new("en_US"));
/// assert_eq!(to_value(Language::new("en_US"))?, json!({"code": "en_US"}));
/// assert_eq!(
///     to_value(Language::new("en_US").deterministic())?,
///     json!({"code": "en_US", "policy": "deterministic"}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Language {
    /// Language, or language and region: `en`, `en_US`, `pt_BR`.
    pub code: String,
    /// How strictly the language is kept to. Meta's machine-readable schema asks for it, its pages and common
    /// practice leave it out; `validate` does not ask for it.
    pub policy: Option<LanguagePolicy>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// How strictly a template's language is kept to, `policy`.
///
/// For an example see [`Language`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum LanguagePolicy {
    /// `deterministic`. The template is sent in this language or not at all; what happens without a policy, too.
    Deterministic,
    /// A value that this version does not know.
    Unknown(UnknownText),
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

    /// Writes the policy out, for readers that require it.
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
        let mut check = check.member("code");
        check.not_empty(&self.code);
        if !self.code.is_empty() && !is_code(&self.code) {
            check.report(Rule::Format(
                "a language, or language and region, as `en` or `en_US`",
            ));
        }
    }
}

/// Whether a text has the form of a language that templates may have: `en`, `fil`, `pt_BR`. Meta knows no template in
/// another one (132001).
///
/// Source: Meta's list of supported languages.
fn is_code(code: &str) -> bool {
    let (language, region) = code
        .split_once('_')
        .map_or((code, None), |(language, region)| (language, Some(region)));
    let is_region = |region: &str| match region.len() {
        2 => region.bytes().all(|byte| byte.is_ascii_uppercase()),
        3 => region.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    };
    matches!(language.len(), 2 | 3)
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && region.is_none_or(is_region)
}
