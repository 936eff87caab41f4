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
/// ```
/// use kaleyra_wa_types::inbound::{InteractiveReply, Message, MessageContent};
///
/// let message: Message = serde_json::from_str(r#"{"from": "919800000001", "id": "wamid.B", "type": "interactive",
///     "context": {"id": "wamid.A"},
///     "interactive": {"type": "button_reply", "button_reply": {"id": "yes", "title": "Yes, please"}}}"#)?;
/// let MessageContent::Interactive(interactive) = &message.content else { panic!("something else") };
/// match &interactive.reply {
///     InteractiveReply::ButtonReply(tap) => assert_eq!(tap.id.as_deref(), Some("yes")),
///     InteractiveReply::ListReply(row) => println!("{:?}", row.id),
///     other => println!("a {}", other.type_name()),
/// }
/// assert_eq!(message.replies_to().map(|id| id.as_str()), Some("wamid.A")); // the message with the buttons
/// # Ok::<(), serde_json::Error>(())
/// ```
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
/// For an example see [`Interactive`].
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
/// For an example see [`Interactive`].
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
/// ```
/// use kaleyra_wa_types::inbound::Message;
///
/// let message: Message = serde_json::from_str(r#"{"from": "919800000001", "id": "wamid.B", "type": "interactive",
///     "interactive": {"type": "list_reply",
///         "list_reply": {"id": "friday", "title": "Friday", "description": "9 to 17"}}}"#)?;
/// assert_eq!(message.content.payload(), Some("friday")); // what you gave the row
/// assert_eq!(message.content.text(), Some("Friday")); // what the user saw
/// # Ok::<(), serde_json::Error>(())
/// ```
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
/// ```
/// use kaleyra_wa_types::inbound::{CallPermission, CallPermissionReply, CallPermissionSource};
///
/// let reply: CallPermissionReply = serde_json::from_str(
///     r#"{"response": "accept", "expiration_timestamp": 1767830400, "response_source": "user_action"}"#,
/// )?;
/// assert_eq!(reply.response, Some(CallPermission::Accept));
/// assert_eq!(reply.expiration_timestamp.and_then(|end| end.unix_seconds()), Some(1_767_830_400));
/// assert_eq!(reply.response_source, Some(CallPermissionSource::UserAction));
/// # Ok::<(), serde_json::Error>(())
/// ```
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
///
/// ```
/// use kaleyra_wa_types::inbound::{CredentialId, PaymentMethod};
///
/// let paid: PaymentMethod = serde_json::from_str(r#"{"payment_method": "credit_card", "reference_id": "order-17",
///     "last_four_digits": "4242", "credential_id": "card-1"}"#)?;
/// assert_eq!(paid.reference_id.as_ref().map(|order| order.as_str()), Some("order-17"));
/// assert_eq!(paid.credential_id, Some(CredentialId::from("card-1")));
/// # Ok::<(), serde_json::Error>(())
/// ```
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
///
/// ```
/// use kaleyra_wa_types::inbound::{ListReply, ReplyId};
///
/// let row: ListReply = serde_json::from_str(r#"{"id": 17, "title": "Friday"}"#)?;
/// assert_eq!(row.id, Some(ReplyId::from("17")));
/// assert_eq!(row.id.as_deref(), Some("17"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
#[wire(text)]
pub struct ReplyId(LooseText);

/// The id of a stored card.
///
/// For an example see [`PaymentMethod`].
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct CredentialId(LooseText);

/// Whether a user lets the business call.
///
/// For an example see [`CallPermissionReply`].
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
///
/// For an example see [`CallPermissionReply`].
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
