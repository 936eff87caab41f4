//! Who a user is.

use super::HasEvents;
use crate::UnknownFields;
use crate::{UserId, WaId};
use kaleyra_wa_derive::Wire;

/// A user of WhatsApp: a number, or a user id where the number is hidden, and the name of the profile.
///
/// ```
/// use kaleyra_wa_types::inbound::Callback;
///
/// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {
///     "contacts": [{"wa_id": "919800000001", "profile": {"name": "Asha"}}],
///     "messages": [{"from": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "Hi"}}]
/// }}}"#)?;
/// let message = callback.messages().next().ok_or("no message")?;
/// assert_eq!(callback.contact_of(message).and_then(|contact| contact.name()), Some("Asha"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Contact {
    /// The public profile.
    pub profile: Option<Profile>,
    /// The user's number, where it may be shared.
    pub wa_id: Option<WaId>,
    /// The user's business-scoped id.
    pub user_id: Option<UserId>,
    /// The user's id across the businesses of one owner, where that is enabled.
    pub parent_user_id: Option<UserId>,
    /// The user's name, where there is one.
    pub username: Option<String>,
    /// The hash of the user's identity, where identity checks are on.
    pub identity_key_hash: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A user's public profile.
///
/// For an example see [`Contact`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Profile {
    /// The name that the user chose; not unique, and not checked.
    pub name: Option<String>,
    /// The username, where there is one.
    pub username: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl HasEvents for Contact {
    /// A contact is reported with its message.
    fn event_count(&self) -> usize {
        0
    }
}

impl Contact {
    /// The name of the profile.
    pub fn name(&self) -> Option<&str> {
        self.profile.as_ref()?.name.as_deref()
    }
}
