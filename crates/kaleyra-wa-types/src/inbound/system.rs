//! What WhatsApp itself says about a user.

use serde_json::Value;

use super::Identity;
use crate::UnknownFields;
use crate::UnknownText;
use crate::{TextOrObject, UserId, WaId};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// A change of a user: of the number, of the user id, of the identity. It comes without `contacts`.
///
/// ```
/// use kaleyra_wa_types::inbound::{Message, MessageContent, SystemType};
///
/// let message: Message = serde_json::from_str(r#"{"from": "919800000001", "id": "wamid.A", "type": "system",
///     "system": {"body": "Asha changed to 919800000002", "type": "user_changed_number", "wa_id": "919800000002"}}"#)?;
/// let MessageContent::System(system) = &message.content else { panic!("something else") };
/// assert_eq!(system.change(), Some(&SystemType::UserChangedNumber));
/// assert_eq!(system.new_number().map(|number| number.as_str()), Some("919800000002"));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// A test makes one:
///
/// ```
/// use kaleyra_wa_types::inbound::{Message, System, SystemType};
///
/// let change = System::new(SystemType::UserChangedNumber).wa_id("919800000002");
/// let message = Message::new("919800000001", change);
/// assert_eq!(message.content.type_name(), "system");
/// ```
///
/// Source: Meta's *system messages*; *business-scoped user ids* (2026).
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct System {
    /// The change in words; it may name both numbers.
    pub body: Option<String>,
    /// What changed: see [`change`](Self::change).
    #[wire(name = "type")]
    pub kind: Option<TextOrObject<SystemType, Value>>,
    /// The new number, in today's feeds.
    pub wa_id: Option<WaId>,
    /// The new number, in feeds up to v12.
    pub new_wa_id: Option<WaId>,
    /// The number before the change, in old feeds.
    pub customer: Option<WaId>,
    /// The new identity, or its hash.
    pub identity: Option<TextOrObject<String, Identity>>,
    /// The user id, the new one where it changed.
    pub user_id: Option<UserId>,
    /// The parent user id, the new one where it changed.
    pub parent_user_id: Option<UserId>,
    /// The user's name, where there is one.
    pub username: Option<String>,
    /// The parent user id before the change.
    pub previous_parent_user_id: Option<UserId>,
    /// The user id before the change (since August 2026).
    pub previous_user_id: Option<UserId>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What changed about a user.
///
/// For an example see [`System`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum SystemType {
    /// `user_changed_number`. The number: the conversation goes on under the new one.
    UserChangedNumber,
    /// `user_changed_user_id`. The user id. The message has no `from` where the number may not be shared.
    UserChangedUserId,
    /// `customer_changed_number`. The number, up to v12.
    CustomerChangedNumber,
    /// `customer_identity_changed`. The identity: a new phone or a new installation.
    CustomerIdentityChanged,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl System {
    /// What changed; `None` where `type` is empty or has the old object.
    pub fn change(&self) -> Option<&SystemType> {
        self.kind.as_ref()?.text()
    }

    /// The user's new number, in whichever field it came.
    pub fn new_number(&self) -> Option<&WaId> {
        self.wa_id.as_ref().or(self.new_wa_id.as_ref())
    }
}
