//! Pinning a message in a group.

use crate::UnknownFields;
use crate::UnknownText;
use crate::validate::{Check, Rule, Validate};
use crate::{MessageId, Number};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// Pins a message at the top of a group, or takes it down.
///
/// ```
/// use kaleyra_wa_types::outbound::{MessagingObject, Pin};
///
/// let message = MessagingObject::to_group("group-17", Pin::new("wamid.A").expiration_days(7));
/// assert_eq!(
///     serde_json::to_value(&message)?["pin"],
///     serde_json::json!({"type": "pin", "message_id": "wamid.A", "expiration_days": 7}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's pages on groups.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Pin {
    /// Up or down.
    #[wire(name = "type")]
    pub kind: PinType,
    /// WhatsApp's id of the message.
    pub message_id: MessageId,
    /// How long it stays, in days: 1 to 30.
    pub expiration_days: Option<Number>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Whether a message goes up or down.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum PinType {
    /// `pin`. Up.
    Pin,
    /// `unpin`. Down.
    Unpin,
    /// A text that this version does not know.
    Unknown(UnknownText),
}

impl Pin {
    /// The most days that a message stays pinned.
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

    /// Takes a message down.
    pub fn unpin(message_id: impl Into<MessageId>) -> Self {
        Self {
            kind: PinType::Unpin,
            ..Self::new(message_id)
        }
    }

    /// How long it stays, in days: 1 to 30.
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
