//! Whom a message goes to.

use kaleyra_wa_derive::StringId;

use crate::wire::{
    Choice, ChoiceKind, ChoiceShape, Flat, LooseText, Names, Reader, UnknownBody, Wire,
};
use crate::{InvalidPhoneNumber, PhoneNumber, UserId, WaId};

/// Whom a message goes to: a phone number in `to`, a user id in `recipient`, or both.
///
/// Since 2026 a WhatsApp user may hide the phone number; callbacks then name the user by a [`UserId`] only, and replies
/// go to that.
///
/// ```
/// use kaleyra_wa_types::outbound::MessagingObject;
/// use kaleyra_wa_types::{Recipient, UserId};
///
/// let by_number = Recipient::try_from("+919800000001")?;
/// let by_user_id = Recipient::from(UserId::from("US.13491208655302741918"));
/// let json = |to| serde_json::to_value(MessagingObject::new(to, "Hello"));
/// assert_eq!(json(by_number)?["to"], "+919800000001");
/// assert_eq!(json(by_user_id)?["recipient"], "US.13491208655302741918");
///
/// assert!(Recipient::try_from("98000 00001").is_err()); // without a country code
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: *Send Reply to Messages*, `to`; Meta's pages on business-scoped user ids for `recipient`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Recipient {
    /// A phone number, in `to`.
    Phone(PhoneNumber),
    /// A `to` that is not an E.164 number with its `+`: a group's id, or the value in a message made elsewhere. A number without
    /// `+`, as many senders write it, passes validation; anything else to a person is a violation.
    Unchecked(UncheckedRecipient),
    /// A business-scoped user id, in `recipient`.
    User(UserId),
    /// Both; `to` takes precedence.
    Both(Box<ToAndUser>),
}

/// A `to` and a `recipient` beside it. WhatsApp goes by `to`.
///
/// ```
/// use kaleyra_wa_types::{Recipient, UserId};
///
/// let asha = Recipient::try_from("+919800000001")?.with_user_id(UserId::from("IN.13491208655302741918"));
/// let Recipient::Both(both) = &asha else { panic!("{asha:?}") };
/// assert_eq!(both.to.as_str(), "+919800000001"); // WhatsApp goes by this
/// assert_eq!(both.user_id.as_str(), "IN.13491208655302741918");
/// # Ok::<(), kaleyra_wa_types::InvalidPhoneNumber>(())
/// ```
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

/// A `to` that nobody has checked.
///
/// ```
/// use kaleyra_wa_types::outbound::MessagingObject;
/// use kaleyra_wa_types::{Recipient, SendRequest, UncheckedRecipient};
///
/// let to = Recipient::Unchecked(UncheckedRecipient::from("call me"));
/// let violations = SendRequest::new(MessagingObject::new(to, "Hello")).violations();
/// assert_eq!(violations[0].path, "messaging_object.to"); // found before anything is sent
/// ```
///
/// It is personal data: `Debug` shows its last two characters only.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
#[wire(sensitive)]
pub struct UncheckedRecipient(LooseText);

impl UncheckedRecipient {
    /// Why it would not be a phone number with a `+` before it. WhatsApp puts the sender's country code before a number
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

    /// The effective recipient as a string: `to` where there is one, else the user id.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Phone(number) => number.as_str(),
            Self::Unchecked(to) => to.as_str(),
            Self::User(user_id) => user_id.as_str(),
            Self::Both(both) => both.to.as_str(),
        }
    }

    /// The phone number, where it is one that was checked.
    ///
    /// ```
    /// use kaleyra_wa_types::{Recipient, UserId};
    ///
    /// let by_number = Recipient::try_from("+919800000001")?;
    /// assert_eq!(by_number.phone_number().map(|number| number.as_str()), Some("+919800000001"));
    /// let by_user_id = Recipient::from(UserId::from("US.13491208655302741918"));
    /// assert_eq!(by_user_id.phone_number(), None);
    /// # Ok::<(), kaleyra_wa_types::InvalidPhoneNumber>(())
    /// ```
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

/// `to`, or `recipient`. Where both are given, `to` takes precedence.
static SHAPE: ChoiceShape = ChoiceShape {
    kind: ChoiceKind::OneOf,
    variants: Names::new(&["to", RECIPIENT]),
    json_names: &[],
};

const RECIPIENT: &str = "recipient";

impl Choice for Recipient {
    fn shape(&self) -> &'static ChoiceShape {
        &SHAPE
    }

    fn chosen(&self) -> Option<usize> {
        Some(match self {
            Self::Phone(_) | Self::Unchecked(_) | Self::Both(_) => 0,
            Self::User(_) => 1,
        })
    }

    fn choose(&mut self, n: usize) {
        *self = match n {
            0 => Self::Unchecked(Wire::empty()),
            _ => Self::User(Wire::empty()),
        };
    }

    fn body(&self) -> Option<&dyn Wire> {
        match self {
            Self::Phone(number) => Some(number),
            Self::Unchecked(to) => Some(to),
            Self::User(user_id) => Some(user_id),
            Self::Both(both) => both.to.body(),
        }
    }

    fn body_mut(&mut self) -> Option<&mut dyn Wire> {
        match self {
            Self::Phone(_) => None,
            Self::Unchecked(to) => Some(to),
            Self::User(user_id) => Some(user_id),
            Self::Both(both) => both.to.body_mut(),
        }
    }

    fn unknown(&self) -> Option<&UnknownBody> {
        None
    }

    fn set_unknown(&mut self, _: UnknownBody) {}

    fn settle(&mut self) {
        if let Self::Unchecked(UncheckedRecipient(LooseText::Text(text))) = self
            && let Ok(number) = PhoneNumber::from_wire(text.clone())
        {
            *self = Self::Phone(number);
        }
    }

    fn beside(&self) -> Option<(&'static str, &dyn Wire)> {
        match self {
            Self::Both(both) => Some((RECIPIENT, &both.user_id)),
            _ => None,
        }
    }

    fn take_beside(&mut self, name: &str, json: &str) -> bool {
        let mut user_id = UserId::empty();
        if name != RECIPIENT || user_id.read(&mut Reader::new(json)).is_err() {
            return false;
        }
        let to = std::mem::replace(self, <Self as Flat>::empty());
        *self = to.with_user_id(user_id);
        true
    }
}

impl Flat for Recipient {
    fn empty() -> Self {
        Self::Unchecked(Wire::empty())
    }
}
