//! What became of a message.

use super::field::TemplateId;
use super::{Conversation, GroupId, MetaError, Payment, Pricing, Stage, StatusName};
use crate::UnknownFields;
use crate::UnknownText;
use crate::outbound::RecipientType;
use crate::{MessageId, Timestamp, UserId, WaId};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// What became of a message that the business sent; also of a call that it made and of a payment that it asked for.
///
/// Statuses come late, twice and out of order: [`Progress`](super::Progress) puts them together. `delivered` is
/// left out when the chat is open, and a reaction gives `sent` only.
///
/// ```
/// use kaleyra_wa_types::inbound::{Callback, Stage};
///
/// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {"statuses": [
///     {"id": "wamid.A", "status": "failed", "timestamp": "1722863329", "recipient_id": "919800000001",
///      "errors": [{"code": 131047, "title": "Re-engagement message"}]}
/// ]}}, "extra_info": {"ref": "order-17"}}"#)?;
/// let status = callback.statuses().next().ok_or("no status")?;
/// assert_eq!(status.stage(), Some(Stage::Failed));
/// assert_eq!(status.timestamp.as_ref().and_then(|when| when.unix_seconds()), Some(1_722_863_329));
/// assert_eq!(status.errors[0].code.as_ref().map(|code| code.as_str()), Some("131047"));
/// // The reference says which message it was: it is beside the statuses.
/// let reference = callback.extra_info.as_ref().and_then(|extra| extra.reference.as_deref());
/// assert_eq!(reference, Some("order-17"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: *Sent*, status update webhook payload; Meta's *status messages webhook*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Status {
    /// An id of the message. Meta puts the wamid here; Kaleyra's sample has another id. A call's begins with `wacid.`.
    pub id: Option<MessageId>,
    /// What became of it.
    pub status: Option<StatusName>,
    /// When, in seconds since 1970-01-01 UTC.
    pub timestamp: Option<Timestamp>,
    /// What it is about; a message where it is missing.
    #[wire(name = "type")]
    pub kind: Option<StatusType>,
    /// The number or group that it was sent to; missing where the number is hidden. Kaleyra's profiles name it
    /// `phone_number`.
    #[wire(alias = "phone_number")]
    pub recipient_id: Option<WaId>,
    /// The user id that it was sent to.
    pub recipient_user_id: Option<UserId>,
    /// The group that it was sent to, in feeds that have a field of its own for it.
    pub group_id: Option<GroupId>,
    /// The template that it was made of.
    pub template_id: Option<TemplateId>,
    /// `group` for a group; missing otherwise.
    pub recipient_type: Option<RecipientType>,
    /// The user id of the person in the group.
    pub recipient_participant_user_id: Option<UserId>,
    /// The parent user id of the person in the group.
    pub recipient_participant_parent_user_id: Option<UserId>,
    /// The hash of the recipient's identity, where identity checks are on.
    pub recipient_identity_key_hash: Option<String>,
    /// What the sender gave in `biz_opaque_callback_data`.
    pub biz_opaque_callback_data: Option<String>,
    /// The conversation that the message was billed with, up to v23.
    pub conversation: Option<Box<Conversation>>,
    /// What is billed; once per message, with `sent` or with `delivered` or `read`.
    pub pricing: Option<Box<Pricing>>,
    /// The payment, for the type `payment`.
    pub payment: Option<Box<Payment>>,
    /// Why it failed.
    pub errors: Vec<MetaError>,
    /// The recipient once more, on very old feeds.
    pub message: Option<StatusMessage>,
    /// The user's id across the businesses of one owner. It was `parent_user_id` and then `parent_recipient_user_id` in
    /// drafts up to April 2026.
    #[wire(alias = "parent_recipient_user_id", alias = "parent_user_id")]
    pub recipient_parent_user_id: Option<UserId>,
    /// The number of the person in the group, which the page on groups once prints as `participant_recipient_id`.
    #[wire(alias = "participant_recipient_id")]
    pub recipient_participant_id: Option<WaId>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The recipient, as very old feeds repeat it.
///
/// ```
/// use kaleyra_wa_types::inbound::Status;
///
/// let status: Status =
///     serde_json::from_str(r#"{"id": "wamid.A", "status": "read", "message": {"recipient_id": "919800000001"}}"#)?;
/// let recipient = status.message.as_ref().and_then(|message| message.recipient_id.as_ref());
/// assert_eq!(recipient.map(|number| number.as_str()), Some("919800000001"));
/// assert_eq!(status.party().map(|party| party.key()), Some("919800000001")); // wherever it is
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct StatusMessage {
    /// The number that the message was sent to.
    pub recipient_id: Option<WaId>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What a status is about.
///
/// ```
/// use kaleyra_wa_types::inbound::{Status, StatusType};
///
/// let call: Status = serde_json::from_str(r#"{"id": "wacid.A", "status": "RINGING", "type": "call"}"#)?;
/// assert_eq!(call.kind, Some(StatusType::Call));
/// assert_eq!(call.stage(), None); // it is no message
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum StatusType {
    /// `call`. A call.
    Call,
    /// `message`. A message.
    Message,
    /// `payment`. A payment.
    Payment,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl Status {
    /// How far the message has come; `None` for the status of a call or a payment, and for one that says nothing of it.
    pub fn stage(&self) -> Option<Stage> {
        match &self.kind {
            Some(StatusType::Call | StatusType::Payment) => None,
            _ => self.status.as_ref()?.stage(),
        }
    }
}
