//! `group_lifecycle_update`, `group_participants_update`, `group_settings_update`, `group_status_update`.

use super::view::{Faults, View};
use super::{Elements, JoinRequestId, RequestId};
use crate::callback::{Contact, GroupId, MetaError, Metadata};
use crate::messaging_object::MessagingProduct;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::open_set::open_set;
use crate::{Flag, Timestamp, UserId, WaId};

wire_object! {
    /// What became of groups; the four fields about groups have this shape.
    ///
    /// Source: Meta's *Webhooks for Groups API*.
    pub struct Groups {
        /// Always `whatsapp`.
        pub messaging_product: Option<MessagingProduct>,
        /// The business number that the groups belong to.
        pub metadata: Option<Metadata>,
        /// Who the users are.
        pub contacts: Elements<Contact>,
        /// What became of groups.
        pub groups: Elements<GroupUpdate>,
    }
}

wire_object! {
    /// What became of a group. `type` says what; each member belongs to some types.
    pub struct GroupUpdate {
        /// What happened.
        pub kind as "type": Option<GroupChange>,
        /// When.
        pub timestamp: Option<Timestamp>,
        /// The group.
        pub group_id: Option<GroupId>,
        /// The request that this answers.
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
        /// The user who asks to join, or does so no more.
        pub wa_id: Option<WaId>,
        /// The business-scoped id of that user.
        pub user_id: Option<UserId>,
        /// The same for all portfolios of a business.
        pub parent_user_id: Option<UserId>,
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
    }
}

wire_object! {
    /// A user in a group.
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
    }
}

wire_object! {
    /// A user who could not be removed from a group.
    pub struct ParticipantFault {
        /// What the business wrote to name the user: a number or an id.
        pub input: Option<WaId>,
        /// The user's number.
        pub wa_id: Option<WaId>,
        /// The user's business-scoped id.
        pub user_id: Option<UserId>,
        /// The same for all portfolios of a business.
        pub parent_user_id: Option<UserId>,
        /// Why.
        pub errors: Vec<MetaError>,
    }
}

wire_object! {
    /// A picture that was set, or could not be.
    pub struct GroupPicture {
        /// The kind of file, such as `image/jpeg`.
        pub mime_type: Option<String>,
        /// The SHA-256 of the file.
        pub sha256: Option<String>,
        /// Whether it was set.
        pub update_successful: Option<Flag>,
        /// Why not.
        pub errors: Vec<MetaError>,
    }
}

wire_object! {
    /// A subject or description that was set, or could not be.
    pub struct GroupText {
        /// The text.
        pub text: Option<String>,
        /// Whether it was set.
        pub update_successful: Option<Flag>,
        /// Why not.
        pub errors: Vec<MetaError>,
    }
}

deserialize_object!(
    GroupUpdate,
    GroupPicture,
    GroupText,
    Groups,
    Participant,
    ParticipantFault
);

open_set! {
    /// What happened to a group.
    pub enum GroupChange {
        /// It was made, or could not be.
        GroupCreate = "group_create",
        /// It was deleted, or could not be.
        GroupDelete = "group_delete",
        /// A user asks to join.
        GroupJoinRequestCreated = "group_join_request_created",
        /// A user no longer asks to join.
        GroupJoinRequestRevoked = "group_join_request_revoked",
        /// Users joined.
        GroupParticipantsAdd = "group_participants_add",
        /// Users left or were removed.
        GroupParticipantsRemove = "group_participants_remove",
        /// Its picture, subject or description was set, or could not be.
        GroupSettingsUpdate = "group_settings_update",
        /// WhatsApp suspended it.
        GroupSuspend = "group_suspend",
        /// It is no longer suspended.
        GroupSuspendCleared = "group_suspend_cleared",
    }
}

impl View for Groups {
    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("contacts", &self.contacts);
        faults.elements("groups", &self.groups);
    }
}

impl View for GroupUpdate {}
