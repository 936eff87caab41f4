//! What a user picked or filled in: answers to buttons, lists, flows and requests.

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
/// Source: *Interactive - List Reply Message*, *Interactive - Address Message*; Meta's *interactive messages*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Interactive {
    /// What was answered: `type`, and the field that it names.
    #[wire(flatten)]
    pub reply: InteractiveReply,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What a user answered: `type`, and the field that it names.
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
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ButtonReply {
    /// What the sender put behind the button, at most 256 characters.
    pub id: Option<ReplyId>,
    /// What stands on the button, at most 20 characters.
    pub title: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The row that was picked in a list.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ListReply {
    /// What the sender put behind the row, at most 200 characters.
    pub id: Option<ReplyId>,
    /// What stands in the row, at most 24 characters.
    pub title: Option<String>,
    /// What stands below it, at most 72 characters.
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
    /// Until when it holds. It comes as a text or a number, and is missing where it is permanent or refused.
    pub expiration_timestamp: Option<Timestamp>,
    /// What gave the response.
    pub response_source: Option<CallPermissionSource>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// How a user wants to pay, or paid.
///
/// No page documents it; the fields are those of a public library's recordings.
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

/// What a business put behind a reply button or a row of a list.
///
/// It is a text, or a number that a sender in between made of one.
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
    /// A text that this version does not know.
    Unknown(UnknownText),
}

/// What gave a permission to call.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum CallPermissionSource {
    /// `user_action`. The user answered.
    UserAction,
    /// `automatic`. The user called, which permits calling back.
    Automatic,
    /// A text that this version does not know.
    Unknown(UnknownText),
}
