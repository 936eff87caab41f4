//! What the spans say of a callback; and what is counted, with the feature `metrics`, without it nothing.

use kaleyra_wa_types::extra_info::CallbackExtraInfo;
use tracing::Span;

#[cfg(feature = "metrics")]
pub(crate) use with_metrics::{Stopwatch, Tally, describe};
#[cfg(not(feature = "metrics"))]
pub(crate) use without_metrics::{Stopwatch, Tally, describe};

/// Kaleyra's own ids, which its support asks for. They come from outside and stand in each line of the log, so what
/// doesn't look like an id is left out.
pub(crate) fn record_ids(span: &Span, extra_info: Option<&CallbackExtraInfo>) {
    let Some(extra_info) = extra_info else {
        return;
    };
    let is_one = |id: &&str| id.len() <= 100 && id.chars().all(|c| c.is_ascii_graphic());
    let trace_id = extra_info.trace_id.as_ref().map(|id| id.as_str());
    if let Some(trace_id) = trace_id.filter(is_one) {
        span.record("kaleyra.trace_id", trace_id);
    }
    let waba_id = extra_info.waba_id.as_ref().map(|id| id.as_str());
    if let Some(waba_id) = waba_id.filter(is_one) {
        span.record("kaleyra.waba_id", waba_id);
    }
}

#[cfg(feature = "metrics")]
mod with_metrics {
    use std::sync::Once;
    use std::time::Instant;

    use http::StatusCode;
    use kaleyra_wa_types::inbound::{Callback, EventKind};
    use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};

    use crate::guard::quietly;

    const DELIVERIES: &str = "kaleyra_wa_webhook_deliveries_total";
    const DURATION: &str = "kaleyra_wa_webhook_delivery_duration_seconds";
    const EVENTS: &str = "kaleyra_wa_webhook_events_total";
    const UNKNOWN_FIELDS: &str = "kaleyra_wa_webhook_unknown_fields_total";

    const KINDS: [EventKind; 5] = [
        EventKind::Message,
        EventKind::Status,
        EventKind::Error,
        EventKind::Field,
        EventKind::Other,
    ];

    /// Tells the recorder, once, what the metrics mean.
    pub(crate) fn describe() {
        static DESCRIBED: Once = Once::new();
        let tell = || {
            describe_counter!(
                DELIVERIES,
                "requests at the webhook, by the status of the response"
            );
            describe_histogram!(
                DURATION,
                Unit::Seconds,
                "from the head of a request to its response"
            );
            describe_counter!(EVENTS, "events that the sink accepted, by their kind");
            describe_counter!(
                UNKNOWN_FIELDS,
                "fields that this version doesn't know, in what the sink accepted"
            );
        };
        DESCRIBED.call_once(|| {
            quietly(tell);
        });
    }

    /// Runs from the head of a request to its response.
    pub(crate) struct Stopwatch(Instant);

    impl Stopwatch {
        pub(crate) fn start() -> Self {
            Self(Instant::now())
        }

        pub(crate) fn answered(self, status: StatusCode) {
            let status = status.as_str().to_owned();
            histogram!(DURATION, "status" => status.clone()).record(self.0.elapsed());
            counter!(DELIVERIES, "status" => status).increment(1);
        }
    }

    /// What is in a callback, in numbers.
    pub(crate) struct Tally {
        /// In the order of [`KINDS`].
        events: [u64; KINDS.len()],
        unknown_fields: u64,
    }

    impl Tally {
        pub(crate) fn of(callback: &Callback) -> Self {
            let mut events = [0; KINDS.len()];
            for event in callback.events() {
                // A kind that is added later counts as the last one until it is listed.
                let place = KINDS.iter().position(|kind| *kind == event.kind());
                events[place.unwrap_or(KINDS.len() - 1)] += 1;
            }
            let unknown_fields = callback.unknown_fields().len() as u64;
            Self {
                events,
                unknown_fields,
            }
        }

        pub(crate) fn count(self) {
            for (kind, events) in KINDS.iter().zip(self.events) {
                if events > 0 {
                    counter!(EVENTS, "kind" => kind.as_str()).increment(events);
                }
            }
            if self.unknown_fields > 0 {
                counter!(UNKNOWN_FIELDS).increment(self.unknown_fields);
            }
        }
    }
}

#[cfg(not(feature = "metrics"))]
mod without_metrics {
    use http::StatusCode;
    use kaleyra_wa_types::inbound::Callback;

    pub(crate) const fn describe() {}

    pub(crate) struct Stopwatch;

    impl Stopwatch {
        pub(crate) const fn start() -> Self {
            Self
        }

        pub(crate) const fn answered(self, _: StatusCode) {}
    }

    pub(crate) struct Tally;

    impl Tally {
        pub(crate) const fn of(_: &Callback) -> Self {
            Self
        }

        pub(crate) const fn count(self) {}
    }
}
