//! `standby` and `messaging_handovers`: conversations that another responder has, and handovers between them.

use kaleyra_wa_derive::{OpenEnum, Wire};
use serde_json::Value;

use super::AppId;
use super::BusinessId;
use super::view::{Faults, TypedView};
use crate::inbound::{
    Contact, ConversationContext, Decoded, DisplayPhoneNumber, Message, MetaError, Metadata, Status,
};
use crate::outbound::MessagingProduct;
use crate::{
    MessageId, PhoneNumberId, RawJson, TextOrObject, Timestamp, UnknownFields, UnknownText, UserId,
    WaId,
};

/// What goes on in a conversation while another responder, such as Meta's business agent, has it: to follow, not to respond.
///
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
///
/// ```
/// use kaleyra_wa_types::inbound::field::Standby;
///
/// let standby: Standby = serde_json::from_str(r#"{"standby": [{
///     "messages": [{"from": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "Is it in stock?"}}],
///     "message_echoes": [{"id": "wamid.B", "message": {"type": "text", "text": {"body": "It is."}}}]
/// }]}"#)?;
/// let events = standby.standby[0].typed().ok_or("malformed")?;
/// let asked = events.messages[0].typed().and_then(|message| message.content.text());
/// assert_eq!(asked, Some("Is it in stock?"));
/// let said = events.message_echoes[0].typed().and_then(|echo| echo.message.as_ref());
/// assert_eq!(said.and_then(|said| said.to_value()).ok_or("not said")?["text"]["body"], "It is.");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: Meta's *standby webhooks* (2026).
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Standby {
    /// Always `whatsapp`.
    pub messaging_product: Option<MessagingProduct>,
    /// The business number.
    pub metadata: Option<Metadata>,
    /// Who the users are, where given alongside.
    pub contacts: Vec<Decoded<Contact>>,
    /// What goes on. Some feeds have messages here: then they are in [`StandbyEvents::messages`] of the only element, or
    /// unknown.
    pub standby: Vec<Decoded<StandbyEvents>>,
    /// What users wrote, where given alongside.
    pub messages: Vec<Decoded<Message>>,
    /// What the responder sent, where given alongside.
    pub message_echoes: Vec<Decoded<StandbyEcho>>,
    /// What became of it, where given alongside.
    pub statuses: Vec<Decoded<Status>>,
    /// Errors that belong to no single message.
    pub errors: Vec<Decoded<MetaError>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What goes on in a conversation that another responder has.
///
/// For an example see [`Standby`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct StandbyEvents {
    /// Who the users are.
    pub contacts: Vec<Decoded<Contact>>,
    /// What users wrote.
    pub messages: Vec<Decoded<Message>>,
    /// What the responder sent.
    pub message_echoes: Vec<Decoded<StandbyEcho>>,
    /// What became of what the responder sent.
    pub statuses: Vec<Decoded<Status>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A message that another responder sent.
///
/// For an example see [`Standby`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct StandbyEcho {
    /// WhatsApp's id of the message.
    pub id: Option<MessageId>,
    /// When it was sent.
    pub timestamp: Option<Timestamp>,
    /// The message as it was sent: [`outbound::decode`](crate::outbound::decode) reads its text.
    pub message: Option<RawJson>,
    /// The template that it is made of.
    pub template: Option<RawJson>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A conversation has another owner.
///
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
///
/// ```
/// use kaleyra_wa_types::inbound::field::{HandoverType, MessagingHandovers};
///
/// let change: MessagingHandovers = serde_json::from_str(r#"{"type": "control_passed", "timestamp": "1767225600",
///     "recipient": {"display_phone_number": "15550000001", "phone_number_id": "400000000000001"},
///     "sender": {"phone_number": "919800000001"},
///     "control_passed": {"previous_owner_role": "ai_agent", "new_owner_role": "escalation",
///         "conversation_context": {"type": "summary", "summary": {"text": "Asks for a refund."}}}}"#)?;
/// assert_eq!(change.kind, Some(HandoverType::ControlPassed)); // the conversation is yours now
/// let user = change.sender.and_then(|sender| sender.phone_number).ok_or("hidden")?;
/// assert_eq!(user.as_str(), "919800000001");
/// let handover = change.control_passed.ok_or("not passed")?;
/// assert_eq!(handover.previous_owner_role.as_deref(), Some("ai_agent"));
/// let context = handover.conversation_context.and_then(|context| context.summary);
/// assert_eq!(context.and_then(|summary| summary.text).as_deref(), Some("Asks for a refund."));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: Meta's *`messaging_handovers` webhook reference* (2026); earlier shapes as recorded.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct MessagingHandovers {
    /// Always `whatsapp`.
    pub messaging_product: Option<MessagingProduct>,
    /// The business number, where given as in other changes.
    pub metadata: Option<Metadata>,
    /// The business number.
    pub recipient: Option<HandoverRecipient>,
    /// The user.
    pub sender: Option<HandoverSender>,
    /// Who the users are.
    pub contacts: Vec<Decoded<Contact>>,
    /// When, in seconds since 1970-01-01 UTC.
    pub timestamp: Option<Timestamp>,
    /// What happened.
    #[wire(name = "type")]
    pub kind: Option<HandoverType>,
    /// The business is the owner now.
    pub control_passed: Option<Handover>,
    /// Another is the owner now.
    pub control_taken: Option<Handover>,
    /// What was said before.
    pub conversation_context: Option<ConversationContext>,
    /// The handovers, in feeds that have a list of them.
    pub messaging_handovers: Vec<Decoded<HandoverEvent>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The business number of a handover.
///
/// ```
/// use kaleyra_wa_types::PhoneNumberId;
/// use kaleyra_wa_types::inbound::field::HandoverRecipient;
///
/// let number: HandoverRecipient =
///     serde_json::from_str(r#"{"display_phone_number": "15550000001", "phone_number_id": "400000000000001"}"#)?;
/// assert_eq!(number.phone_number_id, Some(PhoneNumberId::from("400000000000001")));
/// assert_eq!(number.display_phone_number.as_deref(), Some("15550000001"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct HandoverRecipient {
    /// The number as WhatsApp shows it.
    pub display_phone_number: Option<DisplayPhoneNumber>,
    /// Meta's id of the number.
    pub phone_number_id: Option<PhoneNumberId>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The user of a handover.
///
/// For an example see [`MessagingHandovers`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct HandoverSender {
    /// The user's number, where it may be shared.
    #[wire(alias = "wa_id")]
    pub phone_number: Option<WaId>,
    /// The user's business-scoped id.
    pub user_id: Option<UserId>,
    /// The same for all portfolios of a business.
    pub parent_user_id: Option<UserId>,
    /// The user's name, where there is one.
    pub username: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The previous and the new owner of a conversation.
///
/// For an example see [`MessagingHandovers`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Handover {
    /// The role of the previous owner, such as `ai_agent`.
    #[wire(alias = "previous_owner_app_role")]
    pub previous_owner_role: Option<String>,
    /// The role of the new owner, such as `escalation`.
    #[wire(alias = "new_owner_app_role")]
    pub new_owner_role: Option<String>,
    /// The app of the previous owner.
    pub previous_owner_app_id: Option<AppId>,
    /// The app of the new owner.
    pub new_owner_app_id: Option<AppId>,
    /// The business of the previous owner.
    pub previous_owner_business_id: Option<BusinessId>,
    /// The previous owner, in feeds that have one object for it.
    pub previous_owner: Option<HandoverOwner>,
    /// The new owner, in feeds that have one object for it.
    pub new_owner: Option<HandoverOwner>,
    /// What the previous owner says about it; some write JSON.
    pub metadata: Option<TextOrObject<String, Value>>,
    /// What was said before.
    pub conversation_context: Option<ConversationContext>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// An owner of a conversation.
///
/// ```
/// use kaleyra_wa_types::inbound::field::Handover;
///
/// let handover: Handover = serde_json::from_str(
///     r#"{"new_owner": {"app_id": "400000000000001", "app_role": "escalation", "business_id": "400000000000002"}}"#,
/// )?;
/// let owner = handover.new_owner.ok_or("it is given by fields of its own")?;
/// assert_eq!(owner.app_role.as_deref(), Some("escalation"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct HandoverOwner {
    /// The app.
    pub app_id: Option<AppId>,
    /// Its role.
    pub app_role: Option<String>,
    /// Its business.
    pub business_id: Option<BusinessId>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A handover, in feeds that have a list of them.
///
/// ```
/// use kaleyra_wa_types::inbound::field::MessagingHandovers;
///
/// let change: MessagingHandovers = serde_json::from_str(r#"{"messaging_handovers": [
///     {"id": "handover-1", "event_type": "control_passed", "wa_id": "919800000001", "new_owner": {"app_role": "escalation"}}
/// ]}"#)?;
/// let handover = change.messaging_handovers[0].typed().ok_or("malformed")?;
/// assert_eq!(handover.event.as_deref(), Some("control_passed")); // under any of its names
/// assert_eq!(handover.wa_id.as_ref().map(|user| user.as_str()), Some("919800000001"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct HandoverEvent {
    /// The id of the handover.
    pub id: Option<String>,
    /// What happened.
    #[wire(alias = "event_type", alias = "type")]
    pub event: Option<String>,
    /// When, in seconds since 1970-01-01 UTC.
    pub timestamp: Option<Timestamp>,
    /// The conversation.
    pub conversation_id: Option<String>,
    /// The user's number, where it may be shared.
    pub wa_id: Option<WaId>,
    /// The user's business-scoped id.
    pub user_id: Option<UserId>,
    /// The same for all portfolios of a business.
    pub parent_user_id: Option<UserId>,
    /// The user's name, where there is one.
    pub username: Option<String>,
    /// The previous owner.
    pub previous_owner: Option<RawJson>,
    /// The new owner.
    pub new_owner: Option<RawJson>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What happened to the ownership of a conversation.
///
/// For an example see [`MessagingHandovers`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum HandoverType {
    /// `control_passed`. It was passed to the receiver of this callback.
    ControlPassed,
    /// `control_taken`. It was taken from the receiver of this callback.
    ControlTaken,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl TypedView for Standby {
    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("contacts", &self.contacts);
        faults.elements("standby", &self.standby);
        faults.elements("messages", &self.messages);
        faults.elements("message_echoes", &self.message_echoes);
        faults.elements("statuses", &self.statuses);
        faults.elements("errors", &self.errors);
    }
}

impl TypedView for StandbyEvents {
    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("contacts", &self.contacts);
        faults.elements("messages", &self.messages);
        faults.elements("message_echoes", &self.message_echoes);
        faults.elements("statuses", &self.statuses);
    }
}

impl TypedView for MessagingHandovers {
    fn is_known(&self) -> bool {
        !matches!(self.kind, Some(HandoverType::Unknown(_)))
    }

    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("contacts", &self.contacts);
        faults.elements("messaging_handovers", &self.messaging_handovers);
    }
}

impl TypedView for StandbyEcho {}
impl TypedView for HandoverEvent {}
