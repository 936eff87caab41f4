//! The connection that makes this process a worker: it holds the lease, listens, and sees to a fair share.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kaleyra_wa_store::{StoreError, StoreErrorKind};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use tokio_postgres::{Client, Notification};

use super::lease::{leave, register, renew, wait_for_others};
use super::notify::channel;
use crate::connect::{Opened, Told};
use crate::db::{Db, Link, Outcome, get, quoted};
use crate::store::Inner;

/// How often is looked who is there, and the lease made longer.
const TICK: Duration = Duration::from_secs(1);
/// How long a connection has to be up before others without one are taken for ended: all lose theirs where the server starts
/// anew, and the first that is back must not take what the others still work on.
const SETTLED: Duration = Duration::from_secs(3);
/// How far clocks may be apart, unless that is told.
const APART: Duration = Duration::from_secs(10);
/// The pauses before it is connected again.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(1));

/// A pooler of transactions is in between.
pub(super) fn pooled() -> StoreError {
    let detail = "the connection of the lease goes through a pooler of transactions: name the server itself, or a pooler of sessions";
    StoreError::new(StoreErrorKind::Invalid, detail)
}

pub(crate) struct Session {
    opened: Arc<Opened>,
    told: mpsc::Receiver<Notification>,
    has_missed: Arc<AtomicBool>,
    since: Instant,
    /// The process of the server that this is.
    backend: i32,
}

/// The session's connection, as a pool would lend it.
struct Held(Arc<Opened>);

impl Deref for Held {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.0.client
    }
}

impl Session {
    /// Connects, and becomes a worker with a new number; what this process had under its last one stays with it, unless others
    /// took it.
    pub(crate) async fn open(inner: &Inner, is_start: bool) -> Outcome<Self> {
        let (sender, told) = mpsc::channel(16_384);
        let has_missed = Arc::new(AtomicBool::new(false));
        let told_of = Told {
            sender,
            has_missed: Arc::clone(&has_missed),
        };
        let opened = Arc::new(inner.connector.open(Some(told_of)).await?);
        let mut session = Self {
            opened,
            told,
            has_missed,
            since: Instant::now(),
            backend: 0,
        };
        session.backend = session.backend(inner).await?;
        let channel = quoted(&channel(&inner.schema));
        session
            .db(inner)
            .batch(&format!("LISTEN {channel}"))
            .await?;
        if is_start {
            if inner.is_alone {
                wait_for_others(&session.db(inner)).await?;
            }
            register(inner, session.db(inner), true).await?;
            renew(inner, session.db(inner), session.backend, true).await?;
        } else {
            register(inner, session.db(inner), false).await?;
            // Nobody told us meanwhile.
            inner.shards.missed();
            renew(inner, session.db(inner), session.backend, false).await?;
            inner.signals.moved();
            inner.signals.queued();
        }
        Ok(session)
    }

    /// The process of the server that responds here.
    async fn backend(&self, inner: &Inner) -> Outcome<i32> {
        let db = self.db(inner);
        get(&db.query_one("SELECT pg_backend_pid()", &[]).await?, 0)
    }

    /// Makes sure that this connection is one of its own, and not one that a pooler gives to whoever has a transaction: what it holds
    /// and listens to would be somebody else's after it.
    pub(crate) async fn is_own(&self, inner: &Inner) -> Outcome<()> {
        // Others have transactions meanwhile, and so what a pooler would have given to this: opening the store takes no more than two.
        let mut others = Vec::new();
        for _ in 0..inner.at_least() {
            let other = inner.transaction().await?;
            let row = other.query_one("SELECT pg_backend_pid()", &[]).await?;
            if get::<i32>(&row, 0)? == self.backend || self.backend(inner).await? != self.backend {
                return Err(pooled());
            }
            others.push(other);
        }
        Ok(())
    }

    /// Whether the connection has TLS, as the server says.
    pub(crate) async fn is_encrypted(&self, inner: &Inner) -> Outcome<bool> {
        let row = self
            .db(inner)
            .query_opt(
                "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
                &[],
            )
            .await?;
        row.as_ref().map_or(Ok(false), |row| get(row, 0))
    }

    /// Warns where this machine's clock and the server's are far apart: those of all machines are then, perhaps.
    pub(crate) async fn compare_clocks(&self, inner: &Inner) -> Outcome<()> {
        let row = self
            .db(inner)
            .query_one(
                "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint",
                &[],
            )
            .await?;
        let apart = inner.now().as_millis() - get::<i64>(&row, 0)?;
        if apart.unsigned_abs() > u64::try_from(APART.as_millis()).unwrap_or(u64::MAX) {
            tracing::warn!(
                seconds = apart / 1_000,
                "this machine's clock is ahead of the server's, or behind it where this is negative: what is due, kept and \
                 pruned goes by the clocks of the machines, so set them alike"
            );
        }
        Ok(())
    }

    fn db(&self, inner: &Inner) -> Db {
        let link = Link::Users(Box::new(Held(Arc::clone(&self.opened))));
        Db::new(link, Arc::clone(&inner.schema), inner.limits)
    }

    /// Listens and holds the lease until it is told to stop.
    pub(crate) async fn run(mut self, inner: Arc<Inner>, mut stopped: oneshot::Receiver<()>) {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let outcome = tokio::select! {
                biased;
                _ = &mut stopped => return leave(&inner, self.db(&inner)).await,
                _ = ticks.tick() => {
                    let is_settled = self.since.elapsed() >= SETTLED;
                    match renew(&inner, self.db(&inner), self.backend, is_settled).await {
                        // The next look is soon enough.
                        Err(error) if error.kind() == StoreErrorKind::Busy => Ok(()),
                        outcome => outcome,
                    }
                }
                told = self.told.recv() => match told {
                    Some(notification) => {
                        self.hear(&inner, notification.payload());
                        Ok(())
                    }
                    None => Err(StoreError::new(StoreErrorKind::Io, "the connection ended")),
                },
            };
            if let Err(error) = outcome {
                tracing::warn!(%error, "the lease can't be held for now");
                // What others keep is told to nobody here: all is read again, of what is still ours then.
                inner.shards.set(&BTreeSet::new());
                let mut pause = PAUSES.0;
                self = loop {
                    tokio::select! {
                        _ = &mut stopped => return,
                        () = sleep(pause) => {}
                    }
                    match Self::open(&inner, false).await {
                        Ok(session) => break session,
                        Err(_) => pause = (pause * 2).min(PAUSES.1),
                    }
                };
            }
        }
    }

    fn hear(&mut self, inner: &Inner, payload: &str) {
        if self.has_missed.swap(false, Ordering::SeqCst) {
            inner.shards.missed();
            inner.signals.moved();
            inner.signals.queued();
        }
        if payload == "s" {
            return inner.signals.queued();
        }
        let mut is_ours = false;
        for event in payload.strip_prefix("e ").unwrap_or_default().split(',') {
            let Some((shard, id)) = event.split_once(':') else {
                continue;
            };
            if let (Ok(shard), Ok(id)) = (shard.parse(), id.parse()) {
                is_ours |= inner.shards.heard(shard, id);
            }
        }
        if is_ours {
            inner.signals.moved();
        }
    }
}
