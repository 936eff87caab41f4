//! What became of a message of the chat history.

use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::open_set::open_set;

wire_object! {
    /// What became of a message before its number came to the API.
    ///
    /// Source: Meta's *history webhook*.
    pub struct HistoryContext {
        /// What became of it. A business may only guess from it: the texts are upper case and their list is not complete.
        pub status: Option<HistoryStatus>,
    }
}

deserialize_object!(HistoryContext);

open_set! {
    /// What became of a message of the chat history.
    pub enum HistoryStatus {
        /// It reached the device.
        Delivered = "DELIVERED",
        /// It failed.
        Error = "ERROR",
        /// It is on its way.
        Pending = "PENDING",
        /// A voice note was played.
        Played = "PLAYED",
        /// It was seen.
        Read = "READ",
        /// WhatsApp has it.
        Sent = "SENT",
    }
}
