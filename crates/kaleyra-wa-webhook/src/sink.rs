//! Where deliveries go.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::receive::{ReceivedCallback, Rejection};

/// Takes responsibility for deliveries: a database, a queue, a channel.
///
/// `Arc` and `Box` of a sink are sinks; [`sink_fn`] makes one of a closure.
///
/// # The contract
///
/// The 200 is sent after [`accept`](Self::accept) returned `Ok`, never before. So return `Ok` when
/// the delivery is where it can't be lost, and leave the work on it for later: the sender waits.
///
/// * The same delivery can come more than once: its sender repeats what it got no 200 for.
/// * `accept` is called for many deliveries at a time, in no particular order.
/// * The future can be dropped at any `await`: at the
///   [time limit](crate::WebhookService::sink_timeout), by [`Server`](crate::Server) at its drain
///   deadline, by other servers also when the client hangs up. Nothing is lost by that: no 200 went
///   out, so the delivery comes again. But it has to be safe to stop there: do what must not be left
///   half done in one transaction, or in a task of its own.
/// * A panic is treated like an error.
///
/// # Examples
///
/// A bounded channel that refuses when it is full, so that a flood can't fill the memory:
///
/// ```
/// use kaleyra_wa_webhook::{ReceivedCallback, Sink, SinkError, async_trait};
/// use tokio::sync::mpsc;
///
/// struct Channel(mpsc::Sender<ReceivedCallback>);
///
/// #[async_trait]
/// impl Sink for Channel {
///     async fn accept(&self, delivery: ReceivedCallback) -> Result<(), SinkError> {
///         self.0.try_send(delivery).map_err(|_| SinkError::new("the queue is full"))
///     }
/// }
/// ```
#[async_trait]
pub trait Sink: Send + Sync {
    /// Takes one delivery.
    ///
    /// # Errors
    ///
    /// When it can't be kept now. The response is 503 with a `Retry-After`.
    async fn accept(&self, delivery: ReceivedCallback) -> Result<(), SinkError>;
}

#[async_trait]
impl<S: Sink + ?Sized> Sink for Arc<S> {
    async fn accept(&self, delivery: ReceivedCallback) -> Result<(), SinkError> {
        (**self).accept(delivery).await
    }
}

#[async_trait]
impl<S: Sink + ?Sized> Sink for Box<S> {
    async fn accept(&self, delivery: ReceivedCallback) -> Result<(), SinkError> {
        (**self).accept(delivery).await
    }
}

/// Makes a sink of an async closure.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::sink_fn;
///
/// let sink = sink_fn(|delivery| async move {
///     for event in delivery.events() {
///         println!("{} {}", event.kind(), event.type_name());
///     }
///     Ok(())
/// });
/// ```
pub fn sink_fn<F, Fut>(accept: F) -> SinkFn<F>
where
    F: Fn(ReceivedCallback) -> Fut + Send + Sync,
    Fut: Future<Output = Result<(), SinkError>> + Send,
{
    SinkFn(accept)
}

/// What [`sink_fn`] makes.
///
/// For an example see [`sink_fn`].
#[derive(Clone, Copy)]
pub struct SinkFn<F>(F);

#[async_trait]
impl<F, Fut> Sink for SinkFn<F>
where
    F: Fn(ReceivedCallback) -> Fut + Send + Sync,
    Fut: Future<Output = Result<(), SinkError>> + Send,
{
    async fn accept(&self, delivery: ReceivedCallback) -> Result<(), SinkError> {
        (self.0)(delivery).await
    }
}

impl<F> fmt::Debug for SinkFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SinkFn")
    }
}

/// Why a sink could not take a delivery, and when it may be able to.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_webhook::SinkError;
///
/// let error = SinkError::new("the queue is full").retry_after(Duration::from_secs(5));
/// assert_eq!(error.to_string(), "the queue is full");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct SinkError {
    reason: String,
    retry_after: Duration,
}

impl SinkError {
    /// By default the sender is asked to retry after this time.
    pub const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(30);

    /// An error with a reason for the log. The sender doesn't get to see it; leave personal data
    /// out all the same.
    ///
    /// For an example see [`SinkError`].
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            retry_after: Self::DEFAULT_RETRY_AFTER,
        }
    }

    /// Asks the sender to retry after this time, in whole seconds, rounded up.
    #[must_use]
    pub const fn retry_after(mut self, retry_after: Duration) -> Self {
        self.retry_after = retry_after;
        self
    }
}

/// 503 with the error's `Retry-After`, and without its reason.
impl From<SinkError> for Rejection {
    fn from(error: SinkError) -> Self {
        Self::Unavailable {
            retry_after: error.retry_after,
        }
    }
}
