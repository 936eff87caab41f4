//! `payment_configuration_update`: how a business is paid (India, Brazil).

use super::view::TypedView;
use crate::Timestamp;
use crate::UnknownFields;
use kaleyra_wa_derive::Wire;

/// A payment configuration changed.
///
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
///
/// ```
/// use kaleyra_wa_types::inbound::field::PaymentConfigurationUpdate;
///
/// let update: PaymentConfigurationUpdate = serde_json::from_str(
///     r#"{"configuration_name": "shop-upi", "provider_name": "razorpay", "status": "Needs Testing"}"#,
/// )?;
/// assert_eq!(update.configuration_name.as_deref(), Some("shop-upi")); // as order messages name it
/// assert_eq!(update.status.as_deref(), Some("Needs Testing"));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's `payment_configuration_update` webhook reference.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
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
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl TypedView for PaymentConfigurationUpdate {}
