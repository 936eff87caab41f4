//! A transport that never responds.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;

use crate::{Request, Response, Transport, TransportError};

/// Takes every request and never responds: for tests of timeouts, cancellation and concurrency.
///
/// It has no timeout, not even the operation's. Clones share the counter.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_transport::{Body, Never, Request, Transport};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let never = Never::new();
/// let sending = never.execute(Request::new(Body::empty()));
/// assert!(tokio::time::timeout(Duration::from_millis(10), sending).await.is_err());
/// assert_eq!(never.requests(), 1);
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Never(Arc<AtomicUsize>);

impl Never {
    /// A transport that has had no request yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many requests came.
    pub fn requests(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }
}

#[async_trait]
impl Transport for Never {
    async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
        self.0.fetch_add(1, Ordering::AcqRel);
        pending().await
    }
}
