//! Telling a user that a message was read, and that a response is being written.

use super::MessagingProduct;
use super::validate::check_product;
use crate::MessageId;
use crate::UnknownFields;
use crate::UnknownText;
use crate::validate::{Check, Rule, Validate};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// Marks a user's message, and all before it in the conversation, as read; in a group that message alone. It goes
/// where messages go, but is none: it has no recipient and no type.
///
/// ```
/// use kaleyra_wa_types::SendRequest;
/// use kaleyra_wa_types::outbound::ReadReceipt;
///
/// let request = SendRequest::new(ReadReceipt::new("wamid.A").typing());
/// assert_eq!(
///     serde_json::to_value(&request)?,
///     serde_json::json!({"messaging_object": {
///         "messaging_product": "whatsapp",
///         "status": "read",
///         "message_id": "wamid.A",
///         "typing_indicator": {"type": "text"},
///     }}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: *Send Read Receipt Messages*; Meta's pages on read receipts and typing indicators.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ReadReceipt {
    /// Always `whatsapp`.
    pub messaging_product: Option<MessagingProduct>,
    /// Always `read`.
    pub status: ReceiptStatus,
    /// WhatsApp's id of the user's message, which is at most 30 days old.
    pub message_id: Option<MessageId>,
    /// Shows the user that a response is being written.
    pub typing_indicator: Option<TypingIndicator>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Shows the user that a response is being written, until it comes, at most 25 seconds.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct TypingIndicator {
    /// What is being written.
    #[wire(name = "type")]
    pub kind: Option<TypingIndicatorType>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What a read receipt says of a message, `status`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum ReceiptStatus {
    /// `read`. It was read; the only value there is.
    Read,
    /// A text that this version does not know.
    Unknown(UnknownText),
}

/// What kind of response is being written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum TypingIndicatorType {
    /// `text`. The only kind there is.
    Text,
    /// A text that this version does not know.
    Unknown(UnknownText),
}

impl ReadReceipt {
    /// Marks this message, and all before it, as read.
    pub fn new(message_id: impl Into<MessageId>) -> Self {
        Self {
            messaging_product: Some(MessagingProduct::Whatsapp),
            status: ReceiptStatus::Read,
            message_id: Some(message_id.into()),
            typing_indicator: None,
            unknown: Default::default(),
        }
    }

    /// Shows the user, too, that a response is being written: until it comes, at most 25 seconds.
    pub fn typing(mut self) -> Self {
        self.typing_indicator = Some(TypingIndicator {
            kind: Some(TypingIndicatorType::Text),
            unknown: Default::default(),
        });
        self
    }
}

impl Validate for ReadReceipt {
    fn check(&self, check: &mut Check<'_>) {
        match &self.messaging_product {
            Some(product) => check_product(product, check),
            None => check
                .member("messaging_product")
                .report(Rule::Required("it is always `whatsapp`")),
        }
        if self.status != ReceiptStatus::Read {
            check.member("status").report(Rule::Format("`read`"));
        }
        if self.message_id.is_none() {
            check
                .member("message_id")
                .report(Rule::Required("it says which message was read"));
        }
    }
}
