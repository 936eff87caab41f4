//! `account_settings_update`: the settings of a number changed.

use super::view::TypedView;
use crate::UnknownFields;
use crate::UnknownText;
use crate::outbound::MessagingProduct;
use crate::{Number, PhoneNumberId, Timestamp};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// The settings of a number changed, by whomever.
///
/// For an example see [`FieldChange`](crate::inbound::FieldChange).
///
/// Source: Meta's *Call settings*, settings update webhooks.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct AccountSettingsUpdate {
    /// Always `whatsapp`.
    pub messaging_product: Option<MessagingProduct>,
    /// When.
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
