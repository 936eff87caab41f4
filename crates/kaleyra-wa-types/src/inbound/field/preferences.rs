//! `user_preferences` and `user_id_update`: what users want, and their new ids.

use super::view::{Faults, TypedView};
use crate::UnknownFields;
use crate::UnknownText;
use crate::inbound::Decoded;
use crate::inbound::{Contact, Metadata};
use crate::outbound::MessagingProduct;
use crate::{Timestamp, UserId, WaId};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// Users want no more marketing messages, or want them again.
///
/// They come as a [`FieldChange`](crate::inbound::FieldChange); read by themselves:
///
/// ```
/// use kaleyra_wa_types::inbound::field::{Preference, UserPreferences};
///
/// let update: UserPreferences = serde_json::from_str(r#"{"user_preferences": [
///     {"wa_id": "919800000001", "category": "marketing_messages", "value": "stop", "timestamp": 1767225600}
/// ]}"#)?;
/// for preference in update.user_preferences.iter().filter_map(|preference| preference.typed()) {
///     // No more marketing to this user: the next would fail with 131050.
///     assert_eq!(preference.value, Some(Preference::Stop));
///     assert_eq!(preference.wa_id.as_ref().map(|number| number.as_str()), Some("919800000001"));
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's `user_preferences` webhook reference.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct UserPreferences {
    /// Always `whatsapp`.
    pub messaging_product: Option<MessagingProduct>,
    /// The business number.
    pub metadata: Option<Metadata>,
    /// Who the users are.
    pub contacts: Vec<Decoded<Contact>>,
    /// What they want.
    pub user_preferences: Vec<Decoded<UserPreference>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What a user wants.
///
/// For an example see [`UserPreferences`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct UserPreference {
    /// The user's number, where it may be shared.
    pub wa_id: Option<WaId>,
    /// The user's business-scoped id.
    pub user_id: Option<UserId>,
    /// The same for all portfolios of a business.
    pub parent_user_id: Option<UserId>,
    /// The user's name, where there is one.
    pub username: Option<String>,
    /// What happened, in human-readable form.
    pub detail: Option<String>,
    /// What it is about: `marketing_messages`.
    pub category: Option<String>,
    /// What the user wants.
    pub value: Option<Preference>,
    /// When the user said so.
    pub timestamp: Option<Timestamp>,
    /// The sign-up that the user took part in.
    pub signup_id: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What a user wants.
///
/// For an example see [`UserPreferences`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum Preference {
    /// `resume`. Messages again.
    Resume,
    /// `signup`. Messages, by a sign-up.
    Signup,
    /// `stop`. No more messages.
    Stop,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// The business-scoped ids of users changed.
///
/// Meta sent it from March to August 2026; since then a `system` message says the same.
///
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
///
/// ```
/// use kaleyra_wa_types::inbound::field::UserIdUpdate;
///
/// let update: UserIdUpdate = serde_json::from_str(r#"{"user_id_update": [{"wa_id": "919800000001",
///     "user_id": {"previous": "IN.13491208655302741918", "current": "IN.13491208655302741919"}}]}"#)?;
/// let change = update.user_id_update[0].typed().ok_or("malformed")?;
/// let ids = change.user_id.as_ref().ok_or("another id changed")?;
/// assert_eq!(ids.previous.as_ref().map(|id| id.as_str()), Some("IN.13491208655302741918"));
/// assert_eq!(ids.current.as_ref().map(|id| id.as_str()), Some("IN.13491208655302741919"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: Meta's *Business-scoped user ids* (2026).
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct UserIdUpdate {
    /// Always `whatsapp`.
    pub messaging_product: Option<MessagingProduct>,
    /// The business number.
    pub metadata: Option<Metadata>,
    /// Who the users are.
    pub contacts: Vec<Decoded<Contact>>,
    /// Whose ids changed.
    pub user_id_update: Vec<Decoded<UserIdChange>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The business-scoped id of a user changed.
///
/// For an example see [`UserIdUpdate`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct UserIdChange {
    /// The user's number, where it may be shared.
    pub wa_id: Option<WaId>,
    /// What happened, in human-readable form.
    pub detail: Option<String>,
    /// The user's id, before and now.
    pub user_id: Option<UserIds>,
    /// The same for all portfolios of a business.
    pub parent_user_id: Option<UserIds>,
    /// The user's name, where there is one.
    pub username: Option<String>,
    /// When, in seconds since 1970-01-01 UTC.
    pub timestamp: Option<Timestamp>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// An id, before and now.
///
/// For an example see [`UserIdUpdate`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct UserIds {
    /// What it was.
    pub previous: Option<UserId>,
    /// What it is.
    pub current: Option<UserId>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl TypedView for UserPreferences {
    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("contacts", &self.contacts);
        faults.elements("user_preferences", &self.user_preferences);
    }
}

impl TypedView for UserIdUpdate {
    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("contacts", &self.contacts);
        faults.elements("user_id_update", &self.user_id_update);
    }
}

impl TypedView for UserIdChange {}
impl TypedView for UserPreference {}
