//! The settings of a sink.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use super::MemorySink;
use super::queue::Limits;
use super::recent_keys::RecentKeys;
use super::workers::WorkerPool;
use crate::handle::Handler;
use crate::limits;
use crate::run::{DeadLetter, HandlerFailure, Runner};

/// Makes a [`MemorySink`].
///
/// | Setting | Default | What it bounds |
/// |---|---|---|
/// | [`max_events`](Self::max_events) | 10,000 | events that wait or are being handled |
/// | [`max_bytes`](Self::max_bytes) | 64 MiB | the bodies that they came in |
/// | [`admission_timeout`](Self::admission_timeout) | 1 s | how long a delivery waits for room |
/// | [`parallel`](Self::parallel) | 64 | conversations that are handled at a time |
/// | [`handler_timeout`](Self::handler_timeout) | 120 s | one call of the handler |
/// | [`attempts`](Self::attempts) | 5 | calls of the handler for one event |
/// | [`backoff`](Self::backoff) | 0.5 s to 30 s | the pause between two of them |
/// | [`duplicate_window`](Self::duplicate_window) | 100,000 events, 1 hour | what is remembered of events that were handled |
///
/// A duration above a year counts as a year.
///
/// # What is tried again
///
/// | what happened | tried again |
/// |---|---|
/// | the handler returned an error, and no message may have gone out | yes, unless the error is [permanent](crate::HandlerError::permanent) or [`retry_error`](Self::retry_error) or [`retry_if`](Self::retry_if) say no |
/// | the handler returned an error after a message may have gone out | with [`retry_after_send`](Self::retry_after_send) |
/// | the handler took too long and was stopped | with [`retry_timeouts`](Self::retry_timeouts) |
/// | the handler panicked | with [`retry_panics`](Self::retry_panics) |
/// | the sink was shut down | no |
///
/// Whether a message may have gone out is known for those that the client of this workspace sends in the handler's own
/// future: one that was accepted, one whose fate is unknown, one that was in flight. What is sent by another client or in a
/// spawned task is not seen: a handler that does so returns a [permanent](crate::HandlerError::permanent) error afterwards.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use std::time::{Duration, SystemTime};
///
/// use kaleyra_wa_webhook::{MemorySink, ReceivedCallback, Sink, handler_fn};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let tried = Arc::new(AtomicU32::new(0));
/// let seen = Arc::clone(&tried);
/// let sink = MemorySink::builder(handler_fn(async |_| Err("the database is away".into())))
///     .max_events(1_000)
///     .max_bytes(8 * 1024 * 1024)
///     .admission_timeout(Duration::from_millis(200))
///     .parallel(8)
///     .handler_timeout(Duration::from_secs(180))
///     .attempts(3)
///     .backoff(Duration::from_millis(1), Duration::from_millis(5))
///     .duplicate_window(10_000, Duration::from_secs(600))
///     .on_dead_letter(move |letter| {
///         seen.store(letter.event.attempt(), Ordering::Relaxed);
///         async move { eprintln!("gave up: {}", letter.failure) }
///     })
///     .build();
///
/// let body = r#"{"status": "not sent", "reason": "Daily limit reached"}"#;
/// sink.accept(ReceivedCallback::from_raw(body.into(), SystemTime::now())?).await?;
/// sink.shutdown(Duration::from_secs(10)).await?;
/// assert_eq!(tried.load(Ordering::Relaxed), 3);
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct MemorySinkBuilder {
    settings: Settings,
    limits: Limits,
    duplicates: (usize, Duration),
}

/// What the workers go by.
pub(super) struct Settings {
    pub(super) runner: Runner,
    pub(super) parallel: usize,
    pub(super) admission_timeout: Duration,
}

impl MemorySinkBuilder {
    /// The default of [`max_events`](Self::max_events): 10,000.
    pub const DEFAULT_MAX_EVENTS: usize = 10_000;
    /// The default of [`max_bytes`](Self::max_bytes): 64 MiB.
    pub const DEFAULT_MAX_BYTES: usize = 64 * 1024 * 1024;
    /// The default of [`admission_timeout`](Self::admission_timeout): 1 s.
    pub const DEFAULT_ADMISSION_TIMEOUT: Duration = Duration::from_secs(1);
    /// The default of [`parallel`](Self::parallel): 64.
    pub const DEFAULT_PARALLEL: usize = 64;
    /// The default of [`handler_timeout`](Self::handler_timeout): 120 s.
    pub const DEFAULT_HANDLER_TIMEOUT: Duration = Runner::DEFAULT_HANDLER_TIMEOUT;
    /// The default of [`attempts`](Self::attempts): 5.
    pub const DEFAULT_ATTEMPTS: u32 = Runner::DEFAULT_ATTEMPTS;
    /// The defaults of [`backoff`](Self::backoff): 0.5 s and 30 s.
    pub const DEFAULT_BACKOFF: (Duration, Duration) = Runner::DEFAULT_BACKOFF;
    /// The defaults of [`duplicate_window`](Self::duplicate_window): 100,000 events and one hour.
    pub const DEFAULT_DUPLICATE_WINDOW: (usize, Duration) = (100_000, Duration::from_secs(60 * 60));

    pub(super) fn new(handler: impl Handler + 'static) -> Self {
        Self {
            settings: Settings {
                runner: Runner::new(handler),
                parallel: Self::DEFAULT_PARALLEL,
                admission_timeout: Self::DEFAULT_ADMISSION_TIMEOUT,
            },
            limits: Limits {
                events: Self::DEFAULT_MAX_EVENTS,
                bytes: Self::DEFAULT_MAX_BYTES,
            },
            duplicates: Self::DEFAULT_DUPLICATE_WINDOW,
        }
    }

    /// How many events it holds, those that are being handled included. A crash loses at most these.
    pub fn max_events(mut self, events: usize) -> Self {
        self.limits.events = events;
        self
    }

    /// How many bytes of bodies it holds, as they were received.
    ///
    /// Parsed, they take a few times as much; a body that is crafted for it, such as a million of the smallest
    /// objects, nearly a hundred times. Only callers that pass the [`Verifier`](crate::Verifier) can send such bodies: where that
    /// is not Kaleyra alone, set a smaller [`body_limit`](crate::WebhookService::body_limit).
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.limits.bytes = bytes;
        self
    }

    /// How long a delivery waits for room before it is refused; zero refuses at once.
    ///
    /// First come, first served: a small one doesn't overtake a large one that waits, which would otherwise never get in.
    ///
    /// Keep it well below [`sink_timeout`](crate::WebhookService::sink_timeout), and below what the sender waits.
    pub fn admission_timeout(mut self, admission_timeout: Duration) -> Self {
        self.settings.admission_timeout = limits::bounded(admission_timeout);
        self
    }

    /// How many conversations are handled at the same time, at least one. So many calls of the handler run at most.
    pub fn parallel(mut self, conversations: usize) -> Self {
        self.settings.parallel = conversations.max(1);
        self
    }

    fn runner(mut self, set: impl FnOnce(Runner) -> Runner) -> Self {
        self.settings.runner = set(self.settings.runner);
        self
    }

    /// The longest time for one call of the handler, at least a millisecond; after it, the handler's future is dropped,
    /// and the call counts as failed.
    ///
    /// It must be **longer than all that the handler waits for**: a handler that is stopped in the middle of a send leaves
    /// the message unknown, and the event is not tried again. For each send, that is how long `Paced` may hold it back
    /// (`max_hold`, 60 s by default) plus what the client gives the request (30 s by default, and a few seconds more where
    /// it has to connect again): a little over 90 s for one, which the default allows; for several in a row, multiply that.
    pub fn handler_timeout(self, timeout: Duration) -> Self {
        self.runner(|runner| runner.handler_timeout(timeout))
    }

    /// How often the handler is called for one event, at least once.
    pub fn attempts(self, attempts: u32) -> Self {
        self.runner(|runner| runner.attempts(attempts))
    }

    /// The shortest and the longest pause before the next attempt. Pauses grow from the one to the other, each of them
    /// by chance (decorrelated jitter), so that failures with one cause don't come back together.
    pub fn backoff(self, shortest: Duration, longest: Duration) -> Self {
        self.runner(|runner| runner.backoff(shortest, longest))
    }

    /// Which errors of a type are worth another attempt, of those that [`attempts`](Self::attempts) would allow; of other
    /// types all are. A [permanent](crate::HandlerError::permanent) error never is.
    ///
    /// It narrows [what is tried again](Self#what-is-tried-again) and never widens it. With the client of this workspace, to
    /// repeat what had no connection and nothing else, such as a rejection that would come again:
    ///
    /// ```
    /// # // The client is no dependency of this crate: these stand in for its types.
    /// # #[derive(Debug)] struct Error;
    /// # impl std::fmt::Display for Error { fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { Ok(()) } }
    /// # impl std::error::Error for Error {}
    /// # #[derive(PartialEq)] enum Delivery { NotSent }
    /// # impl Error { fn delivery(&self) -> Delivery { Delivery::NotSent } }
    /// use kaleyra_wa_webhook::{MemorySink, handler_fn};
    ///
    /// let sink = MemorySink::builder(handler_fn(async |_| Ok(())))
    ///     // `Error` and `Delivery` are the client's.
    ///     .retry_error(|error: &Error| error.delivery() == Delivery::NotSent)
    ///     .build();
    /// # let _ = sink;
    /// ```
    pub fn retry_error<E>(self, is_retried: impl Fn(&E) -> bool + Send + Sync + 'static) -> Self
    where
        E: std::error::Error + 'static,
    {
        self.runner(|runner| runner.retry_error(is_retried))
    }

    /// Which failures are worth another attempt, of those that [may be tried again](Self#what-is-tried-again) at all. Where
    /// this or [`retry_error`](Self::retry_error) is set several times, all have to agree.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::{HandlerFailure, MemorySink, handler_fn};
    ///
    /// // Only what was enabled by name is tried again.
    /// let sink = MemorySink::builder(handler_fn(async |_| Ok(())))
    ///     .retry_timeouts()
    ///     .retry_if(|failure| matches!(failure, HandlerFailure::TimedOut))
    ///     .build();
    /// # let _ = sink;
    /// ```
    pub fn retry_if(
        self,
        is_retried: impl Fn(&HandlerFailure) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.runner(|runner| runner.retry_if(is_retried))
    }

    /// Tries again after the handler took too long and was stopped. Enable it only where a second run does no harm,
    /// whatever the first one had done by then. Where a message may have gone out,
    /// [`retry_after_send`](Self::retry_after_send) is needed, too.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use kaleyra_wa_webhook::{MemorySink, ReceivedCallback, Sink, handler_fn};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let sink = MemorySink::builder(handler_fn(async |event| {
    ///     if event.attempt() == 1 {
    ///         std::future::pending::<()>().await; // a look-up that hangs
    ///     }
    ///     Ok(())
    /// }))
    /// .handler_timeout(Duration::from_millis(5))
    /// .backoff(Duration::from_millis(1), Duration::from_millis(1))
    /// .retry_timeouts()
    /// .on_dead_letter(async |letter| panic!("given up: {}", letter.failure))
    /// .build();
    ///
    /// let body = r#"{"status": "not sent", "reason": "Daily limit reached"}"#;
    /// sink.accept(ReceivedCallback::from_raw(body.into(), SystemTime::now())?).await?;
    /// sink.shutdown(Duration::from_secs(10)).await?; // all is handled
    /// # Ok(())
    /// # }
    /// ```
    pub fn retry_timeouts(self) -> Self {
        self.runner(Runner::retry_timeouts)
    }

    /// Tries again after the handler panicked. Enable it only where a second run does no harm, whatever the first one had
    /// done by then. Where a message may have gone out, [`retry_after_send`](Self::retry_after_send) is needed, too.
    ///
    /// For an example see [`Runner`](crate::Runner), which has the same setting.
    pub fn retry_panics(self) -> Self {
        self.runner(Runner::retry_panics)
    }

    /// Tries again also where the client may have sent a message in the failed attempt: **the user may get it twice**. For
    /// handlers that know by themselves what they have sent, from a table of their own.
    ///
    /// For an example see [`Runner`](crate::Runner), which has the same setting.
    pub fn retry_after_send(self) -> Self {
        self.runner(Runner::retry_after_send)
    }

    /// Takes what will not be handled any more: after the last attempt, after a failure that is not repeated, and at a
    /// [shutdown](MemorySink::shutdown). The next event of its conversation waits until this is done, for which there is
    /// no time limit.
    ///
    /// Without it a dead letter is logged as an error, by kind and type, and dropped; at a shutdown it comes back in
    /// [`Unfinished::left`](crate::Unfinished::left).
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::{DeadLetter, MemorySink, handler_fn};
    ///
    /// # async fn keep(body: &[u8], why: &str) {}
    /// async fn dead_letter(letter: DeadLetter) {
    ///     // The whole delivery, to be read again with `ReceivedCallback::from_raw` when the cause is gone.
    ///     keep(&letter.event.delivery().raw, letter.failure.as_str()).await;
    /// }
    ///
    /// let sink = MemorySink::builder(handler_fn(async |_| Ok(()))).on_dead_letter(dead_letter).build();
    /// # let _ = sink;
    /// ```
    pub fn on_dead_letter<F, Fut>(self, take: F) -> Self
    where
        F: Fn(DeadLetter) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.runner(|runner| runner.on_dead_letter(take))
    }

    /// How many handled events are remembered, and for how long, so that a duplicate is not handled again. An event
    /// takes some 60 bytes of memory. Zero of either remembers nothing but what waits or is being handled.
    pub fn duplicate_window(mut self, events: usize, age: Duration) -> Self {
        self.duplicates = (events, limits::bounded(age));
        self
    }

    /// The sink.
    ///
    /// For an example see [`MemorySinkBuilder`].
    #[must_use]
    pub fn build(self) -> MemorySink {
        let (events, age) = self.duplicates;
        MemorySink::with(WorkerPool::new(
            self.settings,
            self.limits,
            RecentKeys::new(events, age),
        ))
    }
}

impl fmt::Debug for MemorySinkBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = &self.settings;
        f.debug_struct("MemorySinkBuilder")
            .field("limits", &self.limits)
            .field("admission_timeout", &settings.admission_timeout)
            .field("parallel", &settings.parallel)
            .field("runner", &settings.runner)
            .field("duplicate_window", &self.duplicates)
            .finish_non_exhaustive()
    }
}
