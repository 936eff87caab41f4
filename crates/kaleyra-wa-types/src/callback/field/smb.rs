//! `smb_message_echoes` and `smb_app_state_sync`: a number that is used in the WhatsApp Business app too.

use super::Elements;
use super::view::{Faults, View};
use crate::callback::{Contact, Message, Metadata};
use crate::messaging_object::MessagingProduct;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::open_set::open_set;
use crate::{Timestamp, UserId, WaId};

wire_object! {
    /// What the business wrote in the app: messages as users' messages are, with `to` for the user.
    ///
    /// Source: Meta's `smb_message_echoes` webhook reference.
    pub struct SmbMessageEchoes {
        /// Always `whatsapp`.
        pub messaging_product: Option<MessagingProduct>,
        /// The business number.
        pub metadata: Option<Metadata>,
        /// Who the users are.
        pub contacts: Elements<Contact>,
        /// The messages.
        pub message_echoes: Elements<Message>,
    }
}

wire_object! {
    /// The contacts in the app.
    ///
    /// Source: Meta's `smb_app_state_sync` webhook reference.
    pub struct SmbAppStateSync {
        /// Always `whatsapp`.
        pub messaging_product: Option<MessagingProduct>,
        /// The business number.
        pub metadata: Option<Metadata>,
        /// What changed.
        pub state_sync: Elements<StateSync>,
    }
}

wire_object! {
    /// A contact in the app that is new, changed or gone.
    pub struct StateSync {
        /// Always `contact`.
        pub kind as "type": Option<String>,
        /// The contact.
        pub contact: Option<SyncedContact>,
        /// What became of it.
        pub action: Option<StateSyncAction>,
        /// When.
        pub metadata: Option<SyncMetadata>,
    }
}

wire_object! {
    /// A contact as the app's address book has it.
    pub struct SyncedContact {
        /// The whole name; missing where the contact is gone.
        pub full_name: Option<String>,
        /// The first name; missing where the contact is gone.
        pub first_name: Option<String>,
        /// The number, where it may be shared.
        pub phone_number: Option<WaId>,
        /// The business-scoped id.
        pub user_id: Option<UserId>,
        /// The same for all portfolios of a business.
        pub parent_user_id: Option<UserId>,
        /// The user's name, where there is one.
        pub username: Option<String>,
    }
}

wire_object! {
    /// When a contact changed.
    pub struct SyncMetadata {
        /// When.
        pub timestamp: Option<Timestamp>,
    }
}

deserialize_object!(
    SmbAppStateSync,
    SmbMessageEchoes,
    StateSync,
    SyncMetadata,
    SyncedContact
);

open_set! {
    /// What became of a contact.
    pub enum StateSyncAction {
        /// It is new or changed.
        Add = "add",
        /// It is gone.
        Remove = "remove",
    }
}

impl View for SmbMessageEchoes {
    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("contacts", &self.contacts);
        faults.elements("message_echoes", &self.message_echoes);
    }
}

impl View for SmbAppStateSync {
    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("state_sync", &self.state_sync);
    }
}

impl View for StateSync {}
