//! Messages that a user edited or deleted.

use super::{Context, MessageContent};
use crate::MessageId;
use crate::UnknownFields;
use kaleyra_wa_derive::Wire;

/// A user edited an earlier message, within 15 minutes.
///
/// Source: Meta's *edit messages*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Edit {
    /// The message that was edited.
    pub original_message_id: Option<MessageId>,
    /// What it says now.
    pub message: Option<Box<EditedMessage>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The new content of an edited message.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct EditedMessage {
    /// The message that it replies to.
    pub context: Option<Context>,
    /// What it says: `type`, and the field that it names.
    #[wire(flatten)]
    pub content: MessageContent,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A user deleted an earlier message, within two days.
///
/// Source: Meta's *revoke messages*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Revoke {
    /// The message that was deleted.
    pub original_message_id: Option<MessageId>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}
