//! An emoji on an earlier message.

use crate::MessageId;
use crate::UnknownFields;
use crate::validate::{Check, Validate};
use kaleyra_wa_derive::Wire;

/// An emoji on a message of the user's, or the removal of one, `reaction`.
///
/// ```
/// use kaleyra_wa_types::outbound::Reaction;
///
/// let like = Reaction::new("wamid.HBgMOTE5ODAwMDAwMDAx", "\u{1f44d}");
/// assert!(!like.is_removal());
///
/// let not_any_more = Reaction::remove("wamid.HBgMOTE5ODAwMDAwMDAx");
/// assert_eq!(
///     serde_json::to_value(&not_any_more)?,
///     serde_json::json!({"message_id": "wamid.HBgMOTE5ODAwMDAwMDAx", "emoji": ""}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// The message must be at most 30 days old and no reaction itself; else the send fails later, with the code 131009. Only
/// a `sent` status follows.
///
/// Source: *Send Reaction Messages*; Meta's *Reaction messages*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Reaction {
    /// WhatsApp's id of the message that the emoji goes on.
    pub message_id: MessageId,
    /// One emoji; empty to take the reaction back. Removal is in Meta's older page and in practice; Kaleyra's page and
    /// Meta's of 2026 do not mention it.
    pub emoji: String,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl Reaction {
    /// One emoji on this message. It replaces an earlier one.
    pub fn new(message_id: impl Into<MessageId>, emoji: impl Into<String>) -> Self {
        Self {
            message_id: message_id.into(),
            emoji: emoji.into(),
            unknown: Default::default(),
        }
    }

    /// Takes back the reaction to this message.
    pub fn remove(message_id: impl Into<MessageId>) -> Self {
        Self::new(message_id, "")
    }

    /// Whether it takes a reaction back.
    pub fn is_removal(&self) -> bool {
        self.emoji.is_empty()
    }
}

impl Validate for Reaction {
    fn check(&self, check: &mut Check<'_>) {
        check
            .member("message_id")
            .not_empty(self.message_id.as_str());
    }
}
