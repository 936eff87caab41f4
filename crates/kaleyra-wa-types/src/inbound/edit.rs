//! Messages that a user changed or took back.

use super::{Context, MessageContent};
use crate::MessageId;
use crate::UnknownFields;
use kaleyra_wa_derive::Wire;

/// A user changed an earlier message, within 15 minutes.
///
/// Source: Meta's *edit messages*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Edit {
    /// The message that was changed.
    pub original_message_id: Option<MessageId>,
    /// What it says now.
    pub message: Option<Box<EditedMessage>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What a changed message says now.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct EditedMessage {
    /// The message that it responds.
    pub context: Option<Context>,
    /// What it says: `type`, and the field that it names.
    #[wire(flatten)]
    pub content: MessageContent,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A user took an earlier message back, within two days.
///
/// Source: Meta's *revoke messages*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Revoke {
    /// The message that was taken back.
    pub original_message_id: Option<MessageId>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}
