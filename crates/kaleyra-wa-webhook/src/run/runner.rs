//! Runs a handler for an event, and decides what a failure leads to.

use std::fmt;
use std::pin::pin;
use std::time::{Duration, Instant};

use kaleyra_wa_types::handling::Handling;

use super::backoff::Backoff;
use super::{DeadLetter, HandlerFailure, observe};
use crate::guard::{Boxed, guarded, quietly};
use crate::handle::{Handler, IncomingEvent};
use crate::limits;
use crate::with_timeout::with_timeout;

/// Runs a handler for one event at a time: behind a guard against panics, under a time limit, and with a decision about
/// what a failure leads to.
///
/// [`MemorySink`](crate::MemorySink) has its events handled by one. A [`Sink`](crate::Sink) of your own, on disk say, does
/// the same with what it kept: it calls [`attempt`](Self::attempt), remembers how often and how long ago that was, and
/// [dead-letters](Self::dead_letter) what is given up. The settings are those of
/// [`MemorySinkBuilder`](crate::MemorySinkBuilder), which documents them in more detail.
///
/// It needs a tokio runtime with its timer enabled, and spawns nothing.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use kaleyra_wa_webhook::{Attempt, ReceivedCallback, IncomingEvent, Runner, handler_fn};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let runner = Runner::new(handler_fn(async |event| match event.attempt() {
///     1 => Err("the database is away".into()),
///     _ => Ok(()),
/// }))
/// .backoff(Duration::from_millis(1), Duration::from_millis(5));
///
/// let body = r#"{"status": "not sent", "reason": "Daily limit reached"}"#;
/// for event in IncomingEvent::all(ReceivedCallback::from_raw(body.into(), SystemTime::now())?) {
///     let (mut attempt, mut last_wait) = (1, None);
///     loop {
///         let event = event.clone().at_attempt(attempt);
///         match runner.attempt(event, last_wait, std::future::pending()).await {
///             Attempt::Handled => break, // delete it
///             Attempt::Repeat { wait, .. } => {
///                 tokio::time::sleep(wait).await; // or write down when it is due
///                 (attempt, last_wait) = (attempt + 1, Some(wait));
///             }
///             Attempt::GivenUp(letter) => {
///                 runner.dead_letter(letter).await;
///                 break;
///             }
///             _ => break,
///         }
///     }
///     assert_eq!(attempt, 2);
/// }
/// # Ok(())
/// # }
/// ```
///
/// What is tried again, where a second run does no harm:
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use std::time::{Duration, SystemTime};
///
/// use kaleyra_wa_webhook::{Attempt, HandlerError, HandlerFailure, IncomingEvent, ReceivedCallback, Runner, handler_fn};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let letters = Arc::new(Mutex::new(Vec::new()));
/// let kept = Arc::clone(&letters);
/// let runner = Runner::new(handler_fn(async |event| match event.attempt() {
///     1 => Ok(std::future::pending().await), // too long
///     2 => panic!("a bug"),
///     3 => {
///         // A message goes out, and then something fails.
///         # drop(kaleyra_wa_webhook::types::handling::Handling::sending());
///         Err("the database is away".into())
///     }
///     _ => Err(HandlerError::from(std::fmt::Error)),
/// }))
/// .handler_timeout(Duration::from_millis(5))
/// .attempts(10)
/// .backoff(Duration::from_millis(1), Duration::from_millis(5))
/// .retry_timeouts()
/// .retry_panics()
/// .retry_after_send() // this one keeps account of what it has sent
/// .retry_error(|_: &std::fmt::Error| false)
/// .retry_if(|failure| !matches!(failure, HandlerFailure::ShutDown))
/// .on_dead_letter(move |letter| {
///     kept.lock().unwrap().push(letter.event.attempt());
///     async {}
/// });
///
/// let body = r#"{"status": "not sent", "reason": "Daily limit reached"}"#;
/// for event in IncomingEvent::all(ReceivedCallback::from_raw(body.into(), SystemTime::now())?) {
///     for attempt in 1.. {
///         let event = event.clone().at_attempt(attempt);
///         if let Attempt::GivenUp(letter) = runner.attempt(event, None, std::future::pending()).await {
///             runner.dead_letter(letter).await;
///             break;
///         }
///     }
/// }
/// assert_eq!(*letters.lock().unwrap(), [4]);
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct Runner {
    handler: Box<dyn Handler>,
    on_dead_letter: Option<Box<OnDeadLetter>>,
    /// All have to agree.
    retry_if: Vec<Box<RetryIf>>,
    retries: Retries,
    attempts: u32,
    backoff: Backoff,
    handler_timeout: Duration,
}

type RetryIf = dyn Fn(&HandlerFailure) -> bool + Send + Sync;
type OnDeadLetter = dyn Fn(DeadLetter) -> Boxed<'static, ()> + Send + Sync;

/// What is tried again only where it was enabled by name.
#[derive(Clone, Copy, Debug, Default)]
struct Retries {
    panics: bool,
    timeouts: bool,
    after_send: bool,
}

/// What came of an [attempt](Runner::attempt).
///
/// For an example see [`Runner`].
#[derive(Debug)]
#[non_exhaustive]
pub enum Attempt {
    /// The event is finished.
    Handled,
    /// It is to be tried again.
    Repeat {
        /// Why.
        failure: HandlerFailure,
        /// After this time.
        wait: Duration,
    },
    /// It is not to be tried again: this is what [`dead_letter`](Runner::dead_letter) takes.
    GivenUp(DeadLetter),
}

impl Runner {
    /// The default of [`handler_timeout`](Self::handler_timeout): 120 s.
    pub const DEFAULT_HANDLER_TIMEOUT: Duration = Duration::from_secs(120);
    /// The default of [`attempts`](Self::attempts): 5.
    pub const DEFAULT_ATTEMPTS: u32 = 5;
    /// The defaults of [`backoff`](Self::backoff): 0.5 s and 30 s.
    pub const DEFAULT_BACKOFF: (Duration, Duration) =
        (Duration::from_millis(500), Duration::from_secs(30));

    /// Runs this handler, with the defaults.
    ///
    /// For an example see [`Runner`].
    pub fn new(handler: impl Handler + 'static) -> Self {
        let (shortest, longest) = Self::DEFAULT_BACKOFF;
        Self {
            handler: Box::new(handler),
            on_dead_letter: None,
            retry_if: Vec::new(),
            retries: Retries::default(),
            attempts: Self::DEFAULT_ATTEMPTS,
            backoff: Backoff { shortest, longest },
            handler_timeout: Self::DEFAULT_HANDLER_TIMEOUT,
        }
    }

    /// The longest time for one call of the handler: at least a millisecond, at most a year. See
    /// [`MemorySinkBuilder::handler_timeout`](crate::MemorySinkBuilder::handler_timeout).
    pub fn handler_timeout(mut self, timeout: Duration) -> Self {
        self.handler_timeout = limits::positive(timeout);
        self
    }

    /// How often the handler is called for one event, at least once.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The shortest and the longest pause before the next attempt, of a year at most.
    pub fn backoff(mut self, shortest: Duration, longest: Duration) -> Self {
        let (shortest, longest) = (limits::bounded(shortest), limits::bounded(longest));
        self.backoff = Backoff { shortest, longest };
        self
    }

    /// Which errors of a type are worth another attempt. See
    /// [`MemorySinkBuilder::retry_error`](crate::MemorySinkBuilder::retry_error).
    pub fn retry_error<E>(self, is_retried: impl Fn(&E) -> bool + Send + Sync + 'static) -> Self
    where
        E: std::error::Error + 'static,
    {
        self.retry_if(move |failure| failure.downcast_ref().is_none_or(&is_retried))
    }

    /// Which failures are worth another attempt, of those that may be tried again at all. See
    /// [`MemorySinkBuilder::retry_if`](crate::MemorySinkBuilder::retry_if).
    pub fn retry_if(
        mut self,
        is_retried: impl Fn(&HandlerFailure) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.retry_if.push(Box::new(is_retried));
        self
    }

    /// Tries again after a timeout. See
    /// [`MemorySinkBuilder::retry_timeouts`](crate::MemorySinkBuilder::retry_timeouts).
    pub fn retry_timeouts(mut self) -> Self {
        self.retries.timeouts = true;
        self
    }

    /// Tries again after a panic. See
    /// [`MemorySinkBuilder::retry_panics`](crate::MemorySinkBuilder::retry_panics).
    pub fn retry_panics(mut self) -> Self {
        self.retries.panics = true;
        self
    }

    /// Tries again also where a message may have gone out. See
    /// [`MemorySinkBuilder::retry_after_send`](crate::MemorySinkBuilder::retry_after_send).
    pub fn retry_after_send(mut self) -> Self {
        self.retries.after_send = true;
        self
    }

    /// Takes what is [dead-lettered](Self::dead_letter).
    pub fn on_dead_letter<F, Fut>(mut self, take: F) -> Self
    where
        F: Fn(DeadLetter) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.on_dead_letter = Some(Box::new(move |letter| Box::pin(take(letter))));
        self
    }

    /// Calls the handler with an event, until it is done, panics, takes too long, or `stop` is ready. The event says which
    /// attempt it is, and `last_wait` how long the pause before it was.
    ///
    /// It never panics, whatever the handler, its error, a subscriber of `tracing` or a recorder of `metrics` does. To drop
    /// the future stops the handler where it is.
    ///
    /// For an example see [`Runner`].
    pub async fn attempt(
        &self,
        event: IncomingEvent,
        last_wait: Option<Duration>,
        stop: impl Future<Output = ()> + Send,
    ) -> Attempt {
        let span = observe::span(&event);
        span.run(self.attempt_inside(event, last_wait, stop)).await
    }

    async fn attempt_inside(
        &self,
        event: IncomingEvent,
        last_wait: Option<Duration>,
        stop: impl Future<Output = ()> + Send,
    ) -> Attempt {
        let (begun, handling) = (Instant::now(), Handling::new());
        let mut outcome = handling.run(self.call(event.clone(), stop)).await;
        if let Err(HandlerFailure::Error(error)) = &mut outcome {
            error.show_what_is_presentable(&handling);
        }
        observe::attempted(&event, &outcome, begun.elapsed());
        let Err(failure) = outcome else {
            return Attempt::Handled;
        };
        let may_have_sent = handling.may_have_sent();
        if self.is_repeated(&event, &failure, may_have_sent) {
            let wait = self.backoff.next(last_wait);
            observe::repeated(&event, &failure, wait);
            return Attempt::Repeat { failure, wait };
        }
        Attempt::GivenUp(DeadLetter {
            event,
            failure,
            may_have_sent,
        })
    }

    async fn call(
        &self,
        event: IncomingEvent,
        stop: impl Future<Output = ()> + Send,
    ) -> Result<(), HandlerFailure> {
        let handling = with_timeout(self.handler_timeout, guarded(|| self.handler.handle(event)));
        let stop = pin!(stop);
        tokio::select! {
            biased;
            () = stop => Err(HandlerFailure::ShutDown),
            outcome = handling => match outcome {
                Ok(Some(Ok(()))) => Ok(()),
                Ok(Some(Err(error))) => Err(HandlerFailure::Error(error)),
                Ok(None) => Err(HandlerFailure::Panicked),
                Err(_) => Err(HandlerFailure::TimedOut),
            },
        }
    }

    /// Nothing that may have had an effect which a retry would repeat, unless it was enabled by name.
    fn is_repeated(
        &self,
        event: &IncomingEvent,
        failure: &HandlerFailure,
        may_have_sent: bool,
    ) -> bool {
        let may_be = match failure {
            HandlerFailure::ShutDown => false,
            HandlerFailure::Error(error) => !error.is_permanent(),
            HandlerFailure::Panicked => self.retries.panics,
            HandlerFailure::TimedOut => self.retries.timeouts,
        };
        let is_wanted = || self.retry_if.iter().all(|agrees| agrees(failure));
        may_be
            && (!may_have_sent || self.retries.after_send)
            && event.attempt() < self.attempts
            && quietly(is_wanted).unwrap_or(false)
    }

    /// Logs and counts a dead letter, hands it to [`on_dead_letter`](Self::on_dead_letter), and says whether that took it:
    /// `false` if there is none, or it panicked.
    pub async fn dead_letter(&self, letter: DeadLetter) -> bool {
        let span = observe::span(&letter.event);
        span.run(self.bury_inside(letter)).await
    }

    async fn bury_inside(&self, letter: DeadLetter) -> bool {
        observe::dead_letter(&letter);
        let Some(take) = &self.on_dead_letter else {
            return false;
        };
        let taken = guarded(|| take(letter)).await.is_some();
        if !taken {
            quietly(|| tracing::error!("what takes dead letters panicked"));
        }
        taken
    }
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner")
            .field("handler_timeout", &self.handler_timeout)
            .field("attempts", &self.attempts)
            .field("backoff", &self.backoff)
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}
