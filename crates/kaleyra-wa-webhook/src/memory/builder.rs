//! The settings of a sink.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use super::backoff::Backoff;
use super::queue::Limits;
use super::window::Window;
use super::workshop::Workshop;
use super::{DeadLetter, Failure, MemorySink};
use crate::handle::Handler;

/// Makes a [`MemorySink`].
///
/// | Setting | Default | What it bounds |
/// |---|---|---|
/// | [`max_events`](Self::max_events) | 10,000 | events that wait or are being handled |
/// | [`max_bytes`](Self::max_bytes) | 64 MiB | the bodies that they came in |
/// | [`patience`](Self::patience) | 1 s | how long a delivery waits for room |
/// | [`parallel`](Self::parallel) | 64 | conversations that are handled at a time |
/// | [`handler_timeout`](Self::handler_timeout) | 60 s | one call of the handler |
/// | [`attempts`](Self::attempts) | 5 | calls of the handler for one event |
/// | [`backoff`](Self::backoff) | 0.5 s to 30 s | the pause between two of them |
/// | [`duplicate_window`](Self::duplicate_window) | 100,000 events, 1 hour | what is remembered of events that were handled |
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_webhook::{MemorySink, handler_fn};
///
/// let sink = MemorySink::builder(handler_fn(async |_| Ok(())))
///     .max_events(1_000)
///     .parallel(8)
///     .attempts(3)
///     .backoff(Duration::from_millis(100), Duration::from_secs(5))
///     .on_dead_letter(async |letter| eprintln!("gave up: {}", letter.failure))
///     .build();
/// # let _ = sink;
/// ```
#[must_use]
pub struct MemorySinkBuilder {
    settings: Settings,
    limits: Limits,
    duplicates: (usize, Duration),
}

type RetryIf = dyn Fn(&Failure) -> bool + Send + Sync;
type OnDeadLetter = dyn Fn(DeadLetter) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync;

/// What the workers go by.
pub(super) struct Settings {
    pub(super) handler: Box<dyn Handler>,
    pub(super) on_dead_letter: Option<Box<OnDeadLetter>>,
    /// All have to agree.
    pub(super) retry_if: Vec<Box<RetryIf>>,
    pub(super) attempts: u32,
    pub(super) backoff: Backoff,
    pub(super) handler_timeout: Duration,
    pub(super) parallel: usize,
    pub(super) patience: Duration,
}

impl MemorySinkBuilder {
    /// The default of [`max_events`](Self::max_events): 10,000.
    pub const DEFAULT_MAX_EVENTS: usize = 10_000;
    /// The default of [`max_bytes`](Self::max_bytes): 64 MiB.
    pub const DEFAULT_MAX_BYTES: usize = 64 * 1024 * 1024;
    /// The default of [`patience`](Self::patience): 1 s.
    pub const DEFAULT_PATIENCE: Duration = Duration::from_secs(1);
    /// The default of [`parallel`](Self::parallel): 64.
    pub const DEFAULT_PARALLEL: usize = 64;
    /// The default of [`handler_timeout`](Self::handler_timeout): 60 s, twice what the client gives a send.
    pub const DEFAULT_HANDLER_TIMEOUT: Duration = Duration::from_secs(60);
    /// The default of [`attempts`](Self::attempts): 5.
    pub const DEFAULT_ATTEMPTS: u32 = 5;
    /// The defaults of [`backoff`](Self::backoff): 0.5 s and 30 s.
    pub const DEFAULT_BACKOFF: (Duration, Duration) =
        (Duration::from_millis(500), Duration::from_secs(30));
    /// The defaults of [`duplicate_window`](Self::duplicate_window): 100,000 events and one hour.
    pub const DEFAULT_DUPLICATE_WINDOW: (usize, Duration) = (100_000, Duration::from_secs(60 * 60));

    pub(super) fn new(handler: impl Handler + 'static) -> Self {
        let (shortest, longest) = Self::DEFAULT_BACKOFF;
        Self {
            settings: Settings {
                handler: Box::new(handler),
                on_dead_letter: None,
                retry_if: Vec::new(),
                attempts: Self::DEFAULT_ATTEMPTS,
                backoff: Backoff { shortest, longest },
                handler_timeout: Self::DEFAULT_HANDLER_TIMEOUT,
                parallel: Self::DEFAULT_PARALLEL,
                patience: Self::DEFAULT_PATIENCE,
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
    /// What they are read into takes a few times as much; of a body that is made for it, such as a million of the smallest
    /// objects, nearly a hundred times. Only who passes the [`Verifier`](crate::Verifier) can send such bodies: where that
    /// is not Kaleyra alone, have a smaller [`body_limit`](crate::WebhookService::body_limit).
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.limits.bytes = bytes;
        self
    }

    /// How long a delivery waits for room before it is refused; zero refuses at once.
    ///
    /// First come, first served: a small one doesn't overtake a large one that waits, which would else never get in.
    ///
    /// Keep it well below [`sink_timeout`](crate::WebhookService::sink_timeout), and below what the sender waits.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.settings.patience = patience;
        self
    }

    /// How many conversations are handled at the same time, at least one. So many calls of the handler run at most.
    pub fn parallel(mut self, conversations: usize) -> Self {
        self.settings.parallel = conversations.max(1);
        self
    }

    /// The longest time for one call of the handler; after it, the handler's future is dropped, and the call counts as
    /// failed.
    pub fn handler_timeout(mut self, timeout: Duration) -> Self {
        self.settings.handler_timeout = timeout;
        self
    }

    /// How often the handler is called for one event, at least once.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.settings.attempts = attempts.max(1);
        self
    }

    /// The shortest and the longest pause before the next attempt. Pauses grow from the one to the other, each of them
    /// by chance (decorrelated jitter), so that failures with one cause don't come back together.
    pub fn backoff(mut self, shortest: Duration, longest: Duration) -> Self {
        self.settings.backoff = Backoff { shortest, longest };
        self
    }

    /// Which errors of a type are worth another attempt, of those that [`attempts`](Self::attempts) would allow; of other
    /// types all are. A [permanent](crate::HandlerError::permanent) error never is.
    ///
    /// **Set it where handlers send**: what may have arrived must not be sent again. With the client of this workspace:
    ///
    /// ```
    /// # // The client is no dependency of this crate: these stand in for its types.
    /// # #[derive(Debug)] struct Error;
    /// # impl std::fmt::Display for Error { fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { Ok(()) } }
    /// # impl std::error::Error for Error {}
    /// # #[derive(PartialEq)] enum Verdict { NotSent }
    /// # use Verdict as Delivery;
    /// # impl Error { fn delivery(&self) -> Verdict { Verdict::NotSent } }
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
        self.retry_if(move |failure| failure.downcast_ref().is_none_or(&is_retried))
    }

    /// Which failures are worth another attempt, panics and timeouts among them. Where this or
    /// [`retry_error`](Self::retry_error) is set several times, all have to agree; where neither is, all failures are.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::{Failure, MemorySink, handler_fn};
    ///
    /// // A handler that was stopped in the middle may have sent already.
    /// let sink = MemorySink::builder(handler_fn(async |_| Ok(())))
    ///     .retry_if(|failure| !matches!(failure, Failure::Panicked | Failure::TimedOut))
    ///     .build();
    /// # let _ = sink;
    /// ```
    pub fn retry_if(
        mut self,
        is_retried: impl Fn(&Failure) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.settings.retry_if.push(Box::new(is_retried));
        self
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
    /// async fn bury(letter: DeadLetter) {
    ///     // All of the delivery, to be read again with `Delivery::from_raw` when the cause is gone.
    ///     keep(&letter.event.delivery().raw, letter.failure.as_str()).await;
    /// }
    ///
    /// let sink = MemorySink::builder(handler_fn(async |_| Ok(()))).on_dead_letter(bury).build();
    /// # let _ = sink;
    /// ```
    pub fn on_dead_letter<F, Fut>(mut self, take: F) -> Self
    where
        F: Fn(DeadLetter) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.settings.on_dead_letter = Some(Box::new(move |letter| Box::pin(take(letter))));
        self
    }

    /// How many handled events are remembered, and for how long, so that a repetition is not handled again. An event
    /// takes some 60 bytes of memory. Zero of either remembers nothing but what waits or is being handled.
    pub fn duplicate_window(mut self, events: usize, age: Duration) -> Self {
        self.duplicates = (events, age);
        self
    }

    /// The sink.
    #[must_use]
    pub fn build(self) -> MemorySink {
        let (events, age) = self.duplicates;
        MemorySink::with(Workshop::new(
            self.settings,
            self.limits,
            Window::new(events, age),
        ))
    }
}

impl fmt::Debug for MemorySinkBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = &self.settings;
        f.debug_struct("MemorySinkBuilder")
            .field("limits", &self.limits)
            .field("patience", &settings.patience)
            .field("parallel", &settings.parallel)
            .field("handler_timeout", &settings.handler_timeout)
            .field("attempts", &settings.attempts)
            .field("backoff", &settings.backoff)
            .field("duplicate_window", &self.duplicates)
            .finish_non_exhaustive()
    }
}
