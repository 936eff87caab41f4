//! The store: what its parts share, and the tasks that belong to it.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kaleyra_wa_store::outbox::OutboxStore;
use kaleyra_wa_store::{Changes, Clock, Moment, Retention, StoreError};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::failure::went_back;
use crate::index::Index;
use crate::keep::{self, KeepJob};
use crate::link::Link;
use crate::session::Session;
use crate::signals::Signals;
use crate::{Durability, NatsOptions, journal};

/// An inbox's store on JetStream that several processes share. Clones are the same.
///
/// When the last clone is gone, its tasks end, and others take over what it had; [`close`](Self::close) hands it over in good
/// order. The [crate's documentation](crate) has what it guarantees, and what not.
///
/// # Examples
///
/// ```no_run
/// use std::time::Duration;
///
/// use kaleyra_wa_inbox::Inbox;
/// use kaleyra_wa_store_nats::NatsStore;
/// use kaleyra_wa_webhook::Router;
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let store = NatsStore::connect("nats://bot:a%20password@nats.internal/bot").await?;
/// if !store.durability().survives_power_cuts() {
///     eprintln!("a power cut takes callbacks that were acknowledged");
/// }
/// let bot = Router::new(()).on_text(async |_, text| println!("{}", text.body));
/// let inbox = Inbox::builder(bot).start(store.clone()).await?;
/// let mut changes = store.changes();
/// while let Some(change) = changes.next().await {
///     println!("{} of 64 partitions: {change:?}", store.share());
/// }
/// inbox.shutdown(Duration::from_secs(10)).await;
/// store.close().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct NatsStore(Arc<Parts>);

struct Parts {
    inner: Arc<Inner>,
    keeps: mpsc::Sender<KeepJob>,
    tasks: Mutex<Option<Tasks>>,
}

struct Tasks {
    /// Of a process that handles events.
    session: Option<(JoinHandle<()>, oneshot::Sender<()>)>,
    rest: Vec<JoinHandle<()>>,
}

/// What the tasks and the calls share.
pub(crate) struct Inner {
    pub(crate) link: Link,
    /// The name that this process has as a worker.
    pub(crate) me: String,
    pub(crate) lease: Duration,
    pub(crate) retention: Retention,
    pub(crate) outbox: Option<Arc<dyn OutboxStore>>,
    pub(crate) signals: Signals,
    pub(crate) journal: mpsc::Sender<journal::Job>,
    /// Held while events are kept, and while others' are taken note of.
    pub(crate) order: tokio::sync::Mutex<()>,
    /// The stream of events lost its end.
    is_broken: AtomicBool,
    durability: Durability,
    clock: Arc<dyn Clock>,
    index: Mutex<Index>,
}

/// How many deliveries and outcomes wait to be written.
const WAITING: usize = 4_096;

impl NatsStore {
    /// The store on this server, with the default settings. [`NatsOptions::new`] says what an address may have.
    ///
    /// # Errors
    ///
    /// As for [`NatsOptions::open`].
    pub async fn connect(server: &str) -> Result<Self, StoreError> {
        NatsOptions::new(server).open().await
    }

    pub(crate) async fn open(
        options: NatsOptions,
        link: Link,
        known: i64,
        durability: Durability,
    ) -> Result<Self, StoreError> {
        let (journal, entries) = mpsc::channel(WAITING);
        let inner = Arc::new(Inner {
            link,
            me: crate::random::token(),
            lease: options.lease,
            retention: options.retention,
            outbox: options.outbox,
            signals: Signals::new(),
            journal,
            order: tokio::sync::Mutex::default(),
            is_broken: AtomicBool::new(false),
            durability,
            clock: options.clock,
            // Who only receives needs to know of nothing.
            index: Mutex::new(Index::new(if options.handles { known } else { 0 })),
        });
        let (keeps, jobs) = mpsc::channel(WAITING);
        let mut tasks = Tasks {
            session: None,
            rest: vec![
                tokio::spawn(journal::run(Arc::clone(&inner), entries)),
                tokio::spawn(keep::run(Arc::clone(&inner), jobs)),
            ],
        };
        if options.handles {
            match Session::open(&inner, options.is_alone).await {
                Ok(session) => {
                    let (stop, stopped) = oneshot::channel();
                    let run = tokio::spawn(session.run(Arc::clone(&inner), stopped));
                    tasks.session = Some((run, stop));
                    let follow = crate::feed::follow(Arc::clone(&inner), known);
                    tasks.rest.push(tokio::spawn(follow));
                    let tend = crate::prune::tend(Arc::clone(&inner));
                    tasks.rest.push(tokio::spawn(tend));
                }
                Err(error) => {
                    tasks.abort();
                    return Err(error);
                }
            }
        }
        let tasks = Mutex::new(Some(tasks));
        Ok(Self(Arc::new(Parts {
            inner,
            keeps,
            tasks,
        })))
    }

    /// What happens from now on, as far as this process does it: what other processes do is not told.
    pub fn changes(&self) -> Changes {
        self.inner().signals.announcer.listen()
    }

    /// What an acknowledged callback survives, as far as that can be known here: by the replicas of the streams as they were when it
    /// was opened, and what [`server_syncs_always`](NatsOptions::server_syncs_always) says.
    pub fn durability(&self) -> Durability {
        self.inner().durability
    }

    /// How many of the 64 partitions of conversations this process handles now: its share among the workers that there are, which
    /// changes within seconds when one comes or goes. 0 of a process that [only receives](NatsOptions::receive_only).
    pub fn share(&self) -> usize {
        self.inner().index().share()
    }

    /// Hands over what this process has. Nothing can be kept or handled with the store after that: that fails as `Closed`.
    ///
    /// To be called when the inbox has shut down: what is still being handled is taken over with its attempt counted. Where the server
    /// can't be reached, it takes two or three times the [timeout](NatsOptions::timeout), and others find out by themselves.
    pub async fn close(&self) {
        let tasks = self.tasks().take();
        let Some(mut tasks) = tasks else { return };
        if let Some((session, stop)) = tasks.session.take() {
            let _ = stop.send(());
            let _ = session.await;
        }
        tasks.abort();
    }

    pub(crate) fn inner(&self) -> &Arc<Inner> {
        &self.0.inner
    }

    pub(crate) fn keeps(&self) -> &mpsc::Sender<KeepJob> {
        &self.0.keeps
    }

    fn tasks(&self) -> MutexGuard<'_, Option<Tasks>> {
        self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tasks {
    fn abort(self) {
        if let Some((session, _)) = self.session {
            session.abort();
        }
        for task in self.rest {
            task.abort();
        }
    }
}

/// As at the end of a process: others find that nobody responds.
impl Drop for Parts {
    fn drop(&mut self) {
        let tasks = self.tasks.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(tasks) = tasks.take() {
            tasks.abort();
        }
    }
}

impl Inner {
    pub(crate) fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Each step leaves it whole.
    pub(crate) fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses what makes no sense any more since the stream of events lost its end.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        if self.is_broken.load(Ordering::SeqCst) {
            return Err(went_back());
        }
        Ok(())
    }

    /// The stream of events had this message as its last one when those up to the other were known. Where these were more, it lost
    /// its end.
    pub(crate) fn check_end(&self, last: i64, known: i64) -> Result<(), StoreError> {
        if last < known && !self.is_broken.swap(true, Ordering::SeqCst) {
            tracing::error!(
                "the server lost events that it had acknowledged; this process has to be started again"
            );
        }
        self.check()
    }

    /// Another worker has the partition.
    pub(crate) fn lose(&self, partition: u16) {
        tracing::warn!(
            partition,
            "another worker took over a partition of this one"
        );
        self.index().lose(partition);
    }
}

impl fmt::Debug for NatsStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NatsStore")
            .field("share", &self.share())
            .field("durability", &self.durability())
            .finish_non_exhaustive()
    }
}
