//! What goes into `messaging_object`: a message, or a read receipt.

use super::{Content, MessagingObject, ReadReceipt};
use crate::MessageId;
use crate::validate::{Check, Validate, Violation, violations};
use crate::wire::names::Wanted;
use crate::wire::reader::Kind;
use crate::wire::{Choice, Flat, Form, Read, Reader, View, Wire, serde_by_wire};

/// What goes into `messaging_object`: a message, or a read receipt, which has a `status` and no type.
///
/// ```
/// use kaleyra_wa_types::Recipient;
/// use kaleyra_wa_types::outbound::{MessagingObject, Outbound};
///
/// let receipt = r#"{"messaging_product":"whatsapp","status":"read","message_id":"wamid.A"}"#;
/// let receipt: Outbound = serde_json::from_str(receipt)?;
/// assert!(matches!(receipt, Outbound::ReadReceipt(_)));
/// assert_eq!(receipt.type_name(), "read");
///
/// let answer = MessagingObject::new(Recipient::try_from("+919800000001")?, "Yes, we do.");
/// let answer = Outbound::from(answer).in_reply_to("wamid.A");
/// assert_eq!(answer.type_name(), "text");
/// assert!(answer.message().is_some_and(|message| message.context.is_some()));
/// assert!(answer.violations().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are messages: boxing them would cost each an allocation"
)]
#[non_exhaustive]
pub enum Outbound {
    /// A message.
    Message(MessagingObject),
    /// Marks a user's message as read.
    ReadReceipt(ReadReceipt),
}

impl Outbound {
    /// The message, where it is one.
    pub fn message(&self) -> Option<&MessagingObject> {
        match self {
            Self::Message(message) => Some(message),
            Self::ReadReceipt(_) => None,
        }
    }

    /// The message's `type`, or the receipt's `status`.
    pub fn type_name(&self) -> &str {
        match self {
            Self::Message(message) => message.content.type_name(),
            Self::ReadReceipt(receipt) => receipt.status.as_str(),
        }
    }

    /// Makes a message a reply that quotes another; a read receipt stays as it is.
    pub fn in_reply_to(self, message_id: impl Into<MessageId>) -> Self {
        match self {
            Self::Message(message) => Self::Message(message.in_reply_to(message_id)),
            receipt @ Self::ReadReceipt(_) => receipt,
        }
    }

    /// Every limit that it breaks; empty if it breaks none.
    pub fn violations(&self) -> Vec<Violation> {
        violations("", self)
    }
}

/// Whether the object that follows is a read receipt: it has a `status`, and neither a `type` nor anything to say. Whom it is
/// for some senders write, too, so that tells nothing.
fn is_receipt(reader: &mut Reader<'_>) -> Read<bool> {
    let content = Content::empty();
    let names = &content.shape().variants;
    let (mut has_status, mut has_content) = (false, false);
    reader.look_at_members(&mut |name| {
        has_status |= name == "status";
        has_content |= matches!(name, "type" | "context" | "biz_opaque_callback_data")
            || names.find(Wanted::new(name.as_bytes())).is_some();
        !has_content
    })?;
    Ok(has_status && !has_content)
}

impl From<MessagingObject> for Outbound {
    fn from(message: MessagingObject) -> Self {
        Self::Message(message)
    }
}

impl From<ReadReceipt> for Outbound {
    fn from(receipt: ReadReceipt) -> Self {
        Self::ReadReceipt(receipt)
    }
}

impl Wire for Outbound {
    fn empty() -> Self {
        Self::Message(MessagingObject::empty())
    }

    fn is_object() -> bool {
        true
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<Form> {
        if reader.peek()? == Kind::Object && is_receipt(reader)? {
            *self = Self::ReadReceipt(ReadReceipt::empty());
        }
        match self {
            Self::Message(message) => message.read(reader),
            Self::ReadReceipt(receipt) => receipt.read(reader),
        }
    }

    fn view(&self) -> View<'_> {
        match self {
            Self::Message(message) => message.view(),
            Self::ReadReceipt(receipt) => receipt.view(),
        }
    }

    fn clear(&mut self) {
        *self = Self::empty();
    }
}

serde_by_wire!(Outbound);

impl Validate for Outbound {
    fn check(&self, check: &mut Check<'_>) {
        match self {
            Self::Message(message) => message.check(check),
            Self::ReadReceipt(receipt) => receipt.check(check),
        }
    }
}
