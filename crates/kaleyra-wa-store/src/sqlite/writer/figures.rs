//! What commits take, with the feature `metrics`; without it nothing.

use std::time::Duration;

/// So many jobs were committed, or tried, in this time.
#[cfg(feature = "metrics")]
pub(super) fn committed(jobs: usize, took: Duration) {
    metrics::histogram!("kaleyra_wa_store_commit_seconds").record(took);
    metrics::histogram!("kaleyra_wa_store_commit_jobs").record(jobs as f64);
}

/// So many jobs were committed, or tried, in this time.
#[cfg(not(feature = "metrics"))]
pub(super) const fn committed(_: usize, _: Duration) {}
