//! A message that a user wrote.

use super::{HistoryContext, Identity, MessageContent, MetaError, Referral, ReferredProduct};
use crate::UnknownFields;
use crate::contacts::ContactOrigin;
use crate::wire::LooseText;
use crate::{InvalidPhoneNumber, MessageId, Recipient, TextOrObject, Timestamp, UserId, WaId};
use kaleyra_wa_derive::{StringId, Wire};

/// A message that a user wrote.
///
/// ```
/// use kaleyra_wa_types::Recipient;
/// use kaleyra_wa_types::inbound::Callback;
///
/// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {"messages": [
///     {"from": "919800000001", "id": "wamid.A", "timestamp": "1722863329", "type": "text", "text": {"body": "Hi"}}
/// ]}}}"#)?;
/// for message in callback.messages() {
///     assert_eq!(message.content.text(), Some("Hi"));
///     let user = message.reply_address()?; // where a reply goes to
///     assert_eq!(user, Recipient::try_from("+919800000001")?);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: *Reply - Media Message*, *Reaction Message*, *Interactive - Template Message*; Meta's *messages webhook*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Message {
    /// The user's number; missing where the user hides it.
    pub from: Option<WaId>,
    /// The user's business-scoped id.
    pub from_user_id: Option<UserId>,
    /// The user's id across the businesses of one owner, where that is enabled.
    pub from_parent_user_id: Option<UserId>,
    /// WhatsApp's id of this message: what a reply quotes, and what tells a repeated callback. Meta always sends it; where
    /// an intermediate sender lost it, it is [empty](MessageId::is_empty), and nobody can quote the message.
    pub id: MessageId,
    /// When the user sent it.
    pub timestamp: Option<Timestamp>,
    /// The group that it was written in.
    pub group_id: Option<GroupId>,
    /// The message that this one replies to, or that it was forwarded.
    pub context: Option<Context>,
    /// The advertisement or post that brought the user.
    pub referral: Option<Box<Referral>>,
    /// The state of the user's identity, where identity checks are on.
    pub identity: Option<Box<Identity>>,
    /// Why WhatsApp could not deliver the content.
    pub errors: Vec<MetaError>,
    /// Why a contact was shared, where a draft of February 2026 is in use; today it is in the contact.
    pub origin: Option<ContactOrigin>,
    /// Whom it was written to, on an echo of what the business wrote in its app.
    pub to: Option<WaId>,
    /// The same as a user id.
    pub to_user_id: Option<UserId>,
    /// The same as a parent user id.
    pub to_parent_user_id: Option<UserId>,
    /// What became of it, on a message of the chat history.
    pub history_context: Option<Box<HistoryContext>>,
    /// The writer's logical id, in feeds of Indian payment partners.
    pub from_logical_id: Option<LogicalId>,
    /// The addressee's logical id, in the same feeds.
    pub to_logical_id: Option<LogicalId>,
    /// A logical id, in the same feeds.
    pub logical_id: Option<LogicalId>,
    /// What the user wrote: `type`, and the field that it names.
    #[wire(flatten)]
    pub content: MessageContent,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What a message refers to.
///
/// ```
/// use kaleyra_wa_types::inbound::Message;
///
/// let message: Message = serde_json::from_str(r#"{"from": "919800000001", "id": "wamid.B", "type": "text",
///     "text": {"body": "Yes, @919800000002"},
///     "context": {"from": "15550000001", "id": "wamid.A", "mentions": ["919800000002", {"wa_id": "919800000003"}]}}"#)?;
/// let context = message.context.as_ref().ok_or("it refers to nothing")?;
/// assert_eq!(context.id.as_ref().map(|id| id.as_str()), Some("wamid.A"));
/// let numbers = context.mentions.iter().filter_map(|mention| {
///     mention.text().or_else(|| mention.object()?.wa_id.as_ref()) // a number, or an object with one
/// });
/// assert_eq!(numbers.map(|number| number.as_str()).collect::<Vec<_>>(), ["919800000002", "919800000003"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Context {
    /// Who wrote the message that this one replies to.
    pub from: Option<WaId>,
    /// The business-scoped id of who wrote it.
    pub from_user_id: Option<UserId>,
    /// The same for all portfolios of a business.
    pub from_parent_user_id: Option<UserId>,
    /// The message that this one replies to.
    pub id: Option<MessageId>,
    /// The same, in feeds that name it as requests do.
    pub message_id: Option<MessageId>,
    /// Whether the message was forwarded.
    pub forwarded: Option<bool>,
    /// Whether it was forwarded more than five times.
    pub frequently_forwarded: Option<bool>,
    /// The group that the message was written in.
    pub group_id: Option<GroupId>,
    /// Who is mentioned in the message: numbers or user ids.
    pub mentions: Vec<Mention>,
    /// The product that the message asks about.
    pub referred_product: Option<Box<ReferredProduct>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Who is mentioned in a message: a text, or an object.
pub type Mention = TextOrObject<WaId, MentionedUser>;

/// A user who is mentioned in a message.
///
/// For an example see [`Context`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct MentionedUser {
    /// The user's number, where it may be shared.
    pub wa_id: Option<WaId>,
    /// The user's business-scoped id.
    pub user_id: Option<UserId>,
    /// The same for all portfolios of a business.
    pub parent_user_id: Option<UserId>,
    /// The user's name, where there is one.
    pub username: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The id of a group.
///
/// ```
/// use kaleyra_wa_types::inbound::{GroupId, Message};
///
/// let message: Message = serde_json::from_str(r#"{"from": "919800000001", "group_id": "group-1", "id": "wamid.A",
///     "type": "text", "text": {"body": "Hi all"}}"#)?;
/// assert_eq!(message.group_id, Some(GroupId::from("group-1")));
/// assert_eq!(message.party().map(|party| party.key()), Some("group-1")); // the group's conversation
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct GroupId(LooseText);

/// The id of a person or business in feeds of Indian payment partners.
///
/// ```
/// use kaleyra_wa_types::inbound::{LogicalId, Message};
///
/// let message: Message = serde_json::from_str(r#"{"from_logical_id": "logical-1", "id": "wamid.A", "type": "text",
///     "text": {"body": "Hi"}}"#)?;
/// assert_eq!(message.from_logical_id, Some(LogicalId::from("logical-1")));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// It is personal data: `Debug` shows its last two characters only.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
#[wire(sensitive)]
pub struct LogicalId(LooseText);

/// Why a message can't be replied to: it has no sender, or one that is not a phone number.
///
/// ```
/// use kaleyra_wa_types::inbound::{Message, NoReplyAddress};
///
/// let nobody: Message = serde_json::from_str(r#"{"id": "wamid.A", "type": "text", "text": {"body": "Hi"}}"#)?;
/// assert_eq!(nobody.reply_address(), Err(NoReplyAddress::Missing));
/// let masked = Message::text("91XXXXXXXXXX", "Hi"); // as in the documentation
/// assert!(matches!(masked.reply_address(), Err(NoReplyAddress::Invalid(_))));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoReplyAddress {
    /// Neither `from` nor `from_user_id` is there.
    #[error("the message has neither `from` nor `from_user_id`, so there is nobody to reply to")]
    Missing,
    /// `from` is not a phone number, and there is no `from_user_id`.
    #[error("the message's `from` is {0}")]
    Invalid(#[source] InvalidPhoneNumber),
}

impl Message {
    /// Whom a reply goes to: the number, or the user id where the number is hidden.
    ///
    /// For a message that was written in a group this is its writer alone; to reply to the group, send to
    /// [`group_id`](Self::group_id).
    ///
    /// # Errors
    ///
    /// When the message names nobody that a message can be sent to.
    pub fn reply_address(&self) -> Result<Recipient, NoReplyAddress> {
        let user_id = self.from_user_id.as_ref();
        let user_id = user_id.or(self.from_parent_user_id.as_ref());
        match (&self.from, user_id) {
            (Some(from), user_id) => Recipient::try_from(from).or_else(|error| {
                user_id
                    .cloned()
                    .map(Recipient::User)
                    .ok_or(NoReplyAddress::Invalid(error))
            }),
            (None, Some(user_id)) => Ok(Recipient::User(user_id.clone())),
            (None, None) => Err(NoReplyAddress::Missing),
        }
    }

    /// The message that this one replies to, reacts to, edits or deletes.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::Message;
    ///
    /// let reply = Message::text("919800000001", "Yes").in_reply_to("wamid.A");
    /// assert_eq!(reply.replies_to().map(|id| id.as_str()), Some("wamid.A"));
    /// let thumb = Message::reaction("919800000001", "wamid.A", "👍");
    /// assert_eq!(thumb.replies_to(), reply.replies_to());
    /// ```
    pub fn replies_to(&self) -> Option<&MessageId> {
        match &self.content {
            MessageContent::Reaction(reaction) => reaction.message_id.as_ref(),
            MessageContent::Edit(edit) => edit.original_message_id.as_ref(),
            MessageContent::Revoke(revoke) => revoke.original_message_id.as_ref(),
            _ => {
                let context = self.context.as_ref()?;
                context.id.as_ref().or(context.message_id.as_ref())
            }
        }
    }
}
