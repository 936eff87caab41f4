//! `account_alerts`: what Meta has to say about a business, a number, a profile.

use super::EntityId;
use super::view::TypedView;
use crate::UnknownFields;
use crate::UnknownText;
use kaleyra_wa_derive::{OpenEnum, Wire};

/// An alert. Its fields are in `alert_info` or, in an older form, beside it: the methods look in both places.
///
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself, in both forms:
///
/// ```
/// use kaleyra_wa_types::inbound::field::{AccountAlerts, AlertEntityType, AlertSeverity, AlertStatus, AlertType};
///
/// let today: AccountAlerts = serde_json::from_str(r#"{"entity_type": "PHONE_NUMBER", "entity_id": "400000000000001",
///     "alert_info": {"alert_severity": "WARNING", "alert_status": "ACTIVE", "alert_type": "PROFILE_PICTURE_LOST",
///         "alert_description": "The picture is gone."}}"#)?;
/// assert_eq!(today.entity_type, Some(AlertEntityType::PhoneNumber));
/// assert_eq!(today.severity(), Some(&AlertSeverity::Warning));
/// assert_eq!(today.status(), Some(&AlertStatus::Active));
/// assert_eq!(today.kind(), Some(&AlertType::ProfilePictureLost));
/// assert_eq!(today.description(), Some("The picture is gone."));
///
/// let older: AccountAlerts = serde_json::from_str(r#"{"entity_type": "PHONE_NUMBER", "alert_severity": "WARNING"}"#)?;
/// assert_eq!(older.severity(), today.severity());
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's `account_alerts` webhook reference.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct AccountAlerts {
    /// The kind of thing that it is about.
    pub entity_type: Option<AlertEntityType>,
    /// What it is about.
    pub entity_id: Option<EntityId>,
    /// The alert.
    pub alert_info: Option<AlertInfo>,
    /// How severe it is, in the older form.
    pub alert_severity: Option<AlertSeverity>,
    /// Whether it still applies, in the older form.
    pub alert_status: Option<AlertStatus>,
    /// What it is, in the older form.
    pub alert_type: Option<AlertType>,
    /// The same in human-readable form, in the older form.
    pub alert_description: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What an alert says.
///
/// For an example see [`AccountAlerts`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct AlertInfo {
    /// How severe it is.
    pub alert_severity: Option<AlertSeverity>,
    /// Whether it still applies.
    pub alert_status: Option<AlertStatus>,
    /// What it is.
    pub alert_type: Option<AlertType>,
    /// The same in human-readable form.
    pub alert_description: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The kind of thing that an alert is about.
///
/// For an example see [`AccountAlerts`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum AlertEntityType {
    /// `BUSINESS`. A business portfolio.
    #[wire(name = "BUSINESS")]
    Business,
    /// `CURRENT_STATUS_ID`. A status of the account.
    #[wire(name = "CURRENT_STATUS_ID")]
    CurrentStatusId,
    /// `PHONE_NUMBER`. A number.
    #[wire(name = "PHONE_NUMBER")]
    PhoneNumber,
    /// `WABA`. An account.
    #[wire(name = "WABA")]
    Waba,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// How severe an alert is.
///
/// For an example see [`AccountAlerts`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum AlertSeverity {
    /// `CRITICAL`. Something does not work.
    #[wire(name = "CRITICAL")]
    Critical,
    /// `INFORMATIONAL`. Nothing has to be done.
    #[wire(name = "INFORMATIONAL")]
    Informational,
    /// `WARNING`. Something may stop working.
    #[wire(name = "WARNING")]
    Warning,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// Whether an alert still applies.
///
/// For an example see [`AccountAlerts`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum AlertStatus {
    /// `ACTIVE`. It does.
    #[wire(name = "ACTIVE")]
    Active,
    /// `NONE`. It says nothing of that.
    #[wire(name = "NONE")]
    None,
    /// `RESOLVED`. It no longer does.
    #[wire(name = "RESOLVED")]
    Resolved,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// What an alert is.
///
/// For an example see [`AccountAlerts`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum AlertType {
    /// `INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED`. A higher limit has to wait.
    #[wire(name = "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED")]
    IncreasedCapabilitiesEligibilityDeferred,
    /// `INCREASED_CAPABILITIES_ELIGIBILITY_FAILED`. A higher limit was denied.
    #[wire(name = "INCREASED_CAPABILITIES_ELIGIBILITY_FAILED")]
    IncreasedCapabilitiesEligibilityFailed,
    /// `INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO`. A higher limit needs more from the business.
    #[wire(name = "INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO")]
    IncreasedCapabilitiesEligibilityNeedMoreInfo,
    /// `OBA_APPROVED`. The number is an official business account.
    #[wire(name = "OBA_APPROVED")]
    ObaApproved,
    /// `OBA_REJECTED`. The number is no official business account.
    #[wire(name = "OBA_REJECTED")]
    ObaRejected,
    /// `PROFILE_PICTURE_LOST`. The picture of the profile is gone.
    #[wire(name = "PROFILE_PICTURE_LOST")]
    ProfilePictureLost,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl AccountAlerts {
    /// How severe it is.
    pub fn severity(&self) -> Option<&AlertSeverity> {
        let info = self.alert_info.as_ref();
        info.and_then(|info| info.alert_severity.as_ref())
            .or(self.alert_severity.as_ref())
    }

    /// Whether it still applies.
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

    /// Its human-readable description.
    pub fn description(&self) -> Option<&str> {
        let info = self.alert_info.as_ref();
        info.and_then(|info| info.alert_description.as_deref())
            .or(self.alert_description.as_deref())
    }
}

impl TypedView for AccountAlerts {}
