//! Who a user is.

use crate::wire::object::{deserialize_object, wire_object};
use crate::{UserId, WaId};

wire_object! {
    /// A user of WhatsApp: a number, or a user id where the number is hidden, and the name of the profile.
    pub struct Contact {
        /// What the user shows of itself.
        pub profile: Option<Profile>,
        /// The user's number, where it may be shared.
        pub wa_id: Option<WaId>,
        /// The user's business-scoped id.
        pub user_id: Option<UserId>,
        /// The user's id across the businesses of one owner, where that is enabled.
        pub parent_user_id: Option<UserId>,
        /// What the user's identity is told by, where the check for its change is on.
        pub identity_key_hash: Option<String>,
    }
}

wire_object! {
    /// What a user shows of itself.
    pub struct Profile {
        /// The name that the user chose; not unique, and not checked.
        pub name: Option<String>,
        /// The user name, where there is one.
        pub username: Option<String>,
    }
}

deserialize_object!(Contact, Profile);

impl Contact {
    /// The name of the profile.
    pub fn name(&self) -> Option<&str> {
        self.profile.as_ref()?.name.as_deref()
    }
}
