//! Telling a user that a message was read, and that a reply is being typed.

use super::MessagingProduct;
use super::validate::check_product;
use crate::MessageId;
use crate::UnknownFields;
use crate::UnknownText;
use crate::validate::{Check, Rule, Validate};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// Marks a user's message, and all before it in the conversation, as read; in a group that message alone. It goes
/// where messages go, but is not a message: it has no recipient and no type.
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
    /// Shows the user that a reply is being typed.
    pub typing_indicator: Option<TypingIndicator>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Shows the user that a reply is being typed, until it arrives, for at most 25 seconds.
///
/// ```
/// use kaleyra_wa_types::outbound::{ReadReceipt, TypingIndicatorType};
///
/// let receipt = ReadReceipt::new("wamid.A").typing();
/// let indicator = receipt.typing_indicator.as_ref();
/// assert_eq!(indicator.and_then(|it| it.kind.as_ref()), Some(&TypingIndicatorType::Text));
/// ```
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
///
/// ```
/// use kaleyra_wa_types::outbound::{ReadReceipt, ReceiptStatus};
///
/// let receipt = ReadReceipt::new("wamid.A");
/// assert_eq!(receipt.status, ReceiptStatus::Read);
/// assert_eq!(receipt.status.as_str(), "read");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum ReceiptStatus {
    /// `read`. It was read; the only value there is.
    Read,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// What kind of reply is being typed.
///
/// For an example see [`TypingIndicator`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum TypingIndicatorType {
    /// `text`. The only kind there is.
    Text,
    /// A value that this version does not know.
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

    /// Also shows the user that a reply is being typed, until it arrives, for at most 25 seconds.
    ///
    /// For an example see [`ReadReceipt`].
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
