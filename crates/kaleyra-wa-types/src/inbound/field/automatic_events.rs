//! `automatic_events`: leads and purchases that Meta saw in chats that an ad began.

use super::view::{Faults, TypedView, all_known};
use crate::UnknownFields;
use crate::UnknownText;
use crate::inbound::Decoded;
use crate::inbound::Metadata;
use crate::outbound::MessagingProduct;
use crate::{MessageId, Number, Timestamp};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// Leads and purchases that Meta saw in chats that an ad began.
///
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
///
/// ```
/// use kaleyra_wa_types::inbound::field::{AutomaticEventName, AutomaticEvents};
///
/// let seen: AutomaticEvents = serde_json::from_str(r#"{"automatic_events": [{
///     "id": "wamid.A", "event_name": "Purchase", "timestamp": 1767225600, "ctwa_clid": "click-1",
///     "custom_data": {"currency": "INR", "value": 450.5}
/// }]}"#)?;
/// let event = seen.automatic_events[0].typed().ok_or("malformed")?;
/// assert_eq!(event.event_name, Some(AutomaticEventName::Purchase));
/// let paid = event.custom_data.as_ref().ok_or("not said")?;
/// assert_eq!(paid.value.as_ref().and_then(|value| value.as_f64()), Some(450.5)); // ₹ 450.50
/// assert_eq!(paid.currency.as_deref(), Some("INR"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: Meta's `automatic_events` webhook reference.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct AutomaticEvents {
    /// Always `whatsapp`.
    pub messaging_product: Option<MessagingProduct>,
    /// The business number that this happened to.
    pub metadata: Option<Metadata>,
    /// What Meta saw.
    pub automatic_events: Vec<Decoded<AutomaticEvent>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A lead or a purchase.
///
/// For an example see [`AutomaticEvents`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct AutomaticEvent {
    /// The message that shows it.
    pub id: Option<MessageId>,
    /// What it is.
    pub event_name: Option<AutomaticEventName>,
    /// When, in seconds since 1970-01-01 UTC.
    pub timestamp: Option<Timestamp>,
    /// The click on the ad.
    pub ctwa_clid: Option<String>,
    /// What was paid, for a purchase.
    pub custom_data: Option<PurchaseData>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What a purchase was worth.
///
/// For an example see [`AutomaticEvents`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct PurchaseData {
    /// The currency, three letters.
    pub currency: Option<String>,
    /// The amount.
    pub value: Option<Number>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What Meta saw.
///
/// For an example see [`AutomaticEvents`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum AutomaticEventName {
    /// `LeadSubmitted`. The user may become a customer.
    #[wire(name = "LeadSubmitted")]
    LeadSubmitted,
    /// `Purchase`. The user bought something.
    #[wire(name = "Purchase")]
    Purchase,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl TypedView for AutomaticEvents {
    fn is_known(&self) -> bool {
        all_known(&self.automatic_events)
    }

    fn faults(&self, faults: &mut Faults<'_>) {
        faults.elements("automatic_events", &self.automatic_events);
    }
}

impl TypedView for AutomaticEvent {
    fn is_known(&self) -> bool {
        !matches!(self.event_name, Some(AutomaticEventName::Unknown(_)))
    }
}
