//! The store: what its parts share, and the tasks that belong to it.

use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kaleyra_wa_store::{Changes, Clock, Moment, Retention, StoreError};
use sha2::{Digest, Sha256};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::cluster::{Session, Shards};
use crate::connect::Connector;
use crate::db::{Db, Link, Outcome};
use crate::inbox::KeepJob;
use crate::pool::{Pool, SmallPool};
use crate::signals::Signals;
use crate::{PostgresOptions, inbox, schema};

/// A store on Postgres that several processes share. Clones are the same.
///
/// When the last clone is gone, its tasks end, and others take over what it had; [`close`](Self::close) hands it over in good
/// order.
#[derive(Clone)]
pub struct PostgresStore(Arc<Parts>);

struct Parts {
    inner: Arc<Inner>,
    keeps: mpsc::Sender<KeepJob>,
    tasks: Mutex<Option<Tasks>>,
}

struct Tasks {
    session: JoinHandle<()>,
    writer: JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

/// Where connections come from.
pub(crate) enum Source {
    Own(SmallPool),
    Users(Arc<dyn Pool>),
}

/// What the tasks and the calls share.
pub(crate) struct Inner {
    pub(crate) connector: Connector,
    source: Source,
    pub(crate) schema: Arc<str>,
    /// The first half of the keys of our advisory locks.
    pub(crate) lock: i32,
    pub(crate) timeout: Duration,
    pub(crate) lease: Duration,
    pub(crate) retention: Retention,
    pub(crate) handles: bool,
    pub(crate) is_alone: bool,
    clock: Arc<dyn Clock>,
    pub(crate) signals: Signals,
    pub(crate) shards: Shards,
    /// The numbers that this process has had as a worker, the last one now.
    me: Mutex<Vec<i64>>,
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
    ) -> Result<Self, StoreError> {
        let hash = Sha256::digest(options.schema.as_bytes());
        let lock = i32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
        let inner = Arc::new(Inner {
            connector,
            source,
            schema: options.schema.as_str().into(),
            lock,
            timeout: options.timeout,
            lease: options.lease,
            retention: options.retention,
            handles: options.handles,
            is_alone: options.is_alone,
            clock: options.clock,
            signals: Signals::new(),
            shards: Shards::default(),
            me: Mutex::default(),
            attempts: AtomicI64::new(0),
            losses: AtomicU64::new(0),
        });
        schema::migrate(inner.db().await?, &options.schema, lock).await?;
        let session = Session::open(&inner, true).await?;
        let (stop, stopped) = oneshot::channel();
        let (keeps, jobs) = mpsc::channel(4_096);
        let tasks = Tasks {
            session: tokio::spawn(session.run(Arc::clone(&inner), stopped)),
            writer: tokio::spawn(inbox::write(Arc::clone(&inner), jobs)),
            stop,
        };
        Ok(Self(Arc::new(Parts {
            inner,
            keeps,
            tasks: Mutex::new(Some(tasks)),
        })))
    }

    /// What happens from now on, as far as this process does it.
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

    /// Notes that this database was restored from a backup, and may be older than what was sent since: nothing is sent
    /// until it is [adopted](kaleyra_wa_store::OutboxStore::adopt). To be called before any outbox starts on it.
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
        }
    }
}

impl Inner {
    pub(crate) async fn db(&self) -> Outcome<Db> {
        let link = match &self.source {
            Source::Own(pool) => Link::Own(Box::new(pool.lend().await?)),
            Source::Users(pool) => Link::Users(pool.client().await?),
        };
        Ok(Db::new(link, Arc::clone(&self.schema), self.timeout))
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

    /// The number that this process has as a worker now.
    pub(crate) fn me(&self) -> i64 {
        self.ids().last().copied().unwrap_or(0)
    }

    /// All that it had.
    pub(crate) fn all_mine(&self) -> Vec<i64> {
        self.ids().clone()
    }

    pub(crate) fn become_worker(&self, id: i64) {
        const KEPT: usize = 64;
        let mut ids = self.ids();
        ids.push(id);
        let over = ids.len().saturating_sub(KEPT);
        ids.drain(..over);
    }

    fn ids(&self) -> MutexGuard<'_, Vec<i64>> {
        self.me.lock().unwrap_or_else(PoisonError::into_inner)
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
