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
/// They come as a [`FieldChange`](crate::inbound::FieldChange); read by themselves:
///
/// ```
/// use kaleyra_wa_types::inbound::field::SmbMessageEchoes;
///
/// let echoes: SmbMessageEchoes = serde_json::from_str(r#"{"message_echoes": [
///     {"from": "15550000001", "to": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "It is in stock."}}
/// ]}"#)?;
/// let echo = echoes.message_echoes[0].typed().ok_or("malformed")?;
/// let user = echo.addressee().ok_or("to nobody")?; // not `party`: that is the business here
/// assert_eq!(user.key(), "919800000001");
/// assert_eq!(echo.content.text(), Some("It is in stock."));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
///
/// ```
/// use kaleyra_wa_types::inbound::field::{SmbAppStateSync, StateSyncAction};
///
/// let sync: SmbAppStateSync = serde_json::from_str(r#"{"state_sync": [{"type": "contact", "action": "add",
///     "contact": {"full_name": "Asha Example", "phone_number": "919800000001"}, "metadata": {"timestamp": "1767225600"}}]}"#)?;
/// let change = sync.state_sync[0].typed().ok_or("malformed")?;
/// assert_eq!(change.action, Some(StateSyncAction::Add));
/// let contact = change.contact.as_ref().ok_or("no contact")?;
/// assert_eq!(contact.full_name.as_deref(), Some("Asha Example"));
/// let when = change.metadata.as_ref().and_then(|metadata| metadata.timestamp.as_ref()?.unix_seconds());
/// assert_eq!(when, Some(1_767_225_600));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
///
/// For an example see [`SmbAppStateSync`].
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
    /// When, in seconds since 1970-01-01 UTC.
    pub metadata: Option<SyncMetadata>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A contact as the app's address book has it.
///
/// For an example see [`SmbAppStateSync`].
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
///
/// For an example see [`SmbAppStateSync`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct SyncMetadata {
    /// When, in seconds since 1970-01-01 UTC.
    pub timestamp: Option<Timestamp>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What became of a contact.
///
/// For an example see [`SmbAppStateSync`].
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
