//! Whom a message goes to.

use serde::de::{Error, MapAccess};
use serde::ser::SerializeMap;

use crate::wire::group::Group;
use crate::wire::member::{self, Blank};
use crate::wire::opaque::{LooseText, opaque};
use crate::{InvalidPhoneNumber, PhoneNumber, UnknownFields, UserId, WaId};

/// Whom a message goes to: a phone number in `to`, a user id in `recipient`, or both.
///
/// Since 2026 a WhatsApp user may hide the phone number; callbacks then name the user by a [`UserId`] only, and an answer
/// goes to that.
///
/// ```
/// use kaleyra_wa_types::{Recipient, UserId};
///
/// let by_number = Recipient::try_from("+919800000001")?;
/// let by_user_id = Recipient::from(UserId::from("US.13491208655302741918"));
/// # assert_ne!(by_number, by_user_id);
/// # Ok::<(), kaleyra_wa_types::InvalidPhoneNumber>(())
/// ```
///
/// Source: *Send Reply to Messages*, `to`; Meta's pages on business-scoped user ids for `recipient`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Recipient {
    /// A phone number, in `to`.
    Phone(PhoneNumber),
    /// A `to` that is not an E.164 number with its `+`: a group's id, or what somebody else's message has. A number without
    /// `+`, as many senders write it, is let pass when the message is validated; anything else to a person is a violation.
    Unchecked(UncheckedRecipient),
    /// A business-scoped user id, in `recipient`.
    User(UserId),
    /// Both, of which `to` counts.
    Both(Box<ToAndUser>),
}

/// A `to` and a `recipient` beside it. WhatsApp goes by `to`.
///
/// Source: Meta's pages on business-scoped user ids.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ToAndUser {
    /// The phone number, or another `to`; never [`Recipient::User`] or [`Recipient::Both`].
    pub to: Recipient,
    /// The user id, in `recipient`.
    pub user_id: UserId,
}

opaque! {
    /// A `to` that nobody has checked.
    personal struct UncheckedRecipient
}

impl UncheckedRecipient {
    /// Why it would be no phone number with a `+` before it. WhatsApp puts the sender's country code before a number
    /// without `+`, so that it is one only if its own country code is there already; nobody can tell from here.
    pub(crate) fn check_phone_number(&self) -> Result<(), InvalidPhoneNumber> {
        PhoneNumber::try_from(&WaId::from(self.as_str())).map(|_| ())
    }
}

impl Recipient {
    /// Gives it a user id, too: it goes into `recipient` beside `to`, and `to` counts. Where there is no `to`, the id takes
    /// the place of the one that was there.
    ///
    /// ```
    /// use kaleyra_wa_types::{Recipient, UserId};
    ///
    /// let asha = Recipient::try_from("+919800000001")?.with_user_id(UserId::from("IN.13491208655302741918"));
    /// assert_eq!(asha.as_str(), "+919800000001");
    /// assert_eq!(asha.user_id().map(UserId::as_str), Some("IN.13491208655302741918"));
    /// # Ok::<(), kaleyra_wa_types::InvalidPhoneNumber>(())
    /// ```
    pub fn with_user_id(self, user_id: impl Into<UserId>) -> Self {
        let user_id = user_id.into();
        match self {
            Self::User(_) => Self::User(user_id),
            Self::Both(both) => Self::Both(Box::new(ToAndUser { user_id, ..*both })),
            to => Self::Both(Box::new(ToAndUser { to, user_id })),
        }
    }

    /// What counts, in one text: `to` where there is one, else the user id.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Phone(number) => number.as_str(),
            Self::Unchecked(to) => to.as_str(),
            Self::User(user_id) => user_id.as_str(),
            Self::Both(both) => both.to.as_str(),
        }
    }

    /// The phone number, where it is one that was checked.
    pub fn phone_number(&self) -> Option<&PhoneNumber> {
        match self {
            Self::Phone(number) => Some(number),
            Self::Both(both) => both.to.phone_number(),
            Self::Unchecked(_) | Self::User(_) => None,
        }
    }

    /// The user id in `recipient`, beside a `to` or alone.
    pub fn user_id(&self) -> Option<&UserId> {
        match self {
            Self::User(user_id) => Some(user_id),
            Self::Both(both) => Some(&both.user_id),
            Self::Phone(_) | Self::Unchecked(_) => None,
        }
    }

    /// The `to` that nobody has checked.
    pub(crate) fn unchecked(&self) -> Option<&UncheckedRecipient> {
        match self {
            Self::Unchecked(to) => Some(to),
            Self::Both(both) => both.to.unchecked(),
            Self::Phone(_) | Self::User(_) => None,
        }
    }
}

impl From<PhoneNumber> for Recipient {
    fn from(number: PhoneNumber) -> Self {
        Self::Phone(number)
    }
}

impl From<UserId> for Recipient {
    fn from(user_id: UserId) -> Self {
        Self::User(user_id)
    }
}

impl TryFrom<&str> for Recipient {
    type Error = InvalidPhoneNumber;

    fn try_from(number: &str) -> Result<Self, Self::Error> {
        number.parse().map(Self::Phone)
    }
}

impl TryFrom<String> for Recipient {
    type Error = InvalidPhoneNumber;

    fn try_from(number: String) -> Result<Self, Self::Error> {
        Self::try_from(number.as_str())
    }
}

impl TryFrom<&WaId> for Recipient {
    type Error = InvalidPhoneNumber;

    fn try_from(wa_id: &WaId) -> Result<Self, Self::Error> {
        PhoneNumber::try_from(wa_id).map(Self::Phone)
    }
}

#[derive(Default)]
pub(crate) struct PartialRecipient {
    to: Option<UncheckedRecipient>,
    recipient: Option<UserId>,
    /// Members that were there and said nothing.
    blanks: Vec<(&'static str, Blank)>,
}

impl Group for Recipient {
    type Partial = PartialRecipient;

    fn empty() -> Self {
        Self::Unchecked(UncheckedRecipient::from(""))
    }

    fn read_member<'de, A: MapAccess<'de>>(
        &mut self,
        partial: &mut Self::Partial,
        name: &str,
        members: &mut A,
    ) -> Result<bool, A::Error> {
        match name {
            "to" => {
                let blank = members.next_value_seed(member::Into(&mut partial.to))?;
                partial.blanks.extend(blank.map(|blank| ("to", blank)));
            }
            "recipient" => {
                let blank = members.next_value_seed(member::Into(&mut partial.recipient))?;
                partial
                    .blanks
                    .extend(blank.map(|blank| ("recipient", blank)));
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn finish<E: Error>(
        &mut self,
        partial: Self::Partial,
        unknown: &mut UnknownFields,
    ) -> Result<(), E> {
        let is_empty_to = partial.blanks.contains(&("to", Blank::EmptyText));
        for (name, blank) in partial.blanks {
            unknown.keep_blank(name, blank);
        }
        *self = match (partial.to, partial.recipient) {
            (Some(to), None) => Self::from_wire(to.0),
            (Some(to), Some(user_id)) => Self::from_wire(to.0).with_user_id(user_id),
            (None, Some(user_id)) => Self::User(user_id),
            // An empty `to` is one, to be reported when the message is validated.
            (None, None) if is_empty_to => Self::from_wire("".into()),
            (None, None) => return Err(E::missing_field("to")),
        };
        Ok(())
    }

    fn write_members<M: SerializeMap>(
        &self,
        unknown: &UnknownFields,
        members: &mut M,
    ) -> Result<(), M::Error> {
        match self {
            Self::Phone(number) => members.serialize_entry("to", number),
            Self::Unchecked(to) => members.serialize_entry("to", to),
            Self::User(user_id) => members.serialize_entry("recipient", user_id),
            Self::Both(both) => {
                both.to.write_members(unknown, members)?;
                members.serialize_entry("recipient", &both.user_id)
            }
        }
    }

    fn owns(&self, name: &str) -> bool {
        match self {
            Self::Phone(_) | Self::Unchecked(_) => name == "to",
            Self::User(_) => name == "recipient",
            Self::Both(_) => name == "to" || name == "recipient",
        }
    }
}

impl Recipient {
    fn from_wire(to: LooseText) -> Self {
        let to = match to {
            LooseText::Text(text) => match PhoneNumber::from_wire(text) {
                Ok(number) => return Self::Phone(number),
                Err(text) => LooseText::Text(text),
            },
            number => number,
        };
        Self::Unchecked(UncheckedRecipient(to))
    }
}
