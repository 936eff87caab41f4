//! The settings of an inbox.

use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_store::inbox::InboxStore;
use kaleyra_wa_store::{Clock, Retention, SqliteOptions, StoreError, StoreErrorKind, SystemClock};
use kaleyra_wa_webhook::{DeadLetter, Handler, HandlerFailure, Runner};
use tokio::task::spawn_blocking;

use crate::Inbox;
use crate::engine::{Engine, Settings};
use crate::queue::Limits;

/// Makes an [`Inbox`].
///
/// | Setting | Default | What it bounds |
/// |---|---|---|
/// | [`retention`](Self::retention) | 7 days, dead letters 90 | how long what was handled is kept, and how large the file may become |
/// | [`parallel`](Self::parallel) | 64 | conversations that are handled at a time |
/// | [`handler_timeout`](Self::handler_timeout) | 120 s | one call of the handler |
/// | [`attempts`](Self::attempts) | 5 | calls of the handler for one event |
/// | [`backoff`](Self::backoff) | 0.5 s to 30 s | the pause between two of them |
/// | [`max_events`](Self::max_events) | 10,000 | events in memory; more wait on the disk |
/// | [`max_bytes`](Self::max_bytes) | 64 MiB | the bodies that they came in |
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_inbox::{Inbox, Retention};
/// use kaleyra_wa_webhook::handler_fn;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-inbox-builder-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// # let path = directory.join("bot.db");
/// let inbox = Inbox::builder(handler_fn(async |_| Ok(())))
///     .attempts(3)
///     .backoff(Duration::from_secs(1), Duration::from_secs(300))
///     .handler_timeout(Duration::from_secs(20))
///     .retry_error(|error: &std::io::Error| error.kind() != std::io::ErrorKind::InvalidData)
///     .parallel(16)
///     .max_events(1_000)
///     .max_bytes(8 * 1024 * 1024)
///     .retention(Retention::default().max_bytes(10 * 1024 * 1024 * 1024))
///     .on_dead_letter(async |letter| eprintln!("gave up: {}", letter.failure))
///     .open(path)
///     .await?;
/// # inbox.shutdown(std::time::Duration::from_secs(10)).await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct InboxBuilder {
    runner: Runner,
    attempts: u32,
    longest_wait: Duration,
    retries_after_send: bool,
    parallel: usize,
    limits: Limits,
    retention: Retention,
    clock: Arc<dyn Clock>,
}

impl InboxBuilder {
    /// The default of [`max_events`](Self::max_events): 10,000.
    pub const DEFAULT_MAX_EVENTS: usize = 10_000;
    /// The default of [`max_bytes`](Self::max_bytes): 64 MiB.
    pub const DEFAULT_MAX_BYTES: usize = 64 * 1_024 * 1_024;
    /// The default of [`parallel`](Self::parallel): 64.
    pub const DEFAULT_PARALLEL: usize = 64;
    /// How many events of one conversation are in memory; more wait on the disk, so that others have room.
    const LANE: usize = 100;

    pub(crate) fn new(handler: impl Handler + 'static) -> Self {
        Self {
            runner: Runner::new(handler),
            attempts: Runner::DEFAULT_ATTEMPTS,
            longest_wait: Runner::DEFAULT_BACKOFF.1,
            retries_after_send: false,
            parallel: Self::DEFAULT_PARALLEL,
            limits: Limits {
                events: Self::DEFAULT_MAX_EVENTS,
                bytes: Self::DEFAULT_MAX_BYTES,
                lane: Self::LANE,
            },
            retention: Retention::default(),
            clock: Arc::new(SystemClock),
        }
    }

    /// How many events are in memory, those that are being handled included. More wait on the disk.
    pub fn max_events(mut self, events: usize) -> Self {
        self.limits.events = events.max(1);
        self
    }

    /// How many bytes of bodies are in memory, as they were received. More wait on the disk.
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.limits.bytes = bytes;
        self
    }

    /// How many conversations are handled at the same time, at least one. That is also the maximum number of handler calls at a time.
    pub fn parallel(mut self, conversations: usize) -> Self {
        self.parallel = conversations.max(1);
        self
    }

    /// How long what was handled is kept, and how large the file may become. For [`open`](Self::open); a store that is
    /// given to [`start`](Self::start) has its own.
    pub fn retention(mut self, retention: Retention) -> Self {
        self.retention = retention;
        self
    }

    /// Supplies the time, in place of the system clock.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use kaleyra_wa_inbox::Inbox;
    /// use kaleyra_wa_inbox::store::{ManualClock, Moment};
    /// use kaleyra_wa_webhook::handler_fn;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-inbox-clock-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let path = directory.join("bot.db");
    /// let clock = Arc::new(ManualClock::new(Moment::from_millis(1_722_863_329_000)));
    /// let inbox = Inbox::builder(handler_fn(async |_| Ok(()))).clock(Arc::clone(&clock)).open(path).await?;
    /// clock.advance(std::time::Duration::from_secs(60)); // what backs off for a minute is due
    /// # inbox.shutdown(std::time::Duration::from_secs(10)).await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The longest time for one call of the handler; after it, the handler's future is dropped, and the event is a dead
    /// letter, or is [tried again](Self::retry_timeouts).
    pub fn handler_timeout(self, timeout: Duration) -> Self {
        self.runner(|runner| runner.handler_timeout(timeout))
    }

    /// How often the handler is called for one event, at least once. An attempt that ends the process counts, too.
    ///
    /// For an example see [`InboxBuilder`].
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self.runner(|runner| runner.attempts(attempts))
    }

    /// The shortest and the longest pause before the next attempt. Pauses grow from the one to the other, each of them
    /// by chance.
    ///
    /// For an example see [`InboxBuilder`].
    pub fn backoff(mut self, shortest: Duration, longest: Duration) -> Self {
        self.longest_wait = longest;
        self.runner(|runner| runner.backoff(shortest, longest))
    }

    /// Which errors of a type are worth another attempt; of other types all are. See
    /// [`MemorySinkBuilder::retry_error`](kaleyra_wa_webhook::MemorySinkBuilder::retry_error).
    ///
    /// For an example see [`InboxBuilder`].
    pub fn retry_error<E>(self, is_retried: impl Fn(&E) -> bool + Send + Sync + 'static) -> Self
    where
        E: std::error::Error + 'static,
    {
        self.runner(|runner| runner.retry_error(is_retried))
    }

    /// Which failures are worth another attempt. See
    /// [`MemorySinkBuilder::retry_if`](kaleyra_wa_webhook::MemorySinkBuilder::retry_if).
    ///
    /// ```
    /// use kaleyra_wa_inbox::Inbox;
    /// use kaleyra_wa_webhook::{HandlerFailure, handler_fn};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-inbox-retryif-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let path = directory.join("bot.db");
    /// // Only what was enabled by name is tried again.
    /// let inbox = Inbox::builder(handler_fn(async |_| Ok(())))
    ///     .retry_timeouts()
    ///     .retry_if(|failure| matches!(failure, HandlerFailure::TimedOut))
    ///     .open(path)
    ///     .await?;
    /// # inbox.shutdown(std::time::Duration::from_secs(10)).await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn retry_if(
        self,
        is_retried: impl Fn(&HandlerFailure) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.runner(|runner| runner.retry_if(is_retried))
    }

    /// Tries again after the handler took too long and was stopped. Harmless where all that it does is reply through
    /// an outbox: what a stopped attempt wanted to send is dropped with it.
    ///
    /// For an example see [`retry_if`](Self::retry_if).
    pub fn retry_timeouts(self) -> Self {
        self.runner(Runner::retry_timeouts)
    }

    /// Tries again after the handler panicked. See [`retry_timeouts`](Self::retry_timeouts).
    ///
    /// For an example see [`retry_after_send`](Self::retry_after_send).
    pub fn retry_panics(self) -> Self {
        self.runner(Runner::retry_panics)
    }

    /// Tries again also where the client may have sent a message in the failed attempt: **the user may get it twice**.
    ///
    /// ```
    /// use kaleyra_wa_inbox::Inbox;
    /// use kaleyra_wa_webhook::handler_fn;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-inbox-aftersend-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let path = directory.join("bot.db");
    /// // A handler that sends reminders: two are better than none.
    /// let inbox = Inbox::builder(handler_fn(async |_| Ok(())))
    ///     .retry_panics()
    ///     .retry_after_send()
    ///     .open(path)
    ///     .await?;
    /// # inbox.shutdown(std::time::Duration::from_secs(10)).await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn retry_after_send(mut self) -> Self {
        self.retries_after_send = true;
        self.runner(Runner::retry_after_send)
    }

    /// Called with what will not be handled any more, once that is recorded: the event is kept, and can be put back by
    /// [`InboxStore::requeue`]. The next event of its conversation waits until this is done.
    ///
    /// For an example see [`InboxBuilder`].
    pub fn on_dead_letter<F, Fut>(self, take: F) -> Self
    where
        F: Fn(DeadLetter) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.runner(|runner| runner.on_dead_letter(take))
    }

    /// Opens this file as its owner, creating it if there is none, and begins to handle what waits in it.
    ///
    /// # Errors
    ///
    /// As for [`SqliteOptions::open`]; and outside of a tokio runtime.
    ///
    /// For an example see [`InboxBuilder`].
    pub async fn open(self, path: impl Into<PathBuf>) -> Result<Inbox, StoreError> {
        let options = SqliteOptions::new(path).clock(Arc::clone(&self.clock));
        let options = options.retention(self.retention);
        let ended = |_| StoreError::new(StoreErrorKind::Closed, "the runtime is shutting down");
        let store = spawn_blocking(|| options.open()).await.map_err(ended)??;
        let engine = self.run(Arc::new(store.clone())).await?;
        Ok(Inbox::new(engine, Some(store)))
    }

    /// Begins to handle what waits in a store that is open: one that an outbox uses as well, or one of your own. It is
    /// yours to close, after the [`shutdown`](Inbox::shutdown).
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_inbox::Inbox;
    /// use kaleyra_wa_inbox::store::SqliteStore;
    /// use kaleyra_wa_webhook::handler_fn;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-inbox-start-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let path = directory.join("bot.db");
    /// let store = SqliteStore::open(path)?; // an outbox may have it, too
    /// let inbox = Inbox::builder(handler_fn(async |_| Ok(()))).start(store.clone()).await?;
    /// assert_eq!(store.path(), directory.canonicalize()?.join("bot.db"));
    ///
    /// inbox.shutdown(std::time::Duration::from_secs(10)).await;
    /// store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Where the store can't be read or written.
    pub async fn start(self, store: impl InboxStore + 'static) -> Result<Inbox, StoreError> {
        let engine = self.run(Arc::new(store)).await?;
        Ok(Inbox::new(engine, None))
    }

    async fn run(self, store: Arc<dyn InboxStore>) -> Result<Arc<Engine>, StoreError> {
        let settings = Settings {
            runner: self.runner,
            attempts: self.attempts,
            longest_wait: self.longest_wait,
            retries_after_send: self.retries_after_send,
            parallel: self.parallel,
            limits: self.limits,
            clock: self.clock,
        };
        Engine::start(store, settings).await
    }

    fn runner(mut self, set: impl FnOnce(Runner) -> Runner) -> Self {
        self.runner = set(self.runner);
        self
    }
}

impl fmt::Debug for InboxBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InboxBuilder")
            .field("runner", &self.runner)
            .field("parallel", &self.parallel)
            .field("limits", &self.limits)
            .field("retention", &self.retention)
            .finish_non_exhaustive()
    }
}
