//! `meta_object`: one change of Meta's webhook.

use super::{Contact, Decoded, Message, MetaError, Status};
use crate::PhoneNumberId;
use crate::messaging_object::MessagingProduct;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::open_set::open_set;

wire_object! {
    /// One change of Meta's webhook, without the `entry` and `changes` around it.
    #[derive(Default)]
    pub struct MetaObject {
        /// What the change is about; decides what `value` holds.
        pub field: Option<Field>,
        /// The change.
        pub value: Option<ChangeValue>,
    }
}

open_set! {
    /// What a change is about.
    pub enum Field {
        /// Messages that users wrote, and statuses of those that the business sent.
        Messages = "messages",
    }
}

wire_object! {
    /// What changed. For the field `messages` one or several of its arrays are filled; other fields have members of
    /// their own, which are in `unknown`.
    #[derive(Default)]
    pub struct ChangeValue {
        /// Always `whatsapp`.
        pub messaging_product: Option<MessagingProduct>,
        /// The business number that this happened to.
        pub metadata: Option<Metadata>,
        /// Who the users are.
        pub contacts: Vec<Decoded<Contact>>,
        /// What users wrote.
        pub messages: Vec<Decoded<Message>>,
        /// What became of messages that the business sent.
        pub statuses: Vec<Decoded<Status>>,
        /// Faults that belong to no single message.
        pub errors: Vec<Decoded<MetaError>>,
    }
}

wire_object! {
    /// The business number that a callback is about.
    pub struct Metadata {
        /// The number as WhatsApp shows it: digits, with `+`, or with blanks.
        pub display_phone_number: Option<String>,
        /// Meta's id of the number.
        pub phone_number_id: Option<PhoneNumberId>,
    }
}

deserialize_object!(ChangeValue, MetaObject, Metadata);
