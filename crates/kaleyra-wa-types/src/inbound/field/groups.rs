//! `group_lifecycle_update`, `group_participants_update`, `group_settings_update`, `group_status_update`.

use super::view::{Faults, TypedView};
use super::{JoinRequestId, RequestId};
use crate::UnknownFields;
use crate::UnknownText;
use crate::inbound::Decoded;
use crate::inbound::{Contact, GroupId, MetaError, Metadata};
use crate::outbound::MessagingProduct;
use crate::{Timestamp, UserId, WaId};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// What became of groups; the four fields about groups have this shape.
///
/// They come as a [`FieldChange`](crate::inbound::FieldChange); read by themselves:
///
/// ```
/// use kaleyra_wa_types::inbound::field::{GroupChange, Groups};
///
/// let groups: Groups = serde_json::from_str(r#"{"groups": [{
///     "type": "group_participants_remove", "timestamp": "1767225600", "group_id": "group-1",
///     "initiated_by": "participant", "removed_participants": [{"wa_id": "919800000001"}]
/// }]}"#)?;
/// let group = groups.groups[0].typed().ok_or("malformed")?;
/// assert_eq!(group.kind, Some(GroupChange::GroupParticipantsRemove)); // `type` on the wire
/// let left = &group.removed_participants[0];
/// assert_eq!(left.wa_id.as_ref().map(|number| number.as_str()), Some("919800000001"));
/// assert_eq!(group.initiated_by.as_deref(), Some("participant")); // by the user's own will
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: Meta's *Webhooks for Groups API*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Groups {
    /// Always `whatsapp`.
    pub messaging_product: Option<MessagingProduct>,
    /// The business number that the groups belong to.
    pub metadata: Option<Metadata>,
    /// Who the users are.
    pub contacts: Vec<Decoded<Contact>>,
    /// What became of groups.
    pub groups: Vec<Decoded<GroupUpdate>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What became of a group. `type` says what; each field belongs to some types.
///
/// ```
/// use kaleyra_wa_types::inbound::field::{GroupChange, GroupUpdate};
///
/// let made: GroupUpdate = serde_json::from_str(r#"{"type": "group_create", "group_id": "group-1", "request_id": "request-1",
///     "subject": "Blue shoes", "invite_link": "https://chat.example.com/abc"}"#)?;
/// assert_eq!(made.kind, Some(GroupChange::GroupCreate));
/// assert_eq!(made.request_id.as_ref().map(|id| id.as_str()), Some("request-1")); // of the request that made it
/// assert!(made.errors.is_empty()); // else it could not be made
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct GroupUpdate {
    /// What happened.
    #[wire(name = "type")]
    pub kind: Option<GroupChange>,
    /// When, in seconds since 1970-01-01 UTC.
    pub timestamp: Option<Timestamp>,
    /// The group.
    pub group_id: Option<GroupId>,
    /// The request that this is the outcome of.
    pub request_id: Option<RequestId>,
    /// The subject of a new group.
    pub subject: Option<String>,
    /// The description of a new group.
    pub description: Option<String>,
    /// The link by which users join.
    pub invite_link: Option<String>,
    /// Whether the business has to approve users who want to join.
    pub join_approval_mode: Option<String>,
    /// Why users joined, such as `invite_link`.
    pub reason: Option<String>,
    /// The user's request to join.
    pub join_request_id: Option<JoinRequestId>,
    /// The user who asks to join, or has withdrawn the request.
    pub wa_id: Option<WaId>,
    /// The business-scoped id of that user.
    pub user_id: Option<UserId>,
    /// The same for all portfolios of a business.
    pub parent_user_id: Option<UserId>,
    /// The user's name, where there is one.
    pub username: Option<String>,
    /// Who joined.
    pub added_participants: Vec<Participant>,
    /// Who left or was removed.
    pub removed_participants: Vec<Participant>,
    /// Who could not be removed.
    pub failed_participants: Vec<ParticipantFault>,
    /// Who removed them: `business`, or `participant` for one who left.
    pub initiated_by: Option<String>,
    /// The picture that was set.
    pub profile_picture: Option<GroupPicture>,
    /// The subject that was set.
    pub group_subject: Option<GroupText>,
    /// The description that was set.
    pub group_description: Option<GroupText>,
    /// Why it failed, or did so for some.
    pub errors: Vec<MetaError>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A user in a group.
///
/// For an example see [`Groups`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Participant {
    /// What the business wrote to name the user: a number or an id.
    pub input: Option<WaId>,
    /// The user's number.
    pub wa_id: Option<WaId>,
    /// The user's business-scoped id.
    pub user_id: Option<UserId>,
    /// The same for all portfolios of a business.
    pub parent_user_id: Option<UserId>,
    /// The user's name, where there is one.
    pub username: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A user who could not be removed from a group.
///
/// ```
/// use kaleyra_wa_types::inbound::field::GroupUpdate;
///
/// let update: GroupUpdate = serde_json::from_str(r#"{"type": "group_participants_remove", "group_id": "group-1",
///     "failed_participants": [{"input": "919800000001", "errors": [{"code": 131000, "title": "Something went wrong"}]}]}"#)?;
/// let kept = &update.failed_participants[0];
/// assert_eq!(kept.input.as_ref().map(|user| user.as_str()), Some("919800000001"));
/// assert_eq!(kept.errors[0].title.as_deref(), Some("Something went wrong"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ParticipantFault {
    /// What the business wrote to name the user: a number or an id.
    pub input: Option<WaId>,
    /// The user's number.
    pub wa_id: Option<WaId>,
    /// The user's business-scoped id.
    pub user_id: Option<UserId>,
    /// The same for all portfolios of a business.
    pub parent_user_id: Option<UserId>,
    /// The user's name, where there is one.
    pub username: Option<String>,
    /// Why the user could not be removed.
    pub errors: Vec<MetaError>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A picture that was set, or could not be.
///
/// For an example see [`GroupText`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct GroupPicture {
    /// The kind of file, such as `image/jpeg`.
    pub mime_type: Option<String>,
    /// The SHA-256 of the file.
    pub sha256: Option<String>,
    /// Whether it was set.
    pub update_successful: Option<bool>,
    /// Why not.
    pub errors: Vec<MetaError>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A subject or description that was set, or could not be.
///
/// ```
/// use kaleyra_wa_types::inbound::field::{GroupChange, GroupUpdate};
///
/// let update: GroupUpdate = serde_json::from_str(r#"{"type": "group_settings_update", "group_id": "group-1",
///     "group_subject": {"text": "Red shoes", "update_successful": true},
///     "profile_picture": {"mime_type": "image/jpeg", "update_successful": false, "errors": [{"code": 131209}]}}"#)?;
/// assert_eq!(update.kind, Some(GroupChange::GroupSettingsUpdate));
/// let subject = update.group_subject.ok_or("not about the subject")?;
/// assert_eq!((subject.text.as_deref(), subject.update_successful), (Some("Red shoes"), Some(true)));
/// let picture = update.profile_picture.ok_or("not about the picture")?;
/// assert_eq!(picture.update_successful, Some(false));
/// assert_eq!(picture.errors[0].code.as_ref().map(|code| code.as_str()), Some("131209")); // not square
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct GroupText {
    /// The text.
    pub text: Option<String>,
    /// Whether it was set.
    pub update_successful: Option<bool>,
    /// Why not.
    pub errors: Vec<MetaError>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What happened to a group.
///
/// For an example see [`GroupUpdate`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum GroupChange {
    /// `group_create`. It was made, or could not be.
    GroupCreate,
    /// `group_delete`. It was deleted, or could not be.
    GroupDelete,
    /// `group_join_request_created`. A user asks to join.
    GroupJoinRequestCreated,
    /// `group_join_request_revoked`. A user no longer asks to join.
    GroupJoinRequestRevoked,
    /// `group_participants_add`. Users joined.
    GroupParticipantsAdd,
    /// `group_participants_remove`. Users left or were removed.
    GroupParticipantsRemove,
    /// `group_settings_update`. Its picture, subject or description was set, or could not be.
    GroupSettingsUpdate,
    /// `group_suspend`. WhatsApp suspended it.
    GroupSuspend,
    /// `group_suspend_cleared`. It is no longer suspended.
    GroupSuspendCleared,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl TypedView for Groups {
    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("contacts", &self.contacts);
        faults.elements("groups", &self.groups);
    }
}

impl TypedView for GroupUpdate {}
