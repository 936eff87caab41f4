//! A text message.

use crate::UnknownFields;
use crate::validate::{Check, Validate};
use kaleyra_wa_derive::Wire;

/// A text message, `text`.
///
/// ```
/// use kaleyra_wa_types::outbound::Text;
///
/// let text = Text::new("Read https://example.com/news").preview_url(true);
/// assert_eq!(
///     serde_json::to_value(&text)?,
///     serde_json::json!({"body": "Read https://example.com/news", "preview_url": true}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: *Send Reply to Messages*, table of `text`.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Text {
    /// What is said, with WhatsApp's formatting: `*bold*`, `_italic_`, `~struck~`. At most 4096 characters; the
    /// page's other figures (60, 1024, 32768) are for parts of templates.
    pub body: String,
    /// Whether WhatsApp shows a preview of the first link in the text. The link must begin with `http://` or `https://`.
    pub preview_url: Option<bool>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl Text {
    /// The maximum number of characters that a text may have.
    pub const BODY_MAX: usize = 4096;

    /// A text.
    pub fn new(body: impl Into<String>) -> Self {
        Self {
            body: body.into(),
            preview_url: None,
            unknown: Default::default(),
        }
    }

    /// Whether the first link in the text gets a preview.
    pub fn preview_url(mut self, preview: bool) -> Self {
        self.preview_url = Some(preview);
        self
    }
}

impl Validate for Text {
    fn check(&self, check: &mut Check<'_>) {
        check.member("body").length(&self.body, 1, Self::BODY_MAX);
    }
}
