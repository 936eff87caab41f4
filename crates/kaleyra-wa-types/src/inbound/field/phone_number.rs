//! `phone_number_name_update`, `phone_number_quality_update`, `security`: what became of a business number.

use super::MessagingLimit;
use super::view::TypedView;
use crate::UnknownFields;
use crate::UnknownText;
use kaleyra_wa_derive::{OpenEnum, Wire};

/// Meta decided on the display name of a number.
///
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
///
/// ```
/// use kaleyra_wa_types::inbound::field::{NameDecision, PhoneNumberNameUpdate};
///
/// let update: PhoneNumberNameUpdate = serde_json::from_str(r#"{"display_phone_number": "15550000001",
///     "decision": "REJECTED", "requested_verified_name": "Best shoes", "rejection_reason": "NAME_NOT_CONSISTENT"}"#)?;
/// assert_eq!(update.decision, Some(NameDecision::Rejected));
/// assert_eq!(update.rejection_reason.as_deref(), Some("NAME_NOT_CONSISTENT"));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's `phone_number_name_update` webhook reference.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct PhoneNumberNameUpdate {
    /// The number.
    pub display_phone_number: Option<String>,
    /// What Meta decided.
    pub decision: Option<NameDecision>,
    /// The name that the business asked for.
    pub requested_verified_name: Option<String>,
    /// Why Meta said no, such as `NAME_NOT_CONSISTENT`; `null` on the wire where it did not.
    pub rejection_reason: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What Meta decided about a display name.
///
/// For an example see [`PhoneNumberNameUpdate`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum NameDecision {
    /// `APPROVED`. The name is shown.
    #[wire(name = "APPROVED")]
    Approved,
    /// `DEFERRED`. Meta will decide later.
    #[wire(name = "DEFERRED")]
    Deferred,
    /// `PENDING`. Meta still looks at it.
    #[wire(name = "PENDING")]
    Pending,
    /// `REJECTED`. The name is not shown.
    #[wire(name = "REJECTED")]
    Rejected,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// The quality, the limit or the throughput of a number changed.
///
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
///
/// ```
/// use kaleyra_wa_types::inbound::field::{PhoneNumberQualityEvent, PhoneNumberQualityUpdate};
///
/// let update: PhoneNumberQualityUpdate = serde_json::from_str(r#"{"display_phone_number": "15550000001",
///     "event": "DOWNGRADE", "old_limit": "TIER_10K", "current_limit": "TIER_1K"}"#)?;
/// assert_eq!(update.event, Some(PhoneNumberQualityEvent::Downgrade));
/// assert_eq!(update.current_limit.and_then(|limit| limit.users()), Some(1000));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's `phone_number_quality_update` webhook reference.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct PhoneNumberQualityUpdate {
    /// The number.
    pub display_phone_number: Option<String>,
    /// What happened.
    pub event: Option<PhoneNumberQualityEvent>,
    /// How many users it may write to first in 24 hours. For
    /// [`ThroughputUpgrade`](PhoneNumberQualityEvent::ThroughputUpgrade) it says nothing of the throughput.
    pub current_limit: Option<MessagingLimit>,
    /// How many it was.
    pub old_limit: Option<MessagingLimit>,
    /// How many the business may write to first in 24 hours.
    pub max_daily_conversations_per_business: Option<MessagingLimit>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What happened to a number, as reported by Meta's webhook and by Kaleyra's `GET` alike.
///
/// For an example see [`PhoneNumberQualityUpdate`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum PhoneNumberQualityEvent {
    /// `DOWNGRADE`. Its limit is lower.
    #[wire(name = "DOWNGRADE")]
    Downgrade,
    /// `FLAGGED`. Its quality is low.
    #[wire(name = "FLAGGED")]
    Flagged,
    /// `ONBOARDING`. It is new.
    #[wire(name = "ONBOARDING")]
    Onboarding,
    /// `THROUGHPUT_UPGRADE`. It can send more messages a second.
    #[wire(name = "THROUGHPUT_UPGRADE")]
    ThroughputUpgrade,
    /// `UNFLAGGED`. Its quality is no longer low.
    #[wire(name = "UNFLAGGED")]
    Unflagged,
    /// `UPGRADE`. Its limit is higher.
    #[wire(name = "UPGRADE")]
    Upgrade,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// The PIN of a number was changed, or somebody asked for that.
///
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
///
/// ```
/// use kaleyra_wa_types::inbound::field::{Security, SecurityEvent};
///
/// let change: Security = serde_json::from_str(
///     r#"{"display_phone_number": "15550000001", "event": "PIN_RESET_REQUEST", "requester": "400000000000001"}"#,
/// )?;
/// assert_eq!(change.event, Some(SecurityEvent::PinResetRequest)); // was it one of yours?
/// assert_eq!(change.requester.as_deref(), Some("400000000000001"));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's *security* webhook reference.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Security {
    /// The number.
    pub display_phone_number: Option<String>,
    /// What happened.
    pub event: Option<SecurityEvent>,
    /// Meta's id of the person who asked.
    pub requester: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What happened to the PIN of a number.
///
/// For an example see [`Security`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum SecurityEvent {
    /// `PIN_CHANGED`. It was changed.
    #[wire(name = "PIN_CHANGED")]
    PinChanged,
    /// `PIN_REQUEST_SUCCESS`. A request to turn it off succeeded.
    #[wire(name = "PIN_REQUEST_SUCCESS")]
    PinRequestSuccess,
    /// `PIN_RESET_REQUEST`. Somebody asks for it to be turned off.
    #[wire(name = "PIN_RESET_REQUEST")]
    PinResetRequest,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl TypedView for PhoneNumberNameUpdate {}

impl TypedView for PhoneNumberQualityUpdate {
    fn is_known(&self) -> bool {
        !matches!(self.event, Some(PhoneNumberQualityEvent::Unknown(_)))
    }
}

impl TypedView for Security {
    fn is_known(&self) -> bool {
        !matches!(self.event, Some(SecurityEvent::Unknown(_)))
    }
}
