//! `interactive` itself: the action, and the parts around it.

use super::{Action, Body, Footer, Header};
use crate::TextOrObject;
use crate::UnknownFields;
use kaleyra_wa_derive::Wire;

/// An interactive message, `interactive`. The builders of [this module](super) make one of each kind.
///
/// ```
/// use kaleyra_wa_types::UnknownBody;
/// use kaleyra_wa_types::outbound::Interactive;
/// use kaleyra_wa_types::outbound::interactive::{Action, CtaUrl};
///
/// let invitation = Interactive::from(CtaUrl::new("The new menu is here.", "See it", "https://example.com/menu"));
/// assert_eq!(invitation.body.as_ref().map(|body| &*body.text), Some("The new menu is here."));
///
/// // A kind that this version lacks:
/// let slider = UnknownBody::new("slider", serde_json::json!({"min": 1, "max": 5}));
/// let question = Interactive::new(Action::Unknown(slider))
///     .header("Your visit")
///     .body("How did you like it?")
///     .footer("1 is bad, 5 is good");
/// assert_eq!(
///     serde_json::to_value(&question)?,
///     serde_json::json!({
///         "type": "slider",
///         "header": {"type": "text", "text": "Your visit"},
///         "body": {"text": "How did you like it?"},
///         "footer": {"text": "1 is bad, 5 is good"},
///         "action": {"min": 1, "max": 5},
///     }),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Kaleyra's pages on interactive messages; Meta's *Interactive messages*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Interactive {
    /// What is shown above the body. One format of Kaleyra's prints a bare string here: it can be read, but is a violation.
    pub header: Option<TextOrObject<String, Header>>,
    /// What the message says.
    pub body: Option<Body>,
    /// Small print below the body.
    pub footer: Option<Footer>,
    /// What there is to tap: `type`, and the `action` that belongs to it.
    #[wire(flatten)]
    pub action: Action,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl Interactive {
    /// One with this action and nothing around it; for a kind that has no builder.
    pub fn new(action: impl Into<Action>) -> Self {
        Self {
            header: None,
            body: None,
            footer: None,
            action: action.into(),
            unknown: Default::default(),
        }
    }

    /// What is shown above the body.
    pub fn header(mut self, header: impl Into<Header>) -> Self {
        self.header = Some(TextOrObject::Object(header.into()));
        self
    }

    /// What the message says.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Small print below the body.
    pub fn footer(mut self, footer: impl Into<Footer>) -> Self {
        self.footer = Some(footer.into());
        self
    }
}
