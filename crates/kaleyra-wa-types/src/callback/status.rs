//! What became of a message.

use super::MetaError;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::open_set::open_set;
use crate::{MessageId, Timestamp, UserId, WaId};

wire_object! {
    /// What became of a message that the business sent.
    ///
    /// Statuses come late, twice and out of order.
    ///
    /// Source: *Sent*, status update webhook payload.
    pub struct Status {
        /// An id of the message. Meta puts the wamid here; Kaleyra's sample has another id.
        pub id: Option<MessageId>,
        /// What became of it.
        pub status: Option<StatusName>,
        /// When.
        pub timestamp: Option<Timestamp>,
        /// The number that it was sent to; missing where the user hides it.
        pub recipient_id: Option<WaId>,
        /// The user id that it was sent to.
        pub recipient_user_id: Option<UserId>,
        /// Why it failed.
        pub errors: Vec<MetaError>,
    }
}

deserialize_object!(Status);

open_set! {
    /// What became of a message.
    pub enum StatusName {
        /// It reached the user's device.
        Delivered = "delivered",
        /// It will not be delivered; `errors` says why.
        Failed = "failed",
        /// Kaleyra stopped it before it went to WhatsApp.
        NotSent = "not sent",
        /// A voice note was played.
        Played = "played",
        /// The user saw it.
        Read = "read",
        /// WhatsApp has it.
        Sent = "sent",
    }
}
