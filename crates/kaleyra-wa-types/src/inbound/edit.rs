//! Messages that a user edited or deleted.

use super::{Context, MessageContent};
use crate::MessageId;
use crate::UnknownFields;
use kaleyra_wa_derive::Wire;

/// A user edited an earlier message, within 15 minutes.
///
/// ```
/// use kaleyra_wa_types::inbound::{Message, MessageContent};
///
/// let message: Message = serde_json::from_str(r#"{"from": "919800000001", "id": "wamid.B", "type": "edit",
///     "edit": {"original_message_id": "wamid.A", "message": {"type": "text", "text": {"body": "Two, please"}}}}"#)?;
/// let MessageContent::Edit(edit) = &message.content else { panic!("something else") };
/// let now = edit.message.as_ref().and_then(|edited| edited.content.text());
/// assert_eq!(now, Some("Two, please"));
/// assert_eq!(message.replies_to().map(|id| id.as_str()), Some("wamid.A")); // what it said before
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// A test makes one:
///
/// ```
/// use kaleyra_wa_types::inbound::{Edit, Message};
///
/// let message = Message::new("919800000001", Edit::new("wamid.A", "Two, please"));
/// assert_eq!(message.content.type_name(), "edit");
/// ```
///
/// Source: Meta's *edit messages*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Edit {
    /// The message that was edited.
    pub original_message_id: Option<MessageId>,
    /// What it says now.
    pub message: Option<Box<EditedMessage>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The new content of an edited message.
///
/// For an example see [`Edit`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct EditedMessage {
    /// The message that it replies to.
    pub context: Option<Context>,
    /// What it says: `type`, and the field that it names.
    #[wire(flatten)]
    pub content: MessageContent,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A user deleted an earlier message, within two days.
///
/// ```
/// use kaleyra_wa_types::inbound::{Message, MessageContent};
///
/// let message: Message = serde_json::from_str(
///     r#"{"from": "919800000001", "id": "wamid.B", "type": "revoke", "revoke": {"original_message_id": "wamid.A"}}"#,
/// )?;
/// let MessageContent::Revoke(revoke) = &message.content else { panic!("something else") };
/// assert_eq!(revoke.original_message_id.as_ref().map(|id| id.as_str()), Some("wamid.A"));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's *revoke messages*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Revoke {
    /// The message that was deleted.
    pub original_message_id: Option<MessageId>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}
