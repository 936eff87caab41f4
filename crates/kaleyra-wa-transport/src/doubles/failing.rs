//! A transport that always fails in the same way.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;

use crate::{Phase, Request, Response, Transport, TransportError, TransportErrorKind};

/// Fails every request in one way, and counts them. Clones count together.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_transport::{Body, Failing, Phase, Request, Transport, TransportErrorKind};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let failing = Failing::new(Phase::InFlight, TransportErrorKind::Timeout);
/// let error = failing.execute(Request::new(Body::empty())).await.unwrap_err();
/// assert_eq!(error.phase(), Phase::InFlight);
/// assert_eq!(failing.requests(), 1);
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Failing {
    phase: Phase,
    kind: TransportErrorKind,
    requests: Arc<AtomicUsize>,
}

impl Failing {
    /// Fails in this phase, with this kind.
    pub fn new(phase: Phase, kind: TransportErrorKind) -> Self {
        let requests = Arc::default();
        Self {
            phase,
            kind,
            requests,
        }
    }

    /// How many requests came.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::Acquire)
    }
}

#[async_trait]
impl Transport for Failing {
    async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
        self.requests.fetch_add(1, Ordering::AcqRel);
        Err(TransportError::new(self.phase, self.kind))
    }
}
