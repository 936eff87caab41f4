//! `history`: the chats of a number from before it was connected.

use super::Elements;
use super::view::{Faults, View};
use crate::callback::{Contact, Message, MetaError, Metadata};
use crate::messaging_object::MessagingProduct;
use crate::wire::object::{deserialize_object, wire_object};
use crate::{Number, UserId, WaId};

wire_object! {
    /// Chats of a number that is used in the WhatsApp Business app too, from before it was connected.
    ///
    /// They come in chunks; files of their messages come later, in `messages` and `message_echoes`.
    ///
    /// Source: Meta's *history* webhook reference.
    pub struct History {
        /// Always `whatsapp`.
        pub messaging_product: Option<MessagingProduct>,
        /// The business number.
        pub metadata: Option<Metadata>,
        /// Who the users are.
        pub contacts: Elements<Contact>,
        /// The chunks.
        pub history: Elements<HistoryChunk>,
        /// Files that users had sent.
        pub messages: Elements<Message>,
        /// Files that the business had sent.
        pub message_echoes: Elements<Message>,
        /// Why there is no history.
        pub errors: Elements<MetaError>,
    }
}

wire_object! {
    /// A part of the history.
    pub struct HistoryChunk {
        /// Which part it is.
        pub metadata: Option<HistoryMetadata>,
        /// The chats.
        pub threads: Elements<Thread>,
        /// Why there is no history.
        pub errors: Vec<MetaError>,
    }
}

wire_object! {
    /// Which part of the history it is.
    pub struct HistoryMetadata {
        /// How old the messages are: `0` up to a day, `1` up to 90 days, `2` up to 180 days.
        pub phase: Option<Number>,
        /// The place of this chunk in its phase; chunks may come out of order.
        pub chunk_order: Option<Number>,
        /// How much of the history has come, in per cent.
        pub progress: Option<Number>,
    }
}

wire_object! {
    /// The chat with one user.
    pub struct Thread {
        /// The user's number; missing where the user hides it.
        pub id: Option<WaId>,
        /// Who the user is.
        pub context: Option<ThreadContext>,
        /// What both wrote, each with its `history_context`: what became of it. A file stands as the type
        /// `media_placeholder` first.
        pub messages: Elements<Message>,
    }
}

wire_object! {
    /// Who the user of a chat is.
    pub struct ThreadContext {
        /// The user's number, where it may be shared.
        pub wa_id: Option<WaId>,
        /// The user's business-scoped id.
        pub user_id: Option<UserId>,
        /// The same for all portfolios of a business.
        pub parent_user_id: Option<UserId>,
        /// The user's name, where there is one.
        pub username: Option<String>,
    }
}

deserialize_object!(
    History,
    HistoryChunk,
    HistoryMetadata,
    Thread,
    ThreadContext,
);

impl History {
    /// Whether the business did not want to share its history (error 2593109).
    pub fn is_declined(&self) -> bool {
        let in_chunks = self.history.typed().flat_map(|chunk| &chunk.errors);
        let mut errors = self.errors.typed().chain(in_chunks);
        errors.any(|error| {
            error
                .code
                .as_ref()
                .is_some_and(|code| code.as_str() == "2593109")
        })
    }
}

impl View for History {
    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("contacts", &self.contacts);
        faults.elements("history", &self.history);
        faults.elements("messages", &self.messages);
        faults.elements("message_echoes", &self.message_echoes);
        faults.elements("errors", &self.errors);
    }
}

impl View for HistoryChunk {
    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("threads", &self.threads);
    }
}

impl View for Thread {
    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("messages", &self.messages);
    }
}

impl View for Message {}
