//! `user_preferences` and `user_id_update`: what users want, and their new ids.

use super::Elements;
use super::view::{Faults, View};
use crate::callback::{Contact, Metadata};
use crate::messaging_object::MessagingProduct;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::open_set::open_set;
use crate::{Timestamp, UserId, WaId};

wire_object! {
    /// Users want no more marketing messages, or want them again.
    ///
    /// Source: Meta's `user_preferences` webhook reference.
    pub struct UserPreferences {
        /// Always `whatsapp`.
        pub messaging_product: Option<MessagingProduct>,
        /// The business number.
        pub metadata: Option<Metadata>,
        /// Who the users are.
        pub contacts: Elements<Contact>,
        /// What they want.
        pub user_preferences: Elements<UserPreference>,
    }
}

wire_object! {
    /// What a user wants.
    pub struct UserPreference {
        /// The user's number, where it may be shared.
        pub wa_id: Option<WaId>,
        /// The user's business-scoped id.
        pub user_id: Option<UserId>,
        /// The same for all portfolios of a business.
        pub parent_user_id: Option<UserId>,
        /// What happened, for people.
        pub detail: Option<String>,
        /// What it is about: `marketing_messages`.
        pub category: Option<String>,
        /// What the user wants.
        pub value: Option<Preference>,
        /// When the user said so.
        pub timestamp: Option<Timestamp>,
        /// The sign-up that the user took part in.
        pub signup_id: Option<String>,
    }
}

open_set! {
    /// What a user wants.
    pub enum Preference {
        /// Messages again.
        Resume = "resume",
        /// Messages, by a sign-up.
        Signup = "signup",
        /// No more messages.
        Stop = "stop",
    }
}

wire_object! {
    /// The business-scoped ids of users changed.
    ///
    /// Meta sent it from March to August 2026; since then a `system` message says the same.
    ///
    /// Source: Meta's *Business-scoped user ids* (2026).
    pub struct UserIdUpdate {
        /// Always `whatsapp`.
        pub messaging_product: Option<MessagingProduct>,
        /// The business number.
        pub metadata: Option<Metadata>,
        /// Who the users are.
        pub contacts: Elements<Contact>,
        /// Whose ids changed.
        pub user_id_update: Elements<UserIdChange>,
    }
}

wire_object! {
    /// The business-scoped id of a user changed.
    pub struct UserIdChange {
        /// The user's number, where it may be shared.
        pub wa_id: Option<WaId>,
        /// What happened, for people.
        pub detail: Option<String>,
        /// The user's id, before and now.
        pub user_id: Option<UserIds>,
        /// The same for all portfolios of a business.
        pub parent_user_id: Option<UserIds>,
        /// When.
        pub timestamp: Option<Timestamp>,
    }
}

wire_object! {
    /// An id, before and now.
    pub struct UserIds {
        /// What it was.
        pub previous: Option<UserId>,
        /// What it is.
        pub current: Option<UserId>,
    }
}

deserialize_object!(
    UserIdChange,
    UserIdUpdate,
    UserIds,
    UserPreference,
    UserPreferences
);

impl View for UserPreferences {
    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("contacts", &self.contacts);
        faults.elements("user_preferences", &self.user_preferences);
    }
}

impl View for UserIdUpdate {
    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("contacts", &self.contacts);
        faults.elements("user_id_update", &self.user_id_update);
    }
}

impl View for UserIdChange {}
impl View for UserPreference {}
