//! `account_settings_update`: the settings of a number changed.

use super::view::TypedView;
use crate::UnknownFields;
use crate::UnknownText;
use crate::outbound::MessagingProduct;
use crate::{Number, PhoneNumberId, Timestamp};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// The settings of a number changed, by whomever.
///
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
///
/// ```
/// use kaleyra_wa_types::inbound::field::{AccountSettingsUpdate, SettingsType, Switch};
///
/// let update: AccountSettingsUpdate = serde_json::from_str(r#"{"type": "phone_number_settings", "timestamp": "1767225600",
///     "phone_number_settings": {"phone_number_id": "400000000000001", "calling": {
///         "status": "ENABLED", "callback_permission_status": "DISABLED",
///         "sip": {"status": "ENABLED", "servers": [{"hostname": "sip.example.com", "port": 5061}]}
///     }}}"#)?;
/// assert_eq!(update.kind, Some(SettingsType::PhoneNumberSettings));
/// let settings = update.phone_number_settings.ok_or("no settings")?;
/// let calling = settings.calling.ok_or("calls are as before")?;
/// assert_eq!(calling.status, Some(Switch::Enabled));
/// let sip = calling.sip.ok_or("no SIP")?;
/// assert_eq!(sip.servers[0].hostname.as_deref(), Some("sip.example.com"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: Meta's *Call settings*, settings update webhooks.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct AccountSettingsUpdate {
    /// Always `whatsapp`.
    pub messaging_product: Option<MessagingProduct>,
    /// When, in seconds since 1970-01-01 UTC.
    pub timestamp: Option<Timestamp>,
    /// What changed.
    #[wire(name = "type")]
    pub kind: Option<SettingsType>,
    /// The settings as they are now.
    pub phone_number_settings: Option<PhoneNumberSettings>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What settings changed. Meta's table writes it in capitals, its sample in small letters.
///
/// For an example see [`AccountSettingsUpdate`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum SettingsType {
    /// `phone_number_settings`. Those of a number.
    PhoneNumberSettings,
    /// `PHONE_NUMBER_SETTINGS`. The same in capitals.
    #[wire(name = "PHONE_NUMBER_SETTINGS")]
    PhoneNumberSettingsInCapitals,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// The settings of a number.
///
/// For an example see [`AccountSettingsUpdate`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct PhoneNumberSettings {
    /// The number.
    pub phone_number_id: Option<PhoneNumberId>,
    /// The settings of calls, where one of them changed.
    pub calling: Option<CallingSettings>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The settings of calls.
///
/// For an example see [`AccountSettingsUpdate`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct CallingSettings {
    /// Whether the number can call and be called.
    pub status: Option<Switch>,
    /// Where the call button is shown, such as `DEFAULT` or `DISABLE_ALL`.
    pub call_icon_visibility: Option<String>,
    /// Whether a user who calls allows the business to call back.
    pub callback_permission_status: Option<Switch>,
    /// When the number can be called.
    pub call_hours: Option<CallHours>,
    /// Whether calls are signalled by SIP.
    pub sip: Option<Sip>,
    /// How the keys of the sound are exchanged, such as `DTLS` or `SDES`.
    pub srtp_key_exchange_protocol: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Whether a setting is on.
///
/// For an example see [`AccountSettingsUpdate`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum Switch {
    /// `DISABLED`. It is off.
    #[wire(name = "DISABLED")]
    Disabled,
    /// `ENABLED`. It is on.
    #[wire(name = "ENABLED")]
    Enabled,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// When a number can be called.
///
/// ```
/// use kaleyra_wa_types::inbound::field::{CallHours, Switch};
///
/// let hours: CallHours = serde_json::from_str(r#"{"status": "ENABLED", "timezone_id": "Asia/Kolkata",
///     "weekly_operating_hours": [{"day_of_week": "MONDAY", "open_time": "0930", "close_time": "1730"}],
///     "holiday_schedule": [{"date": "2026-01-26", "start_time": "0000", "end_time": "2359"}]}"#)?;
/// assert_eq!(hours.status, Some(Switch::Enabled));
/// let monday = &hours.weekly_operating_hours[0];
/// assert_eq!((monday.open_time.as_deref(), monday.close_time.as_deref()), (Some("0930"), Some("1730")));
/// assert_eq!(hours.holiday_schedule[0].date.as_deref(), Some("2026-01-26"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct CallHours {
    /// Whether the hours count.
    pub status: Option<Switch>,
    /// The time zone, such as `Asia/Kolkata`.
    pub timezone_id: Option<String>,
    /// The hours of the days of the week.
    pub weekly_operating_hours: Vec<OperatingHours>,
    /// The days that differ.
    pub holiday_schedule: Vec<Holiday>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The hours of a day of the week.
///
/// For an example see [`CallHours`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct OperatingHours {
    /// The day, such as `MONDAY`.
    pub day_of_week: Option<String>,
    /// From when, such as `0930`.
    pub open_time: Option<String>,
    /// Until when, such as `1730`.
    pub close_time: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The hours of a day that differs.
///
/// For an example see [`CallHours`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Holiday {
    /// The day, such as `2026-01-01`.
    pub date: Option<String>,
    /// From when, such as `0000`.
    pub start_time: Option<String>,
    /// Until when, such as `2359`.
    pub end_time: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Whether calls are signalled by SIP, and to whom.
///
/// For an example see [`AccountSettingsUpdate`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Sip {
    /// Whether they are.
    pub status: Option<Switch>,
    /// The servers.
    pub servers: Vec<SipServer>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A server of SIP.
///
/// For an example see [`AccountSettingsUpdate`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct SipServer {
    /// Its name.
    pub hostname: Option<String>,
    /// Its port.
    pub port: Option<Number>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl TypedView for AccountSettingsUpdate {}
