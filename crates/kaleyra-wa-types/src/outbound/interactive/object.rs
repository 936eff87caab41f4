//! `interactive` itself: what stands around the action, and the action.

use super::{Action, Body, Footer, Header};
use crate::TextOrObject;
use crate::UnknownFields;
use kaleyra_wa_derive::Wire;

/// A message with something to tap, `interactive`. The builders of [this module](super) make one of each kind.
///
/// Source: Kaleyra's pages on interactive messages; Meta's *Interactive messages*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Interactive {
    /// What stands above the body. One format of Kaleyra's prints a bare text here: it is read, and a violation.
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

    /// What stands above the body.
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
