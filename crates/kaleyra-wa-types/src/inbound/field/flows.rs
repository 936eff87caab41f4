//! `flows`: something happened to a flow.

use super::view::TypedView;
use crate::UnknownFields;
use crate::UnknownText;
use crate::{FlowId, Number};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// Something happened to a flow, or its endpoint has trouble.
///
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
///
/// ```
/// use kaleyra_wa_types::inbound::field::{FlowAlertState, FlowEvent, FlowStatus, Flows};
///
/// let changed: Flows = serde_json::from_str(r#"{"event": "FLOW_STATUS_CHANGE", "flow_id": "400000000000001",
///     "old_status": "PUBLISHED", "new_status": "BLOCKED"}"#)?;
/// assert_eq!(changed.event, Some(FlowEvent::FlowStatusChange));
/// assert_eq!(changed.new_status, Some(FlowStatus::Blocked)); // it can't be sent
///
/// let trouble: Flows = serde_json::from_str(r#"{"event": "ENDPOINT_ERROR_RATE", "flow_id": "400000000000001",
///     "alert_state": "ACTIVATED", "error_rate": 14.28, "threshold": 10,
///     "errors": [{"error_type": "TIMEOUT", "error_rate": 66.6, "error_count": 2}]}"#)?;
/// assert_eq!(trouble.alert_state, Some(FlowAlertState::Activated)); // it began
/// assert_eq!(trouble.error_rate.and_then(|percent| percent.as_f64()), Some(14.28));
/// assert_eq!(trouble.errors[0].error_type.as_deref(), Some("TIMEOUT"));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's *Flows* webhooks.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Flows {
    /// What happened.
    pub event: Option<FlowEvent>,
    /// The same in human-readable form.
    pub message: Option<String>,
    /// What will happen, in human-readable form.
    pub warning: Option<String>,
    /// The flow.
    pub flow_id: Option<FlowId>,
    /// What it was.
    pub old_status: Option<FlowStatus>,
    /// What it is.
    pub new_status: Option<FlowStatus>,
    /// How many requests failed, in percent.
    pub error_rate: Option<Number>,
    /// The threshold that was crossed: percent, or milliseconds for a latency.
    pub threshold: Option<Number>,
    /// Whether the trouble began or ended.
    pub alert_state: Option<FlowAlertState>,
    /// What failed.
    pub errors: Vec<FlowError>,
    /// The time within which half of the responses arrived, in milliseconds.
    pub p50_latency: Option<Number>,
    /// The time within which 90% of the responses arrived, in milliseconds.
    pub p90_latency: Option<Number>,
    /// How many requests there were.
    pub requests_count: Option<Number>,
    /// How many requests got a response, in percent.
    pub availability: Option<Number>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A kind of failure, and how often it was seen.
///
/// For an example see [`Flows`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct FlowError {
    /// Which, such as `TIMEOUT`.
    pub error_type: Option<String>,
    /// How many of the failures, in percent.
    pub error_rate: Option<Number>,
    /// How many.
    pub error_count: Option<Number>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What became of a flow.
///
/// For an example see [`Flows`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum FlowEvent {
    /// `CLIENT_ERROR_RATE`. Many users' apps failed.
    #[wire(name = "CLIENT_ERROR_RATE")]
    ClientErrorRate,
    /// `ENDPOINT_AVAILABILITY`. The endpoint can't be reached.
    #[wire(name = "ENDPOINT_AVAILABILITY")]
    EndpointAvailability,
    /// `ENDPOINT_ERROR_RATE`. Many requests to the endpoint failed.
    #[wire(name = "ENDPOINT_ERROR_RATE")]
    EndpointErrorRate,
    /// `ENDPOINT_LATENCY`. The endpoint is slow.
    #[wire(name = "ENDPOINT_LATENCY")]
    EndpointLatency,
    /// `FLOW_STATUS_CHANGE`. Its status changed.
    #[wire(name = "FLOW_STATUS_CHANGE")]
    FlowStatusChange,
    /// `FLOW_VERSION_EXPIRY_WARNING`. Its version will no longer be supported.
    #[wire(name = "FLOW_VERSION_EXPIRY_WARNING")]
    FlowVersionExpiryWarning,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// The status of a flow.
///
/// For an example see [`Flows`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum FlowStatus {
    /// `BLOCKED`. It can't be sent, because its endpoint is down.
    #[wire(name = "BLOCKED")]
    Blocked,
    /// `DEPRECATED`. It can no longer be sent.
    #[wire(name = "DEPRECATED")]
    Deprecated,
    /// `DRAFT`. It can be sent for trials.
    #[wire(name = "DRAFT")]
    Draft,
    /// `PUBLISHED`. It can be sent.
    #[wire(name = "PUBLISHED")]
    Published,
    /// `THROTTLED`. It can be sent ten times an hour, because its endpoint has trouble.
    #[wire(name = "THROTTLED")]
    Throttled,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// Whether trouble began or ended.
///
/// For an example see [`Flows`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum FlowAlertState {
    /// `ACTIVATED`. It began.
    #[wire(name = "ACTIVATED")]
    Activated,
    /// `DEACTIVATED`. It ended.
    #[wire(name = "DEACTIVATED")]
    Deactivated,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl TypedView for Flows {}
