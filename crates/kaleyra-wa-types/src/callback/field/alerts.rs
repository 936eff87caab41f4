//! `account_alerts`: what Meta has to say about a business, a number, a profile.

use super::EntityId;
use super::view::View;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::open_set::open_set;

wire_object! {
    /// An alert. Its members are in `alert_info` or, in an older form, beside it: the methods look in both places.
    ///
    /// Source: Meta's `account_alerts` webhook reference.
    pub struct AccountAlerts {
        /// The kind of thing that it is about.
        pub entity_type: Option<AlertEntityType>,
        /// What it is about.
        pub entity_id: Option<EntityId>,
        /// The alert.
        pub alert_info: Option<AlertInfo>,
        /// How grave it is, in the older form.
        pub alert_severity: Option<AlertSeverity>,
        /// Whether it is still so, in the older form.
        pub alert_status: Option<AlertStatus>,
        /// What it is, in the older form.
        pub alert_type: Option<AlertType>,
        /// The same for people, in the older form.
        pub alert_description: Option<String>,
    }
}

wire_object! {
    /// What an alert says.
    pub struct AlertInfo {
        /// How grave it is.
        pub alert_severity: Option<AlertSeverity>,
        /// Whether it is still so.
        pub alert_status: Option<AlertStatus>,
        /// What it is.
        pub alert_type: Option<AlertType>,
        /// The same for people.
        pub alert_description: Option<String>,
    }
}

deserialize_object!(AccountAlerts, AlertInfo);

open_set! {
    /// The kind of thing that an alert is about.
    pub enum AlertEntityType {
        /// A business portfolio.
        Business = "BUSINESS",
        /// A status of the account.
        CurrentStatusId = "CURRENT_STATUS_ID",
        /// A number.
        PhoneNumber = "PHONE_NUMBER",
        /// An account.
        Waba = "WABA",
    }
}

open_set! {
    /// How grave an alert is.
    pub enum AlertSeverity {
        /// Something does not work.
        Critical = "CRITICAL",
        /// Nothing has to be done.
        Informational = "INFORMATIONAL",
        /// Something may stop working.
        Warning = "WARNING",
    }
}

open_set! {
    /// Whether an alert is still so.
    pub enum AlertStatus {
        /// It is.
        Active = "ACTIVE",
        /// It says nothing of that.
        None = "NONE",
        /// It is not.
        Resolved = "RESOLVED",
    }
}

open_set! {
    /// What an alert is.
    pub enum AlertType {
        /// A higher limit has to wait.
        IncreasedCapabilitiesEligibilityDeferred = "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED",
        /// A higher limit was denied.
        IncreasedCapabilitiesEligibilityFailed = "INCREASED_CAPABILITIES_ELIGIBILITY_FAILED",
        /// A higher limit needs more from the business.
        IncreasedCapabilitiesEligibilityNeedMoreInfo = "INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO",
        /// The number is an official business account.
        ObaApproved = "OBA_APPROVED",
        /// The number is no official business account.
        ObaRejected = "OBA_REJECTED",
        /// The picture of the profile is gone.
        ProfilePictureLost = "PROFILE_PICTURE_LOST",
    }
}

impl AccountAlerts {
    /// How grave it is.
    pub fn severity(&self) -> Option<&AlertSeverity> {
        let info = self.alert_info.as_ref();
        info.and_then(|info| info.alert_severity.as_ref())
            .or(self.alert_severity.as_ref())
    }

    /// Whether it is still so.
    pub fn status(&self) -> Option<&AlertStatus> {
        let info = self.alert_info.as_ref();
        info.and_then(|info| info.alert_status.as_ref())
            .or(self.alert_status.as_ref())
    }

    /// What it is.
    pub fn kind(&self) -> Option<&AlertType> {
        let info = self.alert_info.as_ref();
        info.and_then(|info| info.alert_type.as_ref())
            .or(self.alert_type.as_ref())
    }

    /// What it says to people.
    pub fn description(&self) -> Option<&str> {
        let info = self.alert_info.as_ref();
        info.and_then(|info| info.alert_description.as_deref())
            .or(self.alert_description.as_deref())
    }
}

impl View for AccountAlerts {}
