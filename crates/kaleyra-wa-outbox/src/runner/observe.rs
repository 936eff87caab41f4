//! What is counted.

use std::time::Duration;

use kaleyra_wa_store::outbox::Landing;
use kaleyra_wa_store::{CampaignStore, StoreError};

/// The outcome in a word, for logs and metrics.
pub(super) const fn outcome(landing: &Landing) -> &'static str {
    match landing {
        Landing::Accepted { .. } => "accepted",
        Landing::Rejected { .. } => "rejected",
        Landing::Again { .. } => "again",
        Landing::Uncertain { .. } => "uncertain",
        Landing::Skipped { .. } => "skipped",
        _ => "other",
    }
}

/// A message landed.
pub(super) fn landed(landing: &Landing) {
    #[cfg(feature = "metrics")]
    metrics::counter!("kaleyra_wa_outbox_sends_total", "outcome" => outcome(landing)).increment(1);
    #[cfg(not(feature = "metrics"))]
    let _ = landing;
}

/// Before its first attempt: how long it waited for that.
pub(super) fn departs(waited: Duration) {
    #[cfg(feature = "metrics")]
    metrics::histogram!("kaleyra_wa_outbox_wait_seconds").record(waited);
    #[cfg(not(feature = "metrics"))]
    let _ = waited;
}

/// So many were not sent, since they expired, or the user is not to get them.
pub(super) fn passed(sends: usize) {
    #[cfg(feature = "metrics")]
    metrics::counter!("kaleyra_wa_outbox_passed_total").increment(sends as u64);
    #[cfg(not(feature = "metrics"))]
    let _ = sends;
}

/// Counts what is queued, where there is somebody to tell.
pub(super) async fn backlog(store: &dyn CampaignStore, sender: &str) -> Result<(), StoreError> {
    #[cfg(feature = "metrics")]
    metrics::gauge!("kaleyra_wa_outbox_queued").set(store.queued(sender).await? as f64);
    #[cfg(not(feature = "metrics"))]
    let _ = (store, sender);
    Ok(())
}

/// How many are in flight, and how fast the number sends.
pub(super) fn gauges(in_flight: usize, rate: f64) {
    #[cfg(feature = "metrics")]
    {
        metrics::gauge!("kaleyra_wa_outbox_in_flight").set(in_flight as f64);
        metrics::gauge!("kaleyra_wa_outbox_rate").set(rate);
    }
    #[cfg(not(feature = "metrics"))]
    let _ = (in_flight, rate);
}

/// The outbox or a campaign stops by itself.
pub(super) fn paused(why: &str, what: &'static str) {
    tracing::error!(why, what, "nothing more is sent until this is mended");
    #[cfg(feature = "metrics")]
    metrics::counter!("kaleyra_wa_outbox_pauses_total", "what" => what).increment(1);
}
