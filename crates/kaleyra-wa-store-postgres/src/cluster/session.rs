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

use crate::connect::{Opened, Told};
use crate::db::{Db, Link, Outcome, as_i64, get, quoted};
use crate::inbox::{prune, recover_shards};
use crate::schema::SHARDS;
use crate::store::Inner;

/// How often is looked who is there, and the lease made longer.
const TICK: Duration = Duration::from_secs(1);
/// How long a connection has to be up before others without one are taken for ended: all lose theirs where the server starts
/// anew, and the first that is back must not take what the others still work on.
const SETTLED: Duration = Duration::from_secs(3);
/// The pauses before it is connected again.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(1));
/// How often is pruned.
const PRUNE: u64 = 10;

pub(crate) struct Session {
    opened: Arc<Opened>,
    told: mpsc::Receiver<Notification>,
    has_missed: Arc<AtomicBool>,
    since: Instant,
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
        let session = Self {
            opened,
            told,
            has_missed,
            since: Instant::now(),
        };
        let channel = quoted(&channel(&inner.schema));
        session
            .db(inner)
            .batch(&format!("LISTEN {channel}"))
            .await?;
        session.register(inner).await?;
        if is_start {
            session.tick(inner, true).await?;
            if inner.is_alone && !session.is_alone(inner).await? {
                session.leave(inner).await;
                let detail = "another process uses it";
                return Err(StoreError::new(StoreErrorKind::Owned, detail));
            }
        } else {
            // Nobody told us meanwhile.
            inner.shards.missed();
            session.tick(inner, false).await?;
            inner.signals.moved();
            inner.signals.queued();
        }
        Ok(session)
    }

    fn db(&self, inner: &Inner) -> Db {
        let link = Link::Users(Box::new(Held(Arc::clone(&self.opened))));
        Db::new(link, Arc::clone(&inner.schema), inner.timeout)
    }

    async fn register(&self, inner: &Inner) -> Outcome<()> {
        let last = inner.me();
        let db = self.db(inner);
        db.begin().await?;
        let lease = as_i64(inner.lease.as_millis().try_into().unwrap_or(usize::MAX));
        let row = db
            .query_one(
                "INSERT INTO kwa.worker(handles, leased_until)
                 VALUES ($1, clock_timestamp() + $2::bigint * interval '1 millisecond') RETURNING id",
                &[&inner.handles, &lease],
            )
            .await?;
        let id: i64 = get(&row, 0)?;
        // Held by the connection for as long as that lasts: others see by it that we are there.
        let key = i32::try_from(id).map_err(|_| crate::failure::unreadable())?;
        db.execute("SELECT pg_advisory_lock($1, $2)", &[&inner.lock, &key])
            .await?;
        if last != 0 {
            let gone = db
                .execute("DELETE FROM kwa.worker WHERE id = $1", &[&last])
                .await?;
            if gone == 1 {
                for sql in [
                    "UPDATE kwa.shard SET worker = $2 WHERE worker = $1",
                    "UPDATE kwa.sender_lease SET worker = $2 WHERE worker = $1",
                    "UPDATE kwa.send SET epoch = $2 WHERE epoch = $1 AND state IN (1, 2)",
                ] {
                    db.execute(sql, &[&last, &id]).await?;
                }
            } else {
                inner.losses.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(
                    "others took over what this process had: it gave no sign for too long"
                );
            }
        }
        db.commit().await?;
        inner.become_worker(id);
        Ok(())
    }

    async fn is_alone(&self, inner: &Inner) -> Outcome<bool> {
        let db = self.db(inner);
        let others = db
            .query_one(
                "SELECT count(*) FROM kwa.worker WHERE id <> $1",
                &[&inner.me()],
            )
            .await?;
        Ok(get::<i64>(&others, 0)? == 0)
    }

    /// Listens and holds the lease until it is told to stop.
    pub(crate) async fn run(mut self, inner: Arc<Inner>, mut stopped: oneshot::Receiver<()>) {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut number: u64 = 0;
        loop {
            let outcome = tokio::select! {
                biased;
                _ = &mut stopped => return self.leave(&inner).await,
                _ = ticks.tick() => {
                    number += 1;
                    let is_settled = self.since.elapsed() >= SETTLED;
                    let outcome = self.tick(&inner, is_settled).await;
                    if number.is_multiple_of(PRUNE) && outcome.is_ok() {
                        self.prune(&inner).await;
                    }
                    outcome
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

    /// Makes the lease longer, ends those who are gone, and sees to a fair share.
    async fn tick(&self, inner: &Inner, is_settled: bool) -> Outcome<()> {
        let me = inner.me();
        let db = self.db(inner);
        db.begin().await?;
        let lease = as_i64(inner.lease.as_millis().try_into().unwrap_or(usize::MAX));
        let held = db
            .execute(
                "UPDATE kwa.worker SET leased_until = clock_timestamp() + $2::bigint * interval '1 millisecond' WHERE id = $1",
                &[&me, &lease],
            )
            .await?;
        if held == 0 {
            drop(db);
            inner.shards.set(&BTreeSet::new());
            return Err(StoreError::new(StoreErrorKind::Io, "the lease was lost"));
        }
        // Nobody waits here for who is stuck in a transaction.
        let gone = db
            .execute(
                "DELETE FROM kwa.worker WHERE id IN (
                   SELECT id FROM kwa.worker WHERE id <> $1
                      AND $2 AND clock_timestamp() > pg_postmaster_start_time() + interval '3 seconds'
                      AND (leased_until < clock_timestamp() OR pg_try_advisory_xact_lock($3, id::int))
                      FOR UPDATE SKIP LOCKED)",
                &[&me, &is_settled, &inner.lock],
            )
            .await?;
        if inner.handles {
            self.share(inner, &db, me).await?;
        }
        let rows = db
            .query("SELECT id FROM kwa.shard WHERE worker = $1", &[&me])
            .await?;
        let owned = rows.iter().map(|row| get(row, 0)).collect::<Outcome<_>>()?;
        db.commit().await?;
        if inner.shards.set(&owned) {
            inner.signals.moved();
        }
        if gone > 0 {
            inner.signals.queued();
        }
        Ok(())
    }

    /// Takes shards that nobody has, up to a fair share, or gives up those that are more.
    async fn share(&self, inner: &Inner, db: &Db, me: i64) -> Outcome<()> {
        let row = db
            .query_one(
                "SELECT (SELECT count(*) FROM kwa.worker WHERE handles), (SELECT count(*) FROM kwa.shard WHERE worker = $1)",
                &[&me],
            )
            .await?;
        let (workers, mine): (i64, i64) = (get(&row, 0)?, get(&row, 1)?);
        let fair = (SHARDS + workers.max(1) - 1) / workers.max(1);
        if mine < fair {
            let rows = db
                .query(
                    "UPDATE kwa.shard SET worker = $1 WHERE id IN (
                       SELECT s.id FROM kwa.shard s
                        WHERE s.worker IS NULL OR NOT EXISTS (SELECT 1 FROM kwa.worker w WHERE w.id = s.worker)
                        LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id",
                    &[&me, &(fair - mine)],
                )
                .await?;
            let taken: Vec<i64> = rows.iter().map(|row| get(row, 0)).collect::<Outcome<_>>()?;
            let attempts = inner.attempts.load(Ordering::SeqCst);
            if !taken.is_empty() && attempts > 0 {
                recover_shards(db, &taken, attempts, inner.now()).await?;
            }
        } else if mine > fair {
            // Locked first, and looked at then: an attempt that begins meanwhile holds its shard.
            let rows = db
                .query(
                    "SELECT id FROM kwa.shard WHERE worker = $1 ORDER BY id DESC LIMIT $2 FOR UPDATE SKIP LOCKED",
                    &[&me, &(mine - fair)],
                )
                .await?;
            let surplus: Vec<i64> = rows.iter().map(|row| get(row, 0)).collect::<Outcome<_>>()?;
            db.execute(
                "UPDATE kwa.shard s SET worker = NULL WHERE s.id = ANY($1)
                    AND NOT EXISTS (SELECT 1 FROM kwa.event e WHERE e.shard = s.id AND e.state = 1)",
                &[&surplus],
            )
            .await?;
        }
        Ok(())
    }

    async fn prune(&self, inner: &Inner) {
        let db = self.db(inner);
        let pruned = async {
            db.begin().await?;
            // One at a time is enough.
            let row = db
                .query_one("SELECT pg_try_advisory_xact_lock($1, -1)", &[&inner.lock])
                .await?;
            if get::<bool>(&row, 0)? {
                prune(&db, &inner.retention, inner.now(), 500).await?;
            }
            Ok::<_, StoreError>(())
        };
        let outcome = match pruned.await {
            Ok(()) => db.commit().await,
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            tracing::debug!(%error, "nothing could be pruned");
        }
    }

    /// Hands over what this process has.
    async fn leave(&self, inner: &Inner) {
        let me = inner.me();
        let db = self.db(inner);
        let left = async {
            db.begin().await?;
            for sql in [
                "UPDATE kwa.shard SET worker = NULL WHERE worker = $1",
                "DELETE FROM kwa.sender_lease WHERE worker = $1",
                "DELETE FROM kwa.worker WHERE id = $1",
            ] {
                db.execute(sql, &[&me]).await?;
            }
            db.execute("SELECT pg_notify($1, 's')", &[&channel(&inner.schema)])
                .await?;
            Ok::<_, StoreError>(())
        };
        let outcome = match left.await {
            Ok(()) => db.commit().await,
            Err(error) => Err(error),
        };
        inner.shards.set(&BTreeSet::new());
        if let Err(error) = outcome {
            tracing::debug!(%error, "what this process had could not be handed over: others take it when the lease ends");
        }
    }
}

fn channel(schema: &str) -> String {
    format!("kwa_{schema}")
}

/// Tells all workers, once this is committed, of events that were kept or put back: by shard and id.
pub(crate) async fn notify_events(db: &Db, inner: &Inner, events: &[(i64, i64)]) -> Outcome<()> {
    // A notification has 8,000 bytes at most, and an event 24.
    for some in events.chunks(300) {
        let names: Vec<String> = some
            .iter()
            .map(|(shard, id)| format!("{shard}:{id}"))
            .collect();
        let payload = format!("e {}", names.join(","));
        db.execute(
            "SELECT pg_notify($1, $2)",
            &[&channel(&inner.schema), &payload],
        )
        .await?;
    }
    Ok(())
}

/// Tells all, once this is committed, that there may be something to send.
pub(crate) async fn notify_sends(db: &Db, inner: &Inner) -> Outcome<()> {
    db.execute("SELECT pg_notify($1, 's')", &[&channel(&inner.schema)])
        .await
        .map(drop)
}
