//! `phone_number_name_update`, `phone_number_quality_update`, `security`: what became of a business number.

use super::MessagingLimit;
use super::view::View;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::open_set::open_set;

wire_object! {
    /// Meta decided on the display name of a number.
    ///
    /// Source: Meta's `phone_number_name_update` webhook reference.
    pub struct PhoneNumberNameUpdate {
        /// The number.
        pub display_phone_number: Option<String>,
        /// What Meta decided.
        pub decision: Option<NameDecision>,
        /// The name that the business asked for.
        pub requested_verified_name: Option<String>,
        /// Why Meta said no; `null` on the wire where it did not.
        pub rejection_reason: Option<String>,
    }
}

open_set! {
    /// What Meta decided about a display name.
    pub enum NameDecision {
        /// The name is shown.
        Approved = "APPROVED",
        /// Meta will decide later.
        Deferred = "DEFERRED",
        /// Meta still looks at it.
        Pending = "PENDING",
        /// The name is not shown.
        Rejected = "REJECTED",
    }
}

wire_object! {
    /// The quality, the limit or the throughput of a number changed.
    ///
    /// Source: Meta's `phone_number_quality_update` webhook reference.
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
    }
}

open_set! {
    /// What happened to a number, told by Meta's webhook and by Kaleyra's `GET` alike.
    pub enum PhoneNumberQualityEvent {
        /// Its limit is lower.
        Downgrade = "DOWNGRADE",
        /// Its quality is low.
        Flagged = "FLAGGED",
        /// It is new.
        Onboarding = "ONBOARDING",
        /// It can send more messages a second.
        ThroughputUpgrade = "THROUGHPUT_UPGRADE",
        /// Its quality is no longer low.
        Unflagged = "UNFLAGGED",
        /// Its limit is higher.
        Upgrade = "UPGRADE",
    }
}

wire_object! {
    /// The PIN of a number was changed, or somebody asked for that.
    ///
    /// Source: Meta's *security* webhook reference.
    pub struct Security {
        /// The number.
        pub display_phone_number: Option<String>,
        /// What happened.
        pub event: Option<SecurityEvent>,
        /// Meta's id of the person who asked.
        pub requester: Option<String>,
    }
}

open_set! {
    /// What happened to the PIN of a number.
    pub enum SecurityEvent {
        /// It was changed.
        PinChanged = "PIN_CHANGED",
        /// Somebody asked for it to be turned off, and was heard.
        PinRequestSuccess = "PIN_REQUEST_SUCCESS",
        /// Somebody asks for it to be turned off.
        PinResetRequest = "PIN_RESET_REQUEST",
    }
}

deserialize_object!(PhoneNumberNameUpdate, PhoneNumberQualityUpdate, Security);

impl View for PhoneNumberNameUpdate {}

impl View for PhoneNumberQualityUpdate {
    fn is_known(&self) -> bool {
        !matches!(self.event, Some(PhoneNumberQualityEvent::Unknown(_)))
    }
}

impl View for Security {
    fn is_known(&self) -> bool {
        !matches!(self.event, Some(SecurityEvent::Unknown(_)))
    }
}
