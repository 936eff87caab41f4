//! Messages that a user changed or took back.

use super::{Context, MessageContent};
use crate::MessageId;
use crate::wire::object::{deserialize_object, wire_object};

wire_object! {
    /// A user changed an earlier message, within 15 minutes.
    ///
    /// Source: Meta's *edit messages*.
    pub struct Edit {
        /// The message that was changed.
        pub original_message_id: Option<MessageId>,
        /// What it says now.
        pub message: Option<Box<EditedMessage>>,
    }
}

wire_object! {
    /// What a changed message says now.
    pub struct EditedMessage {
        /// The message that it answers.
        pub context: Option<Context>,
        ;
        /// What it says: `type`, and the member that it names.
        pub content: ..MessageContent,
    }
}

wire_object! {
    /// A user took an earlier message back, within two days.
    ///
    /// Source: Meta's *revoke messages*.
    pub struct Revoke {
        /// The message that was taken back.
        pub original_message_id: Option<MessageId>,
    }
}

deserialize_object!(Edit, EditedMessage, Revoke);
