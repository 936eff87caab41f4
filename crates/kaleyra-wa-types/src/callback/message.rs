//! A message that a user wrote.

use super::{MessageContent, MetaError};
use crate::wire::object::{deserialize_object, wire_object};
use crate::{InvalidPhoneNumber, MessageId, Recipient, Timestamp, UserId, WaId};

wire_object! {
    /// A message that a user wrote.
    ///
    /// Source: *Reply - Media Message*, *Reaction Message*, *Interactive - Template Message*.
    pub struct Message {
        /// The user's number; missing where the user hides it.
        pub from: Option<WaId>,
        /// The user's business-scoped id.
        pub from_user_id: Option<UserId>,
        /// WhatsApp's id of this message: what a reply quotes, and what tells a repeated callback.
        pub id: MessageId,
        /// When the user sent it.
        pub timestamp: Option<Timestamp>,
        /// The message that this one answers, or that it was forwarded.
        pub context: Option<Context>,
        /// Why WhatsApp could not deliver the content.
        pub errors: Vec<MetaError>,
        ;
        /// What the user wrote: `type`, and the member that it names.
        pub content: ..MessageContent,
    }
}

wire_object! {
    /// What a message refers to.
    pub struct Context {
        /// Who wrote the message that this one answers.
        pub from: Option<WaId>,
        /// The message that this one answers.
        pub id: Option<MessageId>,
        /// Whether the message was forwarded.
        pub forwarded: Option<bool>,
        /// Whether it was forwarded more than five times.
        pub frequently_forwarded: Option<bool>,
    }
}

deserialize_object!(Context, Message);

/// Why a message can't be answered: it names nobody, or a number that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoReplyAddress {
    /// Neither `from` nor `from_user_id` is there.
    #[error("the message says neither `from` nor `from_user_id`, so there is nobody to answer")]
    Missing,
    /// `from` is not a phone number, and there is no `from_user_id`.
    #[error("the message's `from` is {0}")]
    Invalid(#[source] InvalidPhoneNumber),
}

impl Message {
    /// Whom an answer goes to: the number, or the user id where the number is hidden.
    ///
    /// # Errors
    ///
    /// When the message names nobody that a message can be sent to.
    pub fn reply_address(&self) -> Result<Recipient, NoReplyAddress> {
        match (&self.from, &self.from_user_id) {
            (Some(from), user_id) => Recipient::try_from(from).or_else(|error| {
                user_id
                    .clone()
                    .map(Recipient::User)
                    .ok_or(NoReplyAddress::Invalid(error))
            }),
            (None, Some(user_id)) => Ok(Recipient::User(user_id.clone())),
            (None, None) => Err(NoReplyAddress::Missing),
        }
    }

    /// The message that this one answers or reacts to.
    pub fn replies_to(&self) -> Option<&MessageId> {
        match &self.content {
            MessageContent::Reaction(reaction) => Some(&reaction.message_id),
            _ => self.context.as_ref()?.id.as_ref(),
        }
    }
}
