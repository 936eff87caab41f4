//! What is reported: log lines and, with the feature `metrics`, figures. Nothing personal is in them.

use kaleyra_wa_store::StoreError;
use kaleyra_wa_store::inbox::{Kept, Recovered};

use crate::queue::Queue;

/// Some of an earlier process's events were being handled when it ended.
pub(crate) fn recovered(recovered: Recovered) {
    let Recovered { again, dead, .. } = recovered;
    if again + dead > 0 {
        tracing::warn!(
            again,
            dead,
            "an earlier process ended while it handled events"
        );
        figures::recovered(again, dead);
    }
}

/// A delivery was kept.
pub(crate) fn kept(kept: &Kept) {
    if kept.duplicates > 0 {
        tracing::debug!(events = kept.duplicates, "left out repeated events");
    }
    figures::kept(kept.events.len() as u64, u64::from(kept.duplicates));
}

/// A delivery could not be kept.
pub(crate) fn refused(error: &StoreError) {
    tracing::warn!(%error, "a delivery was refused");
    figures::refused(error.kind().as_str());
}

/// An event left the memory, or came to rest in it.
pub(crate) fn depth(queue: &Queue) {
    figures::depth(queue.events(), queue.bytes());
}

#[cfg(feature = "metrics")]
mod figures {
    use metrics::{counter, gauge};

    pub(super) fn recovered(again: u64, dead: u64) {
        counter!("kaleyra_wa_inbox_recovered_total", "outcome" => "again").increment(again);
        counter!("kaleyra_wa_inbox_recovered_total", "outcome" => "dead").increment(dead);
    }

    pub(super) fn kept(events: u64, duplicates: u64) {
        counter!("kaleyra_wa_inbox_events_kept_total").increment(events);
        counter!("kaleyra_wa_inbox_events_duplicate_total").increment(duplicates);
    }

    pub(super) fn refused(why: &'static str) {
        counter!("kaleyra_wa_inbox_deliveries_refused_total", "why" => why).increment(1);
    }

    pub(super) fn depth(events: usize, bytes: usize) {
        gauge!("kaleyra_wa_inbox_memory_events").set(events as f64);
        gauge!("kaleyra_wa_inbox_memory_bytes").set(bytes as f64);
    }
}

#[cfg(not(feature = "metrics"))]
mod figures {
    pub(super) const fn recovered(_: u64, _: u64) {}

    pub(super) const fn kept(_: u64, _: u64) {}

    pub(super) const fn refused(_: &'static str) {}

    pub(super) const fn depth(_: usize, _: usize) {}
}
