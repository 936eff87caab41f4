//! What is reported: log lines and, with the feature `metrics`, figures. Nothing personal is in them.

use std::time::Duration;

use kaleyra_wa_store::StoreError;
use kaleyra_wa_store::inbox::{InboxStore, Kept, Recovered};
use tokio::time::Instant;

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

/// Before the first attempt at an event: how long it waited for it.
pub(crate) fn begins(waited: Duration) {
    figures::begins(waited);
}

/// Counts now and then what waits, on the disk as well.
#[derive(Debug, Default)]
pub(crate) struct Backlog {
    counted_at: Option<Instant>,
}

impl Backlog {
    /// How often.
    const PAUSE: Duration = Duration::from_secs(10);

    /// Counts, if it is time for that; says when it is next. Without anybody to tell, never.
    pub(crate) async fn count(&mut self, store: &dyn InboxStore) -> Option<Instant> {
        if !cfg!(feature = "metrics") {
            return None;
        }
        let now = Instant::now();
        let next = self.counted_at.map(|at| at + Self::PAUSE);
        if let Some(next) = next
            && now < next
        {
            return Some(next);
        }
        self.counted_at = Some(now);
        match store.live().await {
            Ok(live) => figures::live(live),
            Err(error) => tracing::debug!(%error, "what waits could not be counted"),
        }
        Some(now + Self::PAUSE)
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
    use std::time::Duration;

    use metrics::{counter, gauge, histogram};

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

    pub(super) fn begins(waited: Duration) {
        histogram!("kaleyra_wa_inbox_lag_seconds").record(waited);
    }

    pub(super) fn live(events: u64) {
        gauge!("kaleyra_wa_inbox_events").set(events as f64);
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

    pub(super) const fn begins(_: std::time::Duration) {}

    pub(super) const fn live(_: u64) {}

    pub(super) const fn depth(_: usize, _: usize) {}
}
