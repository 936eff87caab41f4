//! `account_settings_update`: the settings of a number changed.

use super::view::View;
use crate::messaging_object::MessagingProduct;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::open_set::open_set;
use crate::{Number, PhoneNumberId, Timestamp};

wire_object! {
    /// The settings of a number changed, by whomever.
    ///
    /// Source: Meta's *Call settings*, settings update webhooks.
    pub struct AccountSettingsUpdate {
        /// Always `whatsapp`.
        pub messaging_product: Option<MessagingProduct>,
        /// When.
        pub timestamp: Option<Timestamp>,
        /// What changed.
        pub kind as "type": Option<SettingsType>,
        /// The settings as they are now.
        pub phone_number_settings: Option<PhoneNumberSettings>,
    }
}

open_set! {
    /// What settings changed. Meta's table writes it in capitals, its sample in small letters.
    pub enum SettingsType {
        /// Those of a number.
        PhoneNumberSettings = "phone_number_settings",
        /// The same in capitals.
        PhoneNumberSettingsInCapitals = "PHONE_NUMBER_SETTINGS",
    }
}

wire_object! {
    /// The settings of a number.
    pub struct PhoneNumberSettings {
        /// The number.
        pub phone_number_id: Option<PhoneNumberId>,
        /// The settings of calls, where one of them changed.
        pub calling: Option<CallingSettings>,
    }
}

wire_object! {
    /// The settings of calls.
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
    }
}

open_set! {
    /// Whether a setting is on.
    pub enum Switch {
        /// It is off.
        Disabled = "DISABLED",
        /// It is on.
        Enabled = "ENABLED",
    }
}

wire_object! {
    /// When a number can be called.
    pub struct CallHours {
        /// Whether the hours count.
        pub status: Option<Switch>,
        /// The time zone, such as `Asia/Kolkata`.
        pub timezone_id: Option<String>,
        /// The hours of the days of the week.
        pub weekly_operating_hours: Vec<OperatingHours>,
        /// The days that differ.
        pub holiday_schedule: Vec<Holiday>,
    }
}

wire_object! {
    /// The hours of a day of the week.
    pub struct OperatingHours {
        /// The day, such as `MONDAY`.
        pub day_of_week: Option<String>,
        /// From when, such as `0930`.
        pub open_time: Option<String>,
        /// Until when, such as `1730`.
        pub close_time: Option<String>,
    }
}

wire_object! {
    /// The hours of a day that differs.
    pub struct Holiday {
        /// The day, such as `2026-01-01`.
        pub date: Option<String>,
        /// From when, such as `0000`.
        pub start_time: Option<String>,
        /// Until when, such as `2359`.
        pub end_time: Option<String>,
    }
}

wire_object! {
    /// Whether calls are signalled by SIP, and to whom.
    pub struct Sip {
        /// Whether they are.
        pub status: Option<Switch>,
        /// The servers.
        pub servers: Vec<SipServer>,
    }
}

wire_object! {
    /// A server of SIP.
    pub struct SipServer {
        /// Its name.
        pub hostname: Option<String>,
        /// Its port.
        pub port: Option<Number>,
    }
}

deserialize_object!(
    AccountSettingsUpdate,
    CallHours,
    CallingSettings,
    Holiday,
    OperatingHours,
    PhoneNumberSettings,
    Sip,
    SipServer,
);

impl View for AccountSettingsUpdate {}
