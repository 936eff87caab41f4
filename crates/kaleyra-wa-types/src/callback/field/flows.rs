//! `flows`: something became of a flow.

use super::view::View;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::open_set::open_set;
use crate::{FlowId, Number};

wire_object! {
    /// Something became of a flow, or its endpoint has trouble.
    ///
    /// Source: Meta's *Flows* webhooks.
    pub struct Flows {
        /// What happened.
        pub event: Option<FlowEvent>,
        /// The same for people.
        pub message: Option<String>,
        /// What will happen, for people.
        pub warning: Option<String>,
        /// The flow.
        pub flow_id: Option<FlowId>,
        /// What it was.
        pub old_status: Option<FlowStatus>,
        /// What it is.
        pub new_status: Option<FlowStatus>,
        /// How many requests failed, in per cent.
        pub error_rate: Option<Number>,
        /// What was passed: per cent, or milliseconds for a latency.
        pub threshold: Option<Number>,
        /// Whether the trouble began or ended.
        pub alert_state: Option<FlowAlertState>,
        /// What failed.
        pub errors: Vec<FlowError>,
        /// The time within which half of the answers came, in milliseconds.
        pub p50_latency: Option<Number>,
        /// The time within which nine of ten answers came, in milliseconds.
        pub p90_latency: Option<Number>,
        /// How many requests there were.
        pub requests_count: Option<Number>,
        /// How many requests were answered, in per cent.
        pub availability: Option<Number>,
    }
}

wire_object! {
    /// A kind of failure, and how often it was seen.
    pub struct FlowError {
        /// Which, such as `TIMEOUT`.
        pub error_type: Option<String>,
        /// How many of the failures, in per cent.
        pub error_rate: Option<Number>,
        /// How many.
        pub error_count: Option<Number>,
    }
}

deserialize_object!(FlowError, Flows);

open_set! {
    /// What became of a flow.
    pub enum FlowEvent {
        /// Many users' apps failed.
        ClientErrorRate = "CLIENT_ERROR_RATE",
        /// The endpoint can't be reached.
        EndpointAvailability = "ENDPOINT_AVAILABILITY",
        /// Many requests to the endpoint failed.
        EndpointErrorRate = "ENDPOINT_ERROR_RATE",
        /// The endpoint is slow.
        EndpointLatency = "ENDPOINT_LATENCY",
        /// Its status changed.
        FlowStatusChange = "FLOW_STATUS_CHANGE",
        /// Its version will no longer be supported.
        FlowVersionExpiryWarning = "FLOW_VERSION_EXPIRY_WARNING",
    }
}

open_set! {
    /// The status of a flow.
    pub enum FlowStatus {
        /// It can't be sent, because its endpoint is down.
        Blocked = "BLOCKED",
        /// It can no longer be sent.
        Deprecated = "DEPRECATED",
        /// It can be sent for trials.
        Draft = "DRAFT",
        /// It can be sent.
        Published = "PUBLISHED",
        /// It can be sent ten times an hour, because its endpoint has trouble.
        Throttled = "THROTTLED",
    }
}

open_set! {
    /// Whether trouble began or ended.
    pub enum FlowAlertState {
        /// It began.
        Activated = "ACTIVATED",
        /// It ended.
        Deactivated = "DEACTIVATED",
    }
}

impl View for Flows {}
