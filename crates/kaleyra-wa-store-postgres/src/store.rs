//! The store: what its parts share, and the tasks that belong to it.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kaleyra_wa_store::{Changes, Clock, Moment, Retention, StoreError};
use sha2::{Digest, Sha256};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::cluster::{Session, Shards};
use crate::connect::Connector;
use crate::db::{Db, Limits, Link, Outcome};
use crate::inbox::{Hands, KeepJob};
use crate::outbox::Looks;
use crate::pool::{Pool, SmallPool};
use crate::signals::Signals;
use crate::{PostgresOptions, inbox, schema};

/// A store on Postgres that several processes share. Clones are the same.
///
/// When the last clone is gone, its tasks end, and others take over what it had; [`close`](Self::close) hands it over in good
/// order.
///
/// # Examples
///
/// Two processes, here in one, share the conversations once each has begun to handle events; what one of them has the other takes
/// over when it is closed:
///
/// ```no_run
/// use kaleyra_wa_store_postgres::PostgresStore;
/// use kaleyra_wa_store_postgres::base::InboxStore;
///
/// # async fn run() -> Result<(), kaleyra_wa_store_postgres::base::StoreError> {
/// let first = PostgresStore::connect("postgres://bot@127.0.0.1/bot").await?;
/// first.begin_handling().await?; // As an inbox does.
/// assert_eq!(first.share(), 256);
/// let second = PostgresStore::connect("postgres://bot@127.0.0.1/bot").await?;
/// second.begin_handling().await?;
/// tokio::time::sleep(std::time::Duration::from_secs(3)).await;
/// assert_eq!((first.share(), second.share()), (128, 128));
/// first.close().await;
/// assert_eq!(second.losses(), 0, "nobody took anything from it");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PostgresStore(Arc<Parts>);

struct Parts {
    inner: Arc<Inner>,
    keeps: mpsc::Sender<KeepJob>,
    is_exposed: bool,
    tasks: Mutex<Option<Tasks>>,
}

struct Tasks {
    session: JoinHandle<()>,
    writer: JoinHandle<()>,
    pruner: JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

/// Where connections come from.
pub(crate) enum Source {
    Own(SmallPool),
    Users(Arc<dyn Pool>),
}

/// The numbers that this process has as a worker.
#[derive(Default)]
struct Numbers {
    /// All that it had, and those that it may have, since the response to a COMMIT was lost.
    all: Vec<i64>,
    now: i64,
}

/// What the tasks and the calls share.
pub(crate) struct Inner {
    pub(crate) connector: Connector,
    source: Source,
    pub(crate) schema: Arc<str>,
    /// The first half of the keys of our advisory locks.
    pub(crate) lock: i32,
    pub(crate) limits: Limits,
    pub(crate) lease: Duration,
    pub(crate) retention: Retention,
    /// Whether it may handle events at all.
    pub(crate) handles: bool,
    /// Whether it does now.
    pub(crate) is_handling: AtomicBool,
    pub(crate) is_alone: bool,
    clock: Arc<dyn Clock>,
    pub(crate) signals: Signals,
    pub(crate) shards: Shards,
    pub(crate) hands: Hands,
    pub(crate) looks: Looks,
    /// Whoever changes which shards are ours has this.
    pub(crate) sharing: tokio::sync::Mutex<()>,
    /// How many claims were made.
    claims: AtomicI64,
    numbers: Mutex<Numbers>,
    /// How often an event is tried; 0 where that is not known yet.
    pub(crate) attempts: AtomicI64,
    /// How often its lease was lost to others.
    pub(crate) losses: AtomicU64,
}

impl PostgresStore {
    /// The store in the database that this names, with the default settings: see [`PostgresOptions`].
    ///
    /// # Errors
    ///
    /// As for [`PostgresOptions::open`].
    pub async fn connect(database: &str) -> Result<Self, StoreError> {
        PostgresOptions::new(database).open().await
    }

    pub(crate) async fn open(
        options: PostgresOptions,
        connector: Connector,
        source: Source,
        is_remote: bool,
    ) -> Result<Self, StoreError> {
        let hash = Sha256::digest(options.schema.as_bytes());
        let lock = i32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
        let inner = Arc::new(Inner {
            connector,
            source,
            schema: options.schema.as_str().into(),
            lock,
            limits: Limits {
                statement: options.timeout,
                idle: options.lease,
            },
            lease: options.lease,
            retention: options.retention,
            handles: options.handles,
            is_handling: AtomicBool::new(false),
            is_alone: options.is_alone,
            clock: options.clock,
            signals: Signals::new(),
            shards: Shards::default(),
            hands: Hands::default(),
            looks: Looks::default(),
            sharing: tokio::sync::Mutex::default(),
            claims: AtomicI64::new(0),
            numbers: Mutex::default(),
            attempts: AtomicI64::new(0),
            losses: AtomicU64::new(0),
        });
        schema::migrate(inner.db().await?, &options.schema, lock).await?;
        let session = Session::open(&inner, true).await?;
        session.is_own(&inner).await?;
        let is_exposed = is_remote && !session.is_encrypted(&inner).await?;
        if is_exposed {
            tracing::warn!(
                "Postgres is on another machine, and the connection is not encrypted: write sslmode=verify-full"
            );
        }
        session.compare_clocks(&inner).await?;
        let (stop, stopped) = oneshot::channel();
        let (keeps, jobs) = mpsc::channel(4_096);
        let tasks = Tasks {
            session: tokio::spawn(session.run(Arc::clone(&inner), stopped)),
            writer: tokio::spawn(inbox::write(Arc::clone(&inner), jobs)),
            pruner: tokio::spawn(inbox::keep_pruned(Arc::clone(&inner))),
            stop,
        };
        Ok(Self(Arc::new(Parts {
            inner,
            keeps,
            is_exposed,
            tasks: Mutex::new(Some(tasks)),
        })))
    }

    /// What happens from now on, as far as this process does it.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use kaleyra_wa_store_postgres::PostgresStore;
    /// use kaleyra_wa_store_postgres::base::Change;
    ///
    /// # async fn run(store: PostgresStore) {
    /// let mut changes = store.changes();
    /// while let Some(change) = changes.next().await {
    ///     if let Change::Message { reference, stage, .. } = change {
    ///         println!("{reference} is {stage:?}");
    ///     }
    /// }
    /// # }
    /// ```
    pub fn changes(&self) -> Changes {
        self.inner().signals.announcer.listen()
    }

    /// How many of the 256 shards of conversations this process handles now.
    pub fn share(&self) -> usize {
        self.inner().shards.owned()
    }

    /// How often others took over what this process had, because it gave no sign for longer than its lease.
    pub fn losses(&self) -> u64 {
        self.inner().losses.load(Ordering::Relaxed)
    }

    /// Whether what is kept goes to another machine without encryption: the server was not asked for TLS, or has none. A warning
    /// is logged then.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use kaleyra_wa_store_postgres::PostgresStore;
    ///
    /// # async fn run() -> Result<(), kaleyra_wa_store_postgres::base::StoreError> {
    /// let store = PostgresStore::connect("postgres://bot@db.internal/bot?sslmode=verify-full").await?;
    /// assert!(!store.is_exposed());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_exposed(&self) -> bool {
        self.0.is_exposed
    }

    /// Notes that this database was restored from a backup, and may be older than what was sent since: nothing is sent
    /// until it is [adopted](kaleyra_wa_store::OutboxStore::adopt). To be called before any outbox starts on it.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use kaleyra_wa_store_postgres::PostgresStore;
    /// use kaleyra_wa_store_postgres::base::OutboxStore;
    ///
    /// # async fn run() -> Result<(), kaleyra_wa_store_postgres::base::StoreError> {
    /// let store = PostgresStore::connect("postgres://bot@db.internal/bot").await?;
    /// store.mark_restored().await?;
    /// let hold = store.pause_of("+918000000001").await?.expect("it sends nothing");
    /// assert!(hold.why.contains("restored from a backup"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    pub async fn mark_restored(&self) -> Result<(), StoreError> {
        let db = self.inner().db().await?;
        let set =
            "INSERT INTO kwa.meta(name, value) VALUES ('is_restored', '1') ON CONFLICT DO NOTHING";
        db.execute(set, &[]).await.map(drop)
    }

    /// Hands over what this process has, and closes its connections. Nothing can be done with the store after that.
    pub async fn close(&self) {
        let tasks = self.tasks().take();
        let Some(tasks) = tasks else { return };
        tasks.writer.abort();
        tasks.pruner.abort();
        let _ = tasks.stop.send(());
        let _ = tasks.session.await;
        if let Source::Own(pool) = &self.inner().source {
            pool.close();
        }
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

/// As at the end of a process: others find that the connection is gone.
impl Drop for Parts {
    fn drop(&mut self) {
        let tasks = self.tasks.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(tasks) = tasks.take() {
            tasks.session.abort();
            tasks.pruner.abort();
        }
    }
}

impl Inner {
    pub(crate) async fn db(&self) -> Outcome<Db> {
        let link = match &self.source {
            Source::Own(pool) => Link::Own(Box::new(pool.lend().await?)),
            Source::Users(pool) => Link::Users(pool.client().await?),
        };
        Ok(Db::new(link, Arc::clone(&self.schema), self.limits))
    }

    /// How many connections there are at least at a time: of a pool of the application's, one.
    pub(crate) fn at_least(&self) -> usize {
        match &self.source {
            Source::Own(_) => 2,
            Source::Users(_) => 1,
        }
    }

    /// A connection with a transaction.
    pub(crate) async fn transaction(&self) -> Outcome<Db> {
        let db = self.db().await?;
        db.begin().await?;
        Ok(db)
    }

    pub(crate) fn now(&self) -> Moment {
        self.clock.now()
    }

    pub(crate) fn is_handling(&self) -> bool {
        self.is_handling.load(Ordering::SeqCst)
    }

    /// A number that tells an attempt, or a look for work, from all others of all processes; in one process it rises.
    pub(crate) fn claim(&self) -> i64 {
        // Room for 8 million starts, and 10^12 claims after each.
        const BITS: u32 = 40;
        let number = self.claims.fetch_add(1, Ordering::SeqCst);
        ((self.me() & 0x7F_FFFF) << BITS) | (number & ((1 << BITS) - 1))
    }

    /// The number that this process has as a worker now; 0 before the first.
    pub(crate) fn me(&self) -> i64 {
        self.numbers().now
    }

    /// All that it had, or may have: nobody else ever has one of them.
    pub(crate) fn all_mine(&self) -> Vec<i64> {
        self.numbers().all.clone()
    }

    /// It is about to have this number.
    pub(crate) fn may_become(&self, id: i64) {
        const KEPT: usize = 64;
        let mut numbers = self.numbers();
        numbers.all.push(id);
        let over = numbers.all.len().saturating_sub(KEPT);
        numbers.all.drain(..over);
    }

    /// It has it.
    pub(crate) fn become_worker(&self, id: i64) {
        self.numbers().now = id;
    }

    fn numbers(&self) -> MutexGuard<'_, Numbers> {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("schema", &self.inner().schema)
            .field("share", &self.share())
            .finish_non_exhaustive()
    }
}
