//! What is told of the queue: log lines and, with the feature `metrics`, figures. Nothing that listens can disturb it.

use crate::guard::quietly;
use crate::handle::IncomingEvent;

/// The event was there before.
pub(super) fn duplicate(incoming: &IncomingEvent) {
    let kind = incoming.event().kind();
    quietly(|| {
        tracing::debug!(
            kaleyra.event.kind = kind.as_str(),
            "left out a repeated event"
        );
    });
    quietly(|| figures::duplicate(kind));
}

/// So many events came into the queue.
pub(super) fn queued(events: usize) {
    quietly(|| figures::depth(events as f64));
}

/// So many left it.
pub(super) fn left(events: usize) {
    quietly(|| figures::depth(-(events as f64)));
}

/// An event was lost sight of by a fault of ours: no handler will get it.
pub(super) fn abandoned() {
    quietly(|| {
        tracing::error!(
            "the handling of an event panicked outside of the handler: it is a dead letter"
        );
    });
}

/// The sink was dropped with so many events.
pub(super) fn dropped(events: usize) {
    quietly(|| {
        tracing::error!(
            events,
            "dropped with events that were not handled: shut it down first"
        );
    });
}

#[cfg(feature = "metrics")]
mod figures {
    use kaleyra_wa_types::inbound::EventKind;

    pub(super) fn duplicate(kind: EventKind) {
        metrics::counter!("kaleyra_wa_webhook_events_duplicate_total", "kind" => kind.as_str())
            .increment(1);
    }

    /// Steps, so that several sinks of one process add up.
    pub(super) fn depth(by: f64) {
        metrics::gauge!("kaleyra_wa_webhook_queue_events").increment(by);
    }
}

#[cfg(not(feature = "metrics"))]
mod figures {
    use kaleyra_wa_types::inbound::EventKind;

    pub(super) fn duplicate(_: EventKind) {}

    pub(super) fn depth(_: f64) {}
}
