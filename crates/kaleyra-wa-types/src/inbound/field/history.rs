//! `history`: the chats of a number from before it was connected.

use super::view::{Faults, TypedView};
use crate::UnknownFields;
use crate::inbound::Decoded;
use crate::inbound::{Contact, Message, MetaError, Metadata};
use crate::outbound::MessagingProduct;
use crate::{Number, UserId, WaId};
use kaleyra_wa_derive::Wire;

/// Chats of a number that is used in the WhatsApp Business app too, from before it was connected.
///
/// They come in chunks; files of their messages come later, in `messages` and `message_echoes`.
///
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
///
/// ```
/// use kaleyra_wa_types::inbound::field::History;
///
/// let history: History = serde_json::from_str(r#"{"history": [{
///     "metadata": {"phase": 0, "chunk_order": 1, "progress": 55},
///     "threads": [{"id": "919800000001", "context": {"wa_id": "919800000001"}, "messages": [
///         {"from": "919800000001", "id": "wamid.A", "timestamp": "1767225600", "type": "text", "text": {"body": "Hi"},
///          "history_context": {"status": "READ"}}
///     ]}]
/// }]}"#)?;
/// for chunk in history.history.iter().filter_map(|chunk| chunk.typed()) {
///     let percent = chunk.metadata.as_ref().and_then(|part| part.progress.as_ref()?.as_i64());
///     assert_eq!(percent, Some(55));
///     for thread in chunk.threads.iter().filter_map(|thread| thread.typed()) {
///         assert_eq!(thread.id.as_ref().map(|user| user.as_str()), Some("919800000001"));
///         let messages = thread.messages.iter().filter_map(|message| message.typed());
///         assert_eq!(messages.filter_map(|message| message.content.text()).collect::<Vec<_>>(), ["Hi"]);
///     }
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's *history* webhook reference.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct History {
    /// Always `whatsapp`.
    pub messaging_product: Option<MessagingProduct>,
    /// The business number.
    pub metadata: Option<Metadata>,
    /// Who the users are.
    pub contacts: Vec<Decoded<Contact>>,
    /// The chunks.
    pub history: Vec<Decoded<HistoryChunk>>,
    /// Files that users had sent.
    pub messages: Vec<Decoded<Message>>,
    /// Files that the business had sent.
    pub message_echoes: Vec<Decoded<Message>>,
    /// Why there is no history.
    pub errors: Vec<Decoded<MetaError>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A part of the history.
///
/// For an example see [`History`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct HistoryChunk {
    /// Which part it is.
    pub metadata: Option<HistoryMetadata>,
    /// The chats.
    pub threads: Vec<Decoded<Thread>>,
    /// Why there is no history.
    pub errors: Vec<MetaError>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Which part of the history it is.
///
/// For an example see [`History`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct HistoryMetadata {
    /// How old the messages are: `0` up to a day, `1` up to 90 days, `2` up to 180 days.
    pub phase: Option<Number>,
    /// The place of this chunk in its phase; chunks may come out of order.
    pub chunk_order: Option<Number>,
    /// How much of the history has come, in percent.
    pub progress: Option<Number>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The chat with one user.
///
/// For an example see [`History`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Thread {
    /// The user's number; missing where it is hidden.
    pub id: Option<WaId>,
    /// Who the user is.
    pub context: Option<ThreadContext>,
    /// What both wrote, each with its `history_context`: what became of it. A file first appears as the type
    /// `media_placeholder`.
    pub messages: Vec<Decoded<Message>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Who the user of a chat is.
///
/// For an example see [`History`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ThreadContext {
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

impl History {
    /// Whether the business did not want to share its history (error 2593109).
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::field::History;
    ///
    /// let history: History = serde_json::from_str(r#"{"history": [{"errors": [{"code": 2593109}]}]}"#)?;
    /// assert!(history.is_declined()); // no chunk will follow
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn is_declined(&self) -> bool {
        let in_chunks = self
            .history
            .iter()
            .filter_map(Decoded::typed)
            .flat_map(|chunk| &chunk.errors);
        let mut errors = self
            .errors
            .iter()
            .filter_map(Decoded::typed)
            .chain(in_chunks);
        errors.any(|error| {
            error
                .code
                .as_ref()
                .is_some_and(|code| code.as_str() == "2593109")
        })
    }
}

impl TypedView for History {
    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("contacts", &self.contacts);
        faults.elements("history", &self.history);
        faults.elements("messages", &self.messages);
        faults.elements("message_echoes", &self.message_echoes);
        faults.elements("errors", &self.errors);
    }
}

impl TypedView for HistoryChunk {
    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("threads", &self.threads);
    }
}

impl TypedView for Thread {
    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("messages", &self.messages);
    }
}

impl TypedView for Message {}
