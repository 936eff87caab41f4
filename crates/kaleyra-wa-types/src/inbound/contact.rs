//! Who a user is.

use super::HasEvents;
use crate::UnknownFields;
use crate::{UserId, WaId};
use kaleyra_wa_derive::Wire;

/// A user of WhatsApp: a number, or a user id where the number is hidden, and the name of the profile.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Contact {
    /// What the user shows of itself.
    pub profile: Option<Profile>,
    /// The user's number, where it may be shared.
    pub wa_id: Option<WaId>,
    /// The user's business-scoped id.
    pub user_id: Option<UserId>,
    /// The user's id across the businesses of one owner, where that is enabled.
    pub parent_user_id: Option<UserId>,
    /// The user's name, where there is one.
    pub username: Option<String>,
    /// What the user's identity is told by, where the check for its change is on.
    pub identity_key_hash: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What a user shows of itself.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Profile {
    /// The name that the user chose; not unique, and not checked.
    pub name: Option<String>,
    /// The user name, where there is one.
    pub username: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl HasEvents for Contact {
    /// A contact is told with its message.
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
