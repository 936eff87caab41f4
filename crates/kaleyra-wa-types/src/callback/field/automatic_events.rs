//! `automatic_events`: leads and purchases that Meta saw in chats that an ad began.

use super::Elements;
use super::view::{Faults, View, all_known};
use crate::callback::Metadata;
use crate::messaging_object::MessagingProduct;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::open_set::open_set;
use crate::{MessageId, Number, Timestamp};

wire_object! {
    /// Leads and purchases that Meta saw in chats that an ad began.
    ///
    /// Source: Meta's `automatic_events` webhook reference.
    pub struct AutomaticEvents {
        /// Always `whatsapp`.
        pub messaging_product: Option<MessagingProduct>,
        /// The business number that this happened to.
        pub metadata: Option<Metadata>,
        /// What Meta saw.
        pub automatic_events: Elements<AutomaticEvent>,
    }
}

wire_object! {
    /// A lead or a purchase.
    pub struct AutomaticEvent {
        /// The message that shows it.
        pub id: Option<MessageId>,
        /// What it is.
        pub event_name: Option<AutomaticEventName>,
        /// When.
        pub timestamp: Option<Timestamp>,
        /// The click on the ad.
        pub ctwa_clid: Option<String>,
        /// What was paid, for a purchase.
        pub custom_data: Option<PurchaseData>,
    }
}

wire_object! {
    /// What a purchase was worth.
    pub struct PurchaseData {
        /// The currency, three letters.
        pub currency: Option<String>,
        /// The amount.
        pub value: Option<Number>,
    }
}

deserialize_object!(AutomaticEvent, AutomaticEvents, PurchaseData);

open_set! {
    /// What Meta saw.
    pub enum AutomaticEventName {
        /// The user may become a customer.
        LeadSubmitted = "LeadSubmitted",
        /// The user bought something.
        Purchase = "Purchase",
    }
}

impl View for AutomaticEvents {
    fn is_known(&self) -> bool {
        all_known(&self.automatic_events)
    }

    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("automatic_events", &self.automatic_events);
    }
}

impl View for AutomaticEvent {
    fn is_known(&self) -> bool {
        !matches!(self.event_name, Some(AutomaticEventName::Unknown(_)))
    }
}
