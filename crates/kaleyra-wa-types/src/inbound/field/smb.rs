//! `smb_message_echoes` and `smb_app_state_sync`: a number that is used in the WhatsApp Business app too.

use super::view::{Faults, TypedView};
use crate::UnknownFields;
use crate::UnknownText;
use crate::inbound::Decoded;
use crate::inbound::{Contact, Message, Metadata};
use crate::outbound::MessagingProduct;
use crate::{Timestamp, UserId, WaId};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// What the business wrote in the app: messages as users' messages are, with `to` for the user.
///
/// For an example see [`FieldChange`](crate::inbound::FieldChange).
///
/// Source: Meta's `smb_message_echoes` webhook reference.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct SmbMessageEchoes {
    /// Always `whatsapp`.
    pub messaging_product: Option<MessagingProduct>,
    /// The business number.
    pub metadata: Option<Metadata>,
    /// Who the users are.
    pub contacts: Vec<Decoded<Contact>>,
    /// The messages.
    pub message_echoes: Vec<Decoded<Message>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The contacts in the app.
///
/// For an example see [`FieldChange`](crate::inbound::FieldChange).
///
/// Source: Meta's `smb_app_state_sync` webhook reference.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct SmbAppStateSync {
    /// Always `whatsapp`.
    pub messaging_product: Option<MessagingProduct>,
    /// The business number.
    pub metadata: Option<Metadata>,
    /// What changed.
    pub state_sync: Vec<Decoded<StateSync>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A contact in the app that is new, changed or gone.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct StateSync {
    /// Always `contact`.
    #[wire(name = "type")]
    pub kind: Option<String>,
    /// The contact.
    pub contact: Option<SyncedContact>,
    /// What became of it.
    pub action: Option<StateSyncAction>,
    /// When.
    pub metadata: Option<SyncMetadata>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A contact as the app's address book has it.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
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
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// When a contact changed.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct SyncMetadata {
    /// When.
    pub timestamp: Option<Timestamp>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What became of a contact.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum StateSyncAction {
    /// `add`. It is new or changed.
    Add,
    /// `remove`. It is gone.
    Remove,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl TypedView for SmbMessageEchoes {
    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("contacts", &self.contacts);
        faults.elements("message_echoes", &self.message_echoes);
    }
}

impl TypedView for SmbAppStateSync {
    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("state_sync", &self.state_sync);
    }
}

impl TypedView for StateSync {}
