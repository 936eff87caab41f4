//! What goes into `messaging_object`: a message, or a read receipt.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::resumed::{Aside, Resumed};
use super::{Content, MessagingObject, ReadReceipt};
use crate::validate::{Check, Validate, Violation, violations};
use crate::wire::body_set::BodySet;
use crate::wire::member::{BlankSeen, Key};
use crate::wire::radar::Radar;
use crate::wire::{Member, Object};
use crate::{MessageId, SendRequest};

/// What goes into `messaging_object`: a message, or a read receipt, which has a `status` and no type.
///
/// ```
/// use kaleyra_wa_types::messaging_object::Outbound;
///
/// let receipt = r#"{"messaging_product":"whatsapp","status":"read","message_id":"wamid.A"}"#;
/// assert!(matches!(serde_json::from_str(receipt)?, Outbound::ReadReceipt(_)));
/// # Ok::<(), serde_json::Error>(())
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
    pub fn reply_to(self, message_id: impl Into<MessageId>) -> Self {
        match self {
            Self::Message(message) => Self::Message(message.reply_to(message_id)),
            receipt @ Self::ReadReceipt(_) => receipt,
        }
    }

    /// Every limit that it breaks; empty where it keeps to all.
    pub fn violations(&self) -> Vec<Violation> {
        violations("", self)
    }

    /// Reads either from the members of its object, into its place, which is empty.
    ///
    /// A receipt has a `status`, and neither a `type` nor anything to say. Whom it is for some senders write, too, so that
    /// tells nothing: such members are set aside until one shows which it is.
    fn read_members<'de, A: MapAccess<'de>>(
        &mut self,
        mut members: Resumed<'de, A>,
    ) -> Result<(), A::Error> {
        let mut aside = Aside::default();
        let mut has_status = false;
        while let Some(key) = members.next_key::<Key<'de>>()? {
            if is_of_message(&key.0) {
                return self.read_message(members.go_back(aside, Some(key)));
            }
            has_status |= key.0 == "status";
            aside.push(key, members.next_value()?);
        }
        let members = members.go_back(aside, None);
        if has_status {
            let mut receipt = ReadReceipt::empty();
            receipt.read_members(members)?;
            *self = Self::ReadReceipt(receipt);
            Ok(())
        } else {
            self.read_message(members)
        }
    }

    fn read_message<'de, A: MapAccess<'de>>(&mut self, members: A) -> Result<(), A::Error> {
        match self {
            Self::Message(message) => message.read_members(members),
            Self::ReadReceipt(receipt) => receipt.read_members(members),
        }
    }
}

/// Whether only messages have a member of this name.
fn is_of_message(name: &str) -> bool {
    matches!(name, "type" | "context" | "biz_opaque_callback_data")
        || Content::known_type(name).is_some()
}

/// Whether read receipts have a member of this name.
fn is_of_receipt(name: &str) -> bool {
    matches!(name, "messaging_product" | "status" | "message_id")
}

/// Whether parsed JSON is a read receipt.
pub(super) fn is_receipt(value: &Value) -> bool {
    value.as_object().is_some_and(|members| {
        members.contains_key("status") && !members.keys().any(|name| is_of_message(name))
    })
}

/// Reads a bare object or, where it has a `messaging_object`, its envelope.
pub(super) struct EitherForm;

/// What was read of either form.
pub(super) enum Form {
    Bare(Outbound),
    Envelope(SendRequest),
}

impl<'de> Visitor<'de> for EitherForm {
    type Value = Form;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object (MessagingObject or SendRequest)")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
        let mut members = Resumed::start(members);
        let mut aside = Aside::default();
        let mut first = None;
        while let Some(key) = members.next_key::<Key<'de>>()? {
            if key.0 == "messaging_object" {
                let mut request = SendRequest::empty();
                request.read_members(members.go_back(aside, Some(key)))?;
                return Ok(Form::Envelope(request));
            }
            if is_of_message(&key.0) || is_of_receipt(&key.0) {
                first = Some(key);
                break;
            }
            aside.push(key, members.next_value()?);
        }
        let mut outbound = Outbound::empty();
        outbound.read_members(members.go_back(aside, first))?;
        Ok(Form::Bare(outbound))
    }
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

impl Serialize for Outbound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Message(message) => message.serialize(serializer),
            Self::ReadReceipt(receipt) => receipt.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Outbound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut outbound = Self::empty();
        outbound.read(deserializer)?;
        Ok(outbound)
    }
}

impl Member for Outbound {
    fn empty() -> Self {
        Self::Message(MessagingObject::empty())
    }

    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<BlankSeen, D::Error> {
        struct Either<'a>(&'a mut Outbound);

        impl<'de> Visitor<'de> for Either<'_> {
            type Value = BlankSeen;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object (MessagingObject)")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<BlankSeen, A::Error> {
                self.0.read_members(Resumed::start(members)).map(|()| None)
            }
        }

        deserializer.deserialize_map(Either(self))
    }

    fn read_unless_blank<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
    ) -> Result<BlankSeen, D::Error> {
        // It is nowhere optional.
        self.read(deserializer)
    }

    fn scan(&self, radar: &mut Radar) {
        match self {
            Self::Message(message) => message.scan(radar),
            Self::ReadReceipt(receipt) => receipt.scan(radar),
        }
    }
}

impl Validate for Outbound {
    fn check(&self, check: &mut Check<'_>) {
        match self {
            Self::Message(message) => message.check(check),
            Self::ReadReceipt(receipt) => receipt.check(check),
        }
    }
}
