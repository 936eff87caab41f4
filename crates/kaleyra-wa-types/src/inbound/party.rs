//! Who is on the other side of a message or a status.

use super::{Contact, Message, Status};
use crate::outbound::RecipientType;
use crate::{UserId, WaId, same_person};

/// Who is on the other side: whatever identity the callback has.
///
/// Since 2026 a number is optional: a user whose number is hidden is known by a user id alone. At least one field is present.
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

    /// The user as one string: the number, else the user id, else the parent user id.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::Message;
    ///
    /// let message: Message = serde_json::from_str(r#"{"id": "wamid.A", "from": "919800000001", "group_id": "group-1",
    ///     "type": "text", "text": {"body": "Hi all"}}"#)?;
    /// let party = message.party().ok_or("from nobody")?;
    /// assert_eq!(party.user(), Some("919800000001")); // who wrote
    /// assert_eq!(party.key(), "group-1"); // where
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn user(&self) -> Option<&'a str> {
        let number = self.number.map(WaId::as_str);
        number
            .or_else(|| self.user_id.map(UserId::as_str))
            .or_else(|| self.parent_user_id.map(UserId::as_str))
    }

    /// What names the conversation: the group, else the [user](Self::user). Never empty.
    ///
    /// The number goes before the user id, because older callbacks and some statuses have nothing else. A user who
    /// begins to hide the number therefore begins a new conversation; to join the two, compare with
    /// [`is_same_user`](Self::is_same_user) while callbacks have both.
    pub fn key(&self) -> &'a str {
        self.group_id.or_else(|| self.user()).unwrap_or_default()
    }

    /// Whether both are certainly the same user: an id that both have is the same, or a number, [however](same_person) it is written.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Contact, Message};
    ///
    /// let contact = Contact::new("5215512345678", "Asha");
    /// let message = Message::text("525512345678", "Hi"); // the other form of a number in Mexico
    /// let (contact, writer) = (contact.party().unwrap(), message.party().unwrap());
    /// assert!(contact.is_same_user(&writer));
    /// ```
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

    /// Whether both are certainly different users: an id that both have differs, or a number even in its last digits.
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
    ///
    /// For an example see [`Party`].
    pub fn party(&self) -> Option<Party<'_>> {
        Party::new(
            self.group_id.as_ref().map(|id| id.as_str()),
            self.from.as_ref(),
            self.from_user_id.as_ref(),
            self.from_parent_user_id.as_ref(),
        )
    }

    /// Whom it was written to, where it is the echo of a message of the business.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::Message;
    ///
    /// let echo = Message::text("15550000001", "It is in stock.").to("919800000001");
    /// assert_eq!(echo.addressee().map(|user| user.key()), Some("919800000001"));
    /// assert_eq!(Message::text("919800000001", "Hi").addressee(), None); // what a user writes
    /// ```
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
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::Status;
    ///
    /// let status: Status = serde_json::from_str(r#"{"id": "wamid.A", "status": "read", "recipient_id": "group-1",
    ///     "recipient_type": "group", "recipient_participant_id": "919800000001"}"#)?;
    /// let party = status.party().ok_or("to nobody")?;
    /// assert_eq!((party.key(), party.user()), ("group-1", Some("919800000001")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
    ///
    /// For an example see [`Party::is_same_user`].
    pub fn party(&self) -> Option<Party<'_>> {
        Party::new(
            None,
            self.wa_id.as_ref(),
            self.user_id.as_ref(),
            self.parent_user_id.as_ref(),
        )
    }
}
