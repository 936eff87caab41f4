//! What is told of the handling of events: a span for each attempt, log lines and, with the feature `metrics`, figures.
//! Nothing personal is in them.

use std::time::Duration;

use kaleyra_wa_types::callback::{Event, EventKind};
use tracing::{Span, field};

use super::Failure;
use crate::handle::IncomingEvent;
use crate::observe::record_ids;

/// The span around one attempt.
pub(super) fn span(incoming: &IncomingEvent) -> Span {
    let span = tracing::info_span!(
        "event",
        kaleyra.event.kind = field::Empty,
        kaleyra.event.type = field::Empty,
        kaleyra.event.attempt = incoming.attempt(),
        kaleyra.trace_id = field::Empty,
        kaleyra.waba_id = field::Empty,
    );
    if span.is_disabled() {
        return span;
    }
    let event = incoming.event();
    span.record("kaleyra.event.kind", event.kind().as_str());
    span.record("kaleyra.event.type", type_of(&event));
    record_ids(&span, incoming.extra_info());
    span
}

/// The type of an event, where it looks like one: it comes from outside, so it could be anything.
fn type_of<'a>(event: &Event<'a>) -> &'a str {
    let name = event.type_name();
    let is_of_a_name =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | ' ');
    // A number of seven digits could be a phone number; codes have six.
    let digits = name.chars().filter(char::is_ascii_digit).count();
    if name.len() <= 40 && digits <= 6 && name.chars().all(is_of_a_name) {
        name
    } else {
        "other"
    }
}

/// The handler is done, or was stopped.
pub(super) fn attempted(incoming: &IncomingEvent, outcome: &Result<(), Failure>, took: Duration) {
    // That one may not have begun at all.
    if !matches!(outcome, Err(Failure::ShutDown)) {
        let kind = incoming.event().kind();
        let outcome = outcome.as_ref().map_or_else(Failure::as_str, |()| "ok");
        figures::latency(kind, outcome, took);
        if outcome == "ok" {
            figures::count("kaleyra_wa_webhook_events_handled_total", kind);
            tracing::debug!("handled an event");
        }
    }
}

/// The event will be tried again.
pub(super) fn repeated(incoming: &IncomingEvent, failure: &Failure, wait: Duration) {
    let pause_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    tracing::warn!(%failure, pause_ms, "an event will be handled again");
    figures::count(
        "kaleyra_wa_webhook_events_retried_total",
        incoming.event().kind(),
    );
}

/// The event will not.
pub(super) fn dead_letter(incoming: &IncomingEvent, failure: &Failure) {
    tracing::error!(%failure, "an event is a dead letter");
    figures::count(
        "kaleyra_wa_webhook_events_dead_lettered_total",
        incoming.event().kind(),
    );
}

/// The event was there before.
pub(super) fn duplicate(incoming: &IncomingEvent) {
    let kind: EventKind = incoming.event().kind();
    tracing::debug!(
        kaleyra.event.kind = kind.as_str(),
        "left out a repeated event"
    );
    figures::count("kaleyra_wa_webhook_events_duplicate_total", kind);
}

/// So many events came into the queue.
pub(super) fn queued(events: usize) {
    figures::depth(events as f64);
}

/// So many left it.
pub(super) fn left(events: usize) {
    figures::depth(-(events as f64));
}

#[cfg(feature = "metrics")]
mod figures {
    use std::time::Duration;

    use kaleyra_wa_types::callback::EventKind;

    pub(super) fn latency(kind: EventKind, outcome: &'static str, took: Duration) {
        metrics::histogram!("kaleyra_wa_webhook_handler_seconds", "kind" => kind.as_str(), "outcome" => outcome)
            .record(took);
    }

    pub(super) fn count(name: &'static str, kind: EventKind) {
        metrics::counter!(name, "kind" => kind.as_str()).increment(1);
    }

    /// Steps, so that several sinks of one process add up.
    pub(super) fn depth(by: f64) {
        metrics::gauge!("kaleyra_wa_webhook_queue_events").increment(by);
    }
}

#[cfg(not(feature = "metrics"))]
mod figures {
    use std::time::Duration;

    use kaleyra_wa_types::callback::EventKind;

    pub(super) fn latency(_: EventKind, _: &'static str, _: Duration) {}

    pub(super) fn count(_: &'static str, _: EventKind) {}

    pub(super) fn depth(_: f64) {}
}
