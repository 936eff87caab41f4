//! Pinning a message in a group.

use crate::UnknownFields;
use crate::UnknownText;
use crate::validate::{Check, Rule, Validate};
use crate::{MessageId, Number};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// Pins a message at the top of a group, or unpins it.
///
/// ```
/// use kaleyra_wa_types::outbound::{MessagingObject, Pin};
///
/// let message = MessagingObject::to_group("group-17", Pin::new("wamid.A").expiration_days(7));
/// assert_eq!(
///     serde_json::to_value(&message)?["pin"],
///     serde_json::json!({"type": "pin", "message_id": "wamid.A", "expiration_days": 7}),
/// );
/// let not_any_more = MessagingObject::to_group("group-17", Pin::unpin("wamid.A"));
/// assert!(not_any_more.violations().is_empty());
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's pages on groups.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Pin {
    /// Pin or unpin.
    #[wire(name = "type")]
    pub kind: PinType,
    /// WhatsApp's id of the message.
    pub message_id: MessageId,
    /// How long it stays, in days: 1 to 30.
    pub expiration_days: Option<Number>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Whether a message is pinned or unpinned.
///
/// ```
/// use kaleyra_wa_types::outbound::{Pin, PinType};
///
/// let pin: Pin = serde_json::from_str(r#"{"type": "unpin", "message_id": "wamid.A"}"#)?;
/// assert_eq!(pin.kind, PinType::Unpin);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum PinType {
    /// `pin`. Pins it.
    Pin,
    /// `unpin`. Unpins it.
    Unpin,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl Pin {
    /// The maximum number of days that a message stays pinned.
    pub const EXPIRATION_DAYS_MAX: i64 = 30;

    /// Pins a message.
    pub fn new(message_id: impl Into<MessageId>) -> Self {
        Self {
            kind: PinType::Pin,
            message_id: message_id.into(),
            expiration_days: None,
            unknown: Default::default(),
        }
    }

    /// Unpins a message.
    pub fn unpin(message_id: impl Into<MessageId>) -> Self {
        Self {
            kind: PinType::Unpin,
            ..Self::new(message_id)
        }
    }

    /// How long it stays, in days: 1 to 30.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::{MessagingObject, Pin};
    ///
    /// let message = MessagingObject::to_group("group-17", Pin::new("wamid.A").expiration_days(31));
    /// assert_eq!(message.violations()[0].to_string(), "pin.expiration_days: must be 1 to 30, found 31");
    /// ```
    pub fn expiration_days(mut self, days: u8) -> Self {
        self.expiration_days = Some(i64::from(days).into());
        self
    }
}

impl Validate for Pin {
    fn check(&self, check: &mut Check<'_>) {
        if let PinType::Unknown(_) = self.kind {
            check
                .member("type")
                .report(Rule::Format("`pin` or `unpin`"));
        }
        check
            .member("message_id")
            .not_empty(self.message_id.as_str());
        match self.expiration_days.as_ref().map(Number::as_i64) {
            Some(Some(days)) => {
                check
                    .member("expiration_days")
                    .range(days, 1, Self::EXPIRATION_DAYS_MAX);
            }
            Some(None) => check
                .member("expiration_days")
                .report(Rule::Format("a whole number")),
            None => {}
        }
    }
}
