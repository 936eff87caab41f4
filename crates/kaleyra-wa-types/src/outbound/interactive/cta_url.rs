//! A button that opens a web page.

use super::ActionName;
use super::action::{check_name, require_parameters};
use super::builder::{Frame, interactive_builder};
use crate::UnknownFields;
use crate::validate::{Check, Validate};
use kaleyra_wa_derive::Wire;

interactive_builder! {
    /// A message with a button that opens a web page.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Interactive;
    /// use kaleyra_wa_types::outbound::interactive::CtaUrl;
    ///
    /// let invitation = CtaUrl::new("The new menu is here.", "See the menu", "https://example.com/menu")
    ///     .header("Spring at the corner shop")
    ///     .footer("Until 31 May");
    /// assert_eq!(
    ///     serde_json::to_value(Interactive::from(invitation))?["action"],
    ///     serde_json::json!({
    ///         "name": "cta_url",
    ///         "parameters": {"display_text": "See the menu", "url": "https://example.com/menu"},
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: *Send Interactive Call-to-Action URL Button Messages*; Meta's page of that name.
    pub struct CtaUrl(CtaUrlAction) { header, footer }
}

/// The action of `cta_url`.
///
/// For an example see [`CtaUrl`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct CtaUrlAction {
    /// Always `cta_url`.
    pub name: Option<ActionName>,
    /// The button.
    pub parameters: Option<CtaUrlParameters>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A button that opens a web page.
///
/// For an example see [`CtaUrl`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct CtaUrlParameters {
    /// The button's label, 1 to 20 characters.
    pub display_text: String,
    /// The page, `http://` or `https://`.
    pub url: String,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl CtaUrl {
    /// What the message says, 1 to 1024 characters, the button's label, and the page that it opens.
    pub fn new(
        body: impl Into<String>,
        display_text: impl Into<String>,
        url: impl Into<String>,
    ) -> Self {
        Self {
            frame: Frame::with_body(body),
            action: CtaUrlAction {
                name: Some(ActionName::CtaUrl),
                parameters: Some(CtaUrlParameters::new(display_text, url)),
                unknown: Default::default(),
            },
        }
    }
}

impl CtaUrlParameters {
    /// The maximum number of characters on the button.
    pub const DISPLAY_TEXT_MAX: usize = 20;

    pub(super) fn new(display_text: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            display_text: display_text.into(),
            url: url.into(),
            unknown: Default::default(),
        }
    }
}

impl Validate for CtaUrlAction {
    fn check(&self, check: &mut Check<'_>) {
        check_name(self.name.as_ref(), "cta_url", check);
        match &self.parameters {
            Some(parameters) => parameters.check(&mut check.member("parameters")),
            None => require_parameters(check),
        }
    }
}

impl Validate for CtaUrlParameters {
    fn check(&self, check: &mut Check<'_>) {
        check
            .member("display_text")
            .length(&self.display_text, 1, Self::DISPLAY_TEXT_MAX);
        check.member("url").web_link(&self.url);
    }
}
