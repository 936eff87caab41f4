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
use crate::db::{Db, Link, Outcome, quoted};
use crate::store::Inner;

/// How often is looked who is there, and the lease made longer.
const TICK: Duration = Duration::from_secs(1);
/// How long a connection has to be up before others without one are taken for ended: all lose theirs where the server starts
/// anew, and the first that is back must not take what the others still work on.
const SETTLED: Duration = Duration::from_secs(3);
/// The pauses before it is connected again.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(1));

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
        if is_start {
            if inner.is_alone {
                wait_for_others(&session.db(inner)).await?;
            }
            register(inner, session.db(inner), true).await?;
            renew(inner, session.db(inner), true).await?;
        } else {
            register(inner, session.db(inner), false).await?;
            // Nobody told us meanwhile.
            inner.shards.missed();
            renew(inner, session.db(inner), false).await?;
            inner.signals.moved();
            inner.signals.queued();
        }
        Ok(session)
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
                    match renew(&inner, self.db(&inner), is_settled).await {
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
