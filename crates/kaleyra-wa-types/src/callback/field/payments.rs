//! `payment_configuration_update`: how a business is paid (India, Brazil).

use super::view::View;
use crate::Timestamp;
use crate::wire::object::{deserialize_object, wire_object};

wire_object! {
    /// A payment configuration changed.
    ///
    /// Source: Meta's `payment_configuration_update` webhook reference.
    pub struct PaymentConfigurationUpdate {
        /// Its name, as order messages have it.
        pub configuration_name: Option<String>,
        /// The payment provider, such as `razorpay`.
        pub provider_name: Option<String>,
        /// The business's id at the provider.
        pub provider_mid: Option<String>,
        /// What it is now, such as `Active`, `Needs Testing`, `Needs Connecting`.
        pub status: Option<String>,
        /// When it was made.
        pub created_timestamp: Option<Timestamp>,
        /// When it changed.
        pub updated_timestamp: Option<Timestamp>,
    }
}

deserialize_object!(PaymentConfigurationUpdate);

impl View for PaymentConfigurationUpdate {}
