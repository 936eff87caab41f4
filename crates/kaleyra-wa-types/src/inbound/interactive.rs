//! What a user picked or filled in: replies to buttons, lists, flows and requests.

use serde_json::Value;

use super::NfmReply;
use crate::UnknownBody;
use crate::UnknownFields;
use crate::UnknownText;
use crate::wire::LooseText;
use crate::{OrderReferenceId, Timestamp};
use kaleyra_wa_derive::{OpenEnum, StringId, Wire};

/// A response to an interactive message.
///
/// For an example see [`MessageContent`](crate::inbound::MessageContent).
///
/// Source: *Interactive - List Reply Message*, *Interactive - Address Message*; Meta's *interactive messages*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Interactive {
    /// The reply: `type`, and the field that it names.
    #[wire(flatten)]
    pub reply: InteractiveReply,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The reply of a user: `type`, and the field that it names.
///
/// For an example see [`MessageContent`](crate::inbound::MessageContent).
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(tag = "type")]
#[non_exhaustive]
pub enum InteractiveReply {
    /// A tap on a reply button.
    ButtonReply(ButtonReply),
    /// Whether the business may call.
    CallPermissionReply(CallPermissionReply),
    /// The row picked in a list.
    ListReply(ListReply),
    /// A filled-in form: a flow, an address.
    NfmReply(NfmReply),
    /// How the user wants to pay, or paid.
    PaymentMethod(PaymentMethod),
    /// News of a payment, as Indian payment partners get it. No page documents its fields.
    PaymentNotification(Option<Value>),
    /// A type that this version does not know, with its body.
    Unknown(UnknownBody),
}

/// A tap on a reply button.
///
/// For an example see [`MessageContent`](crate::inbound::MessageContent).
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ButtonReply {
    /// The id that the sender gave the button, at most 256 characters.
    pub id: Option<ReplyId>,
    /// The button's label, at most 20 characters.
    pub title: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The row that was picked in a list.
///
/// For an example see [`MessageContent`](crate::inbound::MessageContent).
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ListReply {
    /// The id that the sender gave the row, at most 200 characters.
    pub id: Option<ReplyId>,
    /// The row's title, at most 24 characters.
    pub title: Option<String>,
    /// The row's description, at most 72 characters.
    pub description: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Whether the business may call the user.
///
/// Source: Meta's *call permission requests*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct CallPermissionReply {
    /// Yes or no.
    pub response: Option<CallPermission>,
    /// Whether the permission holds until it is withdrawn.
    pub is_permanent: Option<bool>,
    /// Until when it holds. It comes as a string or a number, and is missing where it is permanent or refused.
    pub expiration_timestamp: Option<Timestamp>,
    /// What led to the reply.
    pub response_source: Option<CallPermissionSource>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// How a user wants to pay, or paid.
///
/// No page documents it; the fields are those in a public library's recordings.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct PaymentMethod {
    /// The kind of payment, such as `credit_card`.
    pub payment_method: Option<String>,
    /// When the user paid.
    pub payment_timestamp: Option<Timestamp>,
    /// The reference that the business gave the order.
    pub reference_id: Option<OrderReferenceId>,
    /// The end of the card's number.
    pub last_four_digits: Option<String>,
    /// The id of the stored card.
    pub credential_id: Option<CredentialId>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The id that a business gave a reply button or a row of a list.
///
/// It is a string, or a number where an intermediate sender turned it into one.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
#[wire(text)]
pub struct ReplyId(LooseText);

/// The id of a stored card.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct CredentialId(LooseText);

/// Whether a user lets the business call.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum CallPermission {
    /// `accept`. Yes.
    Accept,
    /// `reject`. No.
    Reject,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// What gave a permission to call.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum CallPermissionSource {
    /// `user_action`. The user replied.
    UserAction,
    /// `automatic`. The user called, which permits calling back.
    Automatic,
    /// A value that this version does not know.
    Unknown(UnknownText),
}
