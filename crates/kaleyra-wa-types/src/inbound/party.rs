//! Who is on the other side of a message or a status.

use super::{Contact, Message, Status};
use crate::outbound::RecipientType;
use crate::{UserId, WaId, same_person};

/// Who is on the other side: whatever identity the callback has.
///
/// Since 2026 a number is optional: a user who hides it is known by a user id alone. At least one field is there.
///
/// ```
/// use kaleyra_wa_types::inbound::Message;
///
/// let message: Message = serde_json::from_str(
///     r#"{"id": "wamid.A", "from_user_id": "US.13491208655302741918", "type": "text", "text": {"body": "Hi"}}"#,
/// )?;
/// assert_eq!(message.party().unwrap().key(), "US.13491208655302741918");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's pages on business-scoped user ids (2026) and on groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Party<'a> {
    /// The group that it happened in.
    pub group_id: Option<&'a str>,
    /// The user's number.
    pub number: Option<&'a WaId>,
    /// The user's business-scoped id.
    pub user_id: Option<&'a UserId>,
    /// The user's id across the businesses of one owner.
    pub parent_user_id: Option<&'a UserId>,
}

impl<'a> Party<'a> {
    fn new(
        group_id: Option<&'a str>,
        number: Option<&'a WaId>,
        user_id: Option<&'a UserId>,
        parent_user_id: Option<&'a UserId>,
    ) -> Option<Self> {
        let party = Self {
            group_id,
            number,
            user_id,
            parent_user_id,
        };
        (group_id.is_some() || party.user().is_some()).then_some(party)
    }

    /// The user in one text: the number, else the user id, else the parent user id.
    pub fn user(&self) -> Option<&'a str> {
        let number = self.number.map(WaId::as_str);
        number
            .or_else(|| self.user_id.map(UserId::as_str))
            .or_else(|| self.parent_user_id.map(UserId::as_str))
    }

    /// What names the conversation: the group, else the [user](Self::user). Never empty.
    ///
    /// The number goes before the user id, because older callbacks and some statuses have nothing else. A user who
    /// begins to hide the number therefore begins a new conversation; who must join the two compares with
    /// [`is_same_user`](Self::is_same_user) while both are told.
    pub fn key(&self) -> &'a str {
        self.group_id.or_else(|| self.user()).unwrap_or_default()
    }

    /// Whether both surely are one user: an id that both have is the same, or a number, [however](same_person) it is written.
    pub fn is_same_user(&self, other: &Party<'_>) -> bool {
        fn same<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
            one.is_some() && one == other
        }
        let is_same_number = |one: &WaId, other: &WaId| same_person(one.as_str(), other.as_str());
        self.number
            .zip(other.number)
            .is_some_and(|(one, other)| is_same_number(one, other))
            || same(self.user_id, other.user_id)
            || same(self.parent_user_id, other.parent_user_id)
    }

    /// Whether both surely are two users: an id that both have differs, or a number even in its last digits.
    pub(super) fn is_another(&self, other: &Party<'_>) -> bool {
        fn differ<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
            one.zip(other).is_some_and(|(one, other)| one != other)
        }
        let is_another_number = |(one, other): (&WaId, &WaId)| {
            let digits = |id: &WaId| {
                id.as_str()
                    .chars()
                    .filter(char::is_ascii_digit)
                    .collect::<String>()
            };
            let (one, other) = (digits(one), digits(other));
            !one.ends_with(&other) && !other.ends_with(&one)
        };
        differ(self.user_id, other.user_id)
            || self.number.zip(other.number).is_some_and(is_another_number)
    }
}

impl Message {
    /// Who wrote it, and the group it was written in.
    pub fn party(&self) -> Option<Party<'_>> {
        Party::new(
            self.group_id.as_ref().map(|id| id.as_str()),
            self.from.as_ref(),
            self.from_user_id.as_ref(),
            self.from_parent_user_id.as_ref(),
        )
    }

    /// Whom it was written to, where it is the echo of a message of the business.
    pub fn addressee(&self) -> Option<Party<'_>> {
        Party::new(
            None,
            self.to.as_ref(),
            self.to_user_id.as_ref(),
            self.to_parent_user_id.as_ref(),
        )
    }
}

impl Status {
    /// Whom the message went to; in a group also which of its people the status is about.
    pub fn party(&self) -> Option<Party<'_>> {
        if self.recipient_type == Some(RecipientType::Group) {
            return Party::new(
                self.recipient_id.as_ref().map(WaId::as_str),
                self.recipient_participant_id.as_ref(),
                self.recipient_participant_user_id.as_ref(),
                self.recipient_participant_parent_user_id.as_ref(),
            );
        }
        let number = self.recipient_id.as_ref();
        let number = number.or_else(|| self.message.as_ref()?.recipient_id.as_ref());
        Party::new(
            self.group_id.as_ref().map(|id| id.as_str()),
            number,
            self.recipient_user_id.as_ref(),
            self.recipient_parent_user_id.as_ref(),
        )
    }
}

impl Contact {
    /// The user that it describes.
    pub fn party(&self) -> Option<Party<'_>> {
        Party::new(
            None,
            self.wa_id.as_ref(),
            self.user_id.as_ref(),
            self.parent_user_id.as_ref(),
        )
    }
}
