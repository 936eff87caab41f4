//! The inbox: a sink that keeps deliveries before the 200, and has their events handled.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kaleyra_wa_store::inbox::InboxStore;
use kaleyra_wa_store::{Changes, SqliteStore, StoreError, StoreErrorKind};
use kaleyra_wa_webhook::{Handler, ReceivedCallback, Sink, SinkError};

use crate::InboxBuilder;
use crate::engine::Engine;

/// A sink that keeps deliveries before the 200, and has their events handled, through any number of crashes.
///
/// Clones are the same inbox: give one to the webhook's service, and keep one to [`shutdown`](Self::shutdown).
///
/// * **Kept first.** The delivery, byte for byte, and its events are synced to the disk before the 200. For what can't be kept
///   the response is 503, and its sender comes again.
/// * **All or none**: all events of a delivery, and what they say about messages and conversations.
/// * **Order.** The events of one conversation are handled one after the other, in the order in which they were kept;
///   different conversations at the same time, up to [`parallel`](InboxBuilder::parallel). One that waits delays no other.
/// * **At least once.** An attempt is recorded before the handler is called. One that fails is tried again; one during
///   which the process ends counts, so that an event which kills the process is given up after as many
///   [`attempts`](InboxBuilder::attempts) as any other.
/// * **Duplicates** are left out, across restarts, for as long as the [retention](InboxBuilder::retention) says, however
///   the body is written the next time and whatever became of the event.
/// * **Replies once.** What a handler sends through an outbox of this workspace is queued in the transaction that
///   settles the event as handled, and not otherwise.
/// * **Nothing is thrown away**: unknown and malformed events are kept and handled as any other; dead letters are kept, and can
///   be put back.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use kaleyra_wa_inbox::Inbox;
/// use kaleyra_wa_webhook::{ReceivedCallback, Sink, handler_fn};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir().join(format!("kwa-inbox-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let path = folder.join("bot.db");
/// let print = handler_fn(async |event| {
///     println!("{}", event.event().kind());
///     Ok(())
/// });
/// let inbox = Inbox::open(path, print).await?;
///
/// let body = r#"{"status": "not sent", "reason": "Daily limit reached"}"#;
/// inbox.accept(ReceivedCallback::from_raw(body.into(), SystemTime::now())?).await?; // as the service does it
///
/// inbox.shutdown(Duration::from_secs(10)).await;
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Inbox(Arc<Held>);

struct Held {
    engine: Arc<Engine>,
    /// Closed at the end, where the inbox has opened it.
    own: Option<SqliteStore>,
}

impl Inbox {
    /// After how long a sender is asked to retry where the store can't keep its delivery: 30 s.
    pub const RETRY_AFTER: Duration = SinkError::DEFAULT_RETRY_AFTER;
    /// The same where it may succeed in a moment: 5 s.
    pub const RETRY_SOON: Duration = Duration::from_secs(5);

    /// Opens this file as its owner, creating it if there is none, and begins to handle what waits in it; with the default
    /// settings, see [`InboxBuilder`].
    ///
    /// # Errors
    ///
    /// As for [`InboxBuilder::open`].
    ///
    /// For an example see [`Inbox`].
    pub async fn open(
        path: impl Into<PathBuf>,
        handler: impl Handler + 'static,
    ) -> Result<Self, StoreError> {
        Self::builder(handler).open(path).await
    }

    /// An inbox with settings.
    ///
    /// For an example see [`Inbox`].
    pub fn builder(handler: impl Handler + 'static) -> InboxBuilder {
        InboxBuilder::new(handler)
    }

    pub(crate) fn new(engine: Arc<Engine>, own: Option<SqliteStore>) -> Self {
        Self(Arc::new(Held { engine, own }))
    }

    /// Where everything is kept: to count, list, put back, drop, prune and back up.
    ///
    /// ```
    /// use kaleyra_wa_inbox::Inbox;
    /// use kaleyra_wa_inbox::store::inbox::{EventQuery, EventState};
    /// use kaleyra_wa_webhook::handler_fn;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-inbox-store-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let path = directory.join("bot.db");
    /// let inbox = Inbox::open(path, handler_fn(async |_| Ok(()))).await?;
    /// for dead in inbox.store().events(EventQuery::new().state(EventState::Dead)).await? {
    ///     inbox.store().requeue(dead.id).await?; // its cause is gone
    /// }
    /// assert_eq!(inbox.store().stats().await?.dead, 0);
    /// # inbox.shutdown(std::time::Duration::from_secs(10)).await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn store(&self) -> &dyn InboxStore {
        self.0.engine.store()
    }

    /// What happens from now on: dead letters, and whether anything can be kept.
    ///
    /// ```
    /// use std::time::SystemTime;
    ///
    /// use kaleyra_wa_inbox::{Change, Inbox};
    /// use kaleyra_wa_webhook::{ReceivedCallback, Sink, handler_fn};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-inbox-changes-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let path = directory.join("bot.db");
    /// let bot = handler_fn(async |_| Err("the order system can't be reached".into()));
    /// let inbox = Inbox::builder(bot).attempts(1).open(path).await?;
    /// let mut changes = inbox.changes();
    ///
    /// let body = r#"{"status": "not sent", "reason": "Daily limit reached"}"#;
    /// inbox.accept(ReceivedCallback::from_raw(body.into(), SystemTime::now())?).await?;
    /// assert!(matches!(changes.next().await, Some(Change::DeadLetter { .. })));
    /// # inbox.shutdown(std::time::Duration::from_secs(10)).await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn changes(&self) -> Changes {
        self.store().announcer().listen()
    }

    /// How much of it is in memory now. [`InboxStore::stats`] has all of it.
    ///
    /// For an example see [`Depth`].
    pub fn depth(&self) -> Depth {
        self.0.engine.depth()
    }

    /// Waits until the store can't be used any more, which nothing in this process can repair: it is damaged, or another
    /// process has become its owner. Then the inbox accepts nothing and handles nothing: end the process.
    ///
    /// ```
    /// use kaleyra_wa_inbox::Inbox;
    /// use kaleyra_wa_webhook::handler_fn;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-inbox-failed-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let path = directory.join("bot.db");
    /// let inbox = Inbox::open(path, handler_fn(async |_| Ok(()))).await?;
    /// # let asked_to_stop = async {};
    /// tokio::select! {
    ///     error = inbox.failed() => return Err(error.into()), // whoever watches the process starts it again
    ///     () = asked_to_stop => {}
    /// }
    /// # inbox.shutdown(std::time::Duration::from_secs(10)).await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn failed(&self) -> StoreError {
        self.0.engine.failed().await
    }

    /// Accepts nothing any more (503) and begins nothing, waits for the handlers that run, and closes the file.
    ///
    /// What is not handled is on the disk, and the next start goes on with it. Handlers that still run at the deadline are
    /// stopped; their events are tried again then, with this attempt counted, except where the client may have sent a message
    /// in it: that is a dead letter, unless [enabled](InboxBuilder::retry_after_send).
    ///
    /// Call it after the server has ended.
    ///
    /// For an example see [`Inbox`].
    pub async fn shutdown(&self, deadline: Duration) {
        self.0.engine.shutdown(deadline).await;
        if let Some(store) = &self.0.own {
            store.close().await;
        }
    }
}

#[async_trait]
impl Sink for Inbox {
    async fn accept(&self, delivery: ReceivedCallback) -> Result<(), SinkError> {
        let error = match self.0.engine.accept(delivery).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        let wait = match error.kind() {
            StoreErrorKind::Busy | StoreErrorKind::Closed => Self::RETRY_SOON,
            _ => Self::RETRY_AFTER,
        };
        Err(SinkError::new(error.to_string()).retry_after(wait))
    }
}

/// The last one is gone: what runs is stopped, what waits is on the disk.
impl Drop for Held {
    fn drop(&mut self) {
        self.engine.stop();
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbox")
            .field("depth", &self.depth())
            .finish_non_exhaustive()
    }
}

/// How much of an [`Inbox`] is in memory, what is being handled included.
///
/// ```
/// use kaleyra_wa_inbox::Inbox;
/// use kaleyra_wa_webhook::handler_fn;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-inbox-depth-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// # let path = directory.join("bot.db");
/// let inbox = Inbox::open(path, handler_fn(async |_| Ok(()))).await?;
/// let depth = inbox.depth();
/// assert_eq!((depth.events, depth.running), (0, 0)); // nothing waits in memory
/// # inbox.shutdown(std::time::Duration::from_secs(10)).await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Depth {
    /// Events.
    pub events: usize,
    /// Bytes of the deliveries that they came in.
    pub bytes: usize,
    /// Conversations that they belong to; an event that belongs to none counts as one.
    pub conversations: usize,
    /// Handlers that run.
    pub running: usize,
}
