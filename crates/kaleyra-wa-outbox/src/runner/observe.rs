//! What is counted.

use kaleyra_wa_store::outbox::Landing;

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
