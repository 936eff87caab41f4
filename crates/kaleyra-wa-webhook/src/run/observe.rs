//! What is told of one attempt: a span, log lines and, with the feature `metrics`, figures. Nothing personal is in them,
//! and nothing that listens can stop the attempt.

use std::time::Duration;

use kaleyra_wa_types::inbound::Event;
use tracing::field;

use super::{DeadLetter, HandlerFailure};
use crate::guard::{QuietSpan, quietly};
use crate::handle::IncomingEvent;
use crate::observe::record_ids;

/// The span around one attempt.
pub(super) fn span(incoming: &IncomingEvent) -> QuietSpan {
    let span = QuietSpan::new(|| {
        tracing::info_span!(
            "event",
            kaleyra.event.kind = field::Empty,
            kaleyra.event.type = field::Empty,
            kaleyra.event.attempt = incoming.attempt(),
            kaleyra.trace_id = field::Empty,
            kaleyra.waba_id = field::Empty,
        )
    });
    span.tell(|span| {
        let event = incoming.event();
        span.record("kaleyra.event.kind", event.kind().as_str());
        span.record("kaleyra.event.type", type_of(&event));
        record_ids(span, incoming.extra_info());
    });
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
pub(super) fn attempted(
    incoming: &IncomingEvent,
    outcome: &Result<(), HandlerFailure>,
    took: Duration,
) {
    // That one may not have begun at all.
    if matches!(outcome, Err(HandlerFailure::ShutDown)) {
        return;
    }
    let kind = incoming.event().kind();
    let outcome = outcome
        .as_ref()
        .map_or_else(HandlerFailure::as_str, |()| "ok");
    quietly(|| figures::latency(kind, outcome, took));
    if outcome == "ok" {
        quietly(|| figures::count("kaleyra_wa_webhook_events_handled_total", kind));
        quietly(|| tracing::debug!("handled an event"));
    }
}

/// The event will be tried again.
pub(super) fn repeated(incoming: &IncomingEvent, failure: &HandlerFailure, wait: Duration) {
    let pause_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    quietly(|| tracing::warn!(%failure, pause_ms, "an event will be handled again"));
    let kind = incoming.event().kind();
    quietly(|| figures::count("kaleyra_wa_webhook_events_retried_total", kind));
}

/// The event will not.
pub(super) fn dead_letter(letter: &DeadLetter) {
    let (failure, may_have_sent) = (&letter.failure, letter.may_have_sent);
    quietly(|| tracing::error!(%failure, may_have_sent, "an event is a dead letter"));
    let kind = letter.event.event().kind();
    quietly(|| figures::count("kaleyra_wa_webhook_events_dead_lettered_total", kind));
}

#[cfg(feature = "metrics")]
mod figures {
    use std::time::Duration;

    use kaleyra_wa_types::inbound::EventKind;

    pub(super) fn latency(kind: EventKind, outcome: &'static str, took: Duration) {
        metrics::histogram!("kaleyra_wa_webhook_handler_seconds", "kind" => kind.as_str(), "outcome" => outcome)
            .record(took);
    }

    pub(super) fn count(name: &'static str, kind: EventKind) {
        metrics::counter!(name, "kind" => kind.as_str()).increment(1);
    }
}

#[cfg(not(feature = "metrics"))]
mod figures {
    use std::time::Duration;

    use kaleyra_wa_types::inbound::EventKind;

    pub(super) fn latency(_: EventKind, _: &'static str, _: Duration) {}

    pub(super) fn count(_: &'static str, _: EventKind) {}
}
