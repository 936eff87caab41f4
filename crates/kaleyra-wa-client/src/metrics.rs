//! What is counted and measured, with the feature `metrics`; without it this is nothing.

#[cfg(feature = "metrics")]
use std::time::Instant;

/// A call from its beginning to its end.
pub(crate) struct Measured {
    #[cfg(feature = "metrics")]
    operation: &'static str,
    #[cfg(feature = "metrics")]
    start: Instant,
}

#[cfg(feature = "metrics")]
impl Measured {
    pub(crate) fn begin(operation: &'static str) -> Self {
        Self {
            operation,
            start: Instant::now(),
        }
    }

    /// Counts it by its outcome, and notes how long it took.
    pub(crate) fn end(self, outcome: &'static str) {
        metrics::counter!(
            "kaleyra_wa_client_requests_total",
            "operation" => self.operation,
            "outcome" => outcome,
        )
        .increment(1);
        metrics::histogram!(
            "kaleyra_wa_client_request_duration_seconds",
            "operation" => self.operation,
        )
        .record(self.start.elapsed());
    }
}

#[cfg(not(feature = "metrics"))]
impl Measured {
    pub(crate) const fn begin(_operation: &'static str) -> Self {
        Self {}
    }

    pub(crate) const fn end(self, _outcome: &'static str) {}
}

/// Counts another attempt.
#[cfg(feature = "metrics")]
pub(crate) fn repeating(operation: &'static str) {
    metrics::counter!("kaleyra_wa_client_retries_total", "operation" => operation).increment(1);
}

#[cfg(not(feature = "metrics"))]
pub(crate) const fn repeating(_operation: &'static str) {}
