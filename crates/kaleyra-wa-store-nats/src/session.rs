//! Who works, and who owns which partitions.
//!
//! A worker gives signs of life with a lease that the server ends, and responds to probes for as long as it is connected. Each
//! partition belongs to the worker that a hash of both says; it is taken when its owner is gone, and given up when another is
//! there for it and nothing of it is being handled.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use kaleyra_wa_store::{StoreError, StoreErrorKind};
use sha2::{Digest, Sha256};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::failure::{Failure, Outcome};
use crate::journal;
use crate::link::{Outgoing, Probe};
use crate::names::PARTITIONS;
use crate::record::{Owner, read};
use crate::store::Inner;
use crate::takeover::{self, Claim};

/// How long a worker has to respond to a probe.
const PROBE: Duration = Duration::from_millis(500);
/// How long after this process was connected again others count as there that may not be connected yet.
const GRACE: Duration = Duration::from_secs(3);
/// How long it is waited for a moment at which nothing of a partition is being handled.
const PATIENCE: Duration = Duration::from_secs(5);

/// This process as a worker.
pub(crate) struct Session {
    responder: JoinHandle<()>,
    hints: async_nats::Subscriber,
    beat_at: Option<Instant>,
    looked_at: Option<Instant>,
    live: BTreeSet<String>,
    /// Somebody took or gave up a partition.
    is_stale: bool,
    /// Partitions that others are to have, since when.
    leaving: HashMap<u16, Instant>,
    connects: u64,
    connected_at: Instant,
    is_first: bool,
}

impl Session {
    /// Takes part, with a share of the partitions.
    pub(crate) async fn open(inner: &Arc<Inner>, is_alone: bool) -> Result<Self, StoreError> {
        let link = &inner.link;
        let subscribe = async |subject: String| {
            let made = link.client.subscribe(subject).await;
            made.map_err(|_| StoreError::new(StoreErrorKind::Io, "the server can't be reached"))
        };
        let mut probes = subscribe(link.names.alive(&inner.me)).await?;
        let hints = subscribe(link.names.all_owners()).await?;
        let client = link.client.clone();
        let responder = tokio::spawn(async move {
            while let Some(probe) = probes.next().await {
                if let Some(reply) = probe.reply {
                    let _ = client.publish(reply, bytes::Bytes::new()).await;
                }
            }
        });
        let mut session = Self {
            responder,
            hints,
            beat_at: None,
            looked_at: None,
            live: BTreeSet::new(),
            is_stale: true,
            leaving: HashMap::new(),
            connects: link.client.statistics().connects.load(Ordering::Relaxed),
            connected_at: Instant::now(),
            is_first: true,
        };
        session.beat(inner).await?;
        if is_alone {
            let live = session.workers(inner).await?;
            if live.len() > 1 {
                session.leave(inner).await;
                let detail = "another process has this store open on the server";
                return Err(StoreError::new(StoreErrorKind::Owned, detail));
            }
        }
        session.round(inner).await?;
        Ok(session)
    }

    /// Keeps its share, until it is told to stop; then it hands it over.
    pub(crate) async fn run(mut self, inner: Arc<Inner>, mut stop: oneshot::Receiver<()>) {
        let mut ticks =
            interval((inner.lease / 6).clamp(Duration::from_millis(300), Duration::from_secs(1)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = &mut stop => break,
                // Nothing more comes where the application closed the connection.
                Some(hint) = self.hints.next() => {
                    self.hint(&inner, &hint.subject).await;
                    continue;
                }
                _ = ticks.tick() => {}
            }
            if let Err(failure) = self.round(&inner).await {
                let error = StoreError::from(failure);
                tracing::warn!(%error, "who owns which conversations can't be seen for now");
                self.is_stale = true;
            }
        }
        let owned = inner.index().owned();
        for partition in owned {
            // Where the server can't be reached, others find that nobody responds.
            if journal::give_up(&inner, partition).await.is_err() {
                return;
            }
        }
        self.leave(&inner).await;
    }

    /// Somebody wrote who owns a partition, perhaps.
    async fn hint(&mut self, inner: &Arc<Inner>, subject: &str) {
        let partition = subject.rsplit_once('.').and_then(|it| it.1.parse().ok());
        self.is_stale = true;
        let Some(partition) = partition else { return };
        let is_ours = inner.index().part(partition).is_some();
        if is_ours {
            let _ = journal::look_again(inner, partition).await;
        }
    }

    async fn round(&mut self, inner: &Arc<Inner>) -> Outcome<()> {
        self.beat(inner).await?;
        let live = self.workers(inner).await?;
        let is_due = self
            .looked_at
            .is_none_or(|at| at.elapsed() >= inner.lease / 3);
        if live == self.live && !self.is_stale && !is_due {
            return Ok(());
        }
        let known = inner.index().known();
        let end = inner.link.extent(&inner.link.names.events()).await?;
        inner.check_end(i64::try_from(end.last_seq).unwrap_or(i64::MAX), known)?;
        self.is_stale = false;
        self.looked_at = Some(Instant::now());
        let owners = owners(inner).await?;
        let owned: BTreeSet<u16> = inner.index().owned().into_iter().collect();
        self.leaving
            .retain(|partition, _| owned.contains(partition));
        let (mut there, mut mine, mut free) = (HashMap::new(), Vec::new(), Vec::new());
        for (partition, (owner, sequence)) in owners {
            let is_here = inner.index().part(partition).map(|part| part.fence);
            let is_mine = owner.worker.as_deref() == Some(&*inner.me);
            match is_here {
                Some(fence) if !is_mine || fence != sequence => {
                    journal::look_again(inner, partition).await?;
                    continue;
                }
                None if is_mine => {
                    mine.push(Claim {
                        partition,
                        fence: sequence,
                        owner,
                    });
                    continue;
                }
                _ => {}
            }
            let is_for_me = best(&live, partition).is_some_and(|it| *it == inner.me);
            if is_here.is_some() {
                // Not before what is being handled is done; after a while nothing more is begun.
                let since = self.leaving.get(&partition).copied();
                if is_for_me {
                    self.leaving.remove(&partition);
                    if inner.index().leave(partition, false) {
                        inner.signals.moved();
                    }
                } else {
                    let since = since.unwrap_or_else(Instant::now);
                    self.leaving.insert(partition, since);
                    self.is_stale = true;
                    inner.index().leave(partition, since.elapsed() >= PATIENCE);
                    journal::give_up(inner, partition).await?;
                }
                continue;
            }
            if !is_for_me {
                continue;
            }
            let is_free = match &owner.worker {
                None => true,
                Some(worker) if live.contains(worker) => false,
                Some(worker) => match there.get(worker) {
                    Some(is_there) => !is_there,
                    None => {
                        let is_there = self.is_there(inner, worker, false).await;
                        there.insert(worker.clone(), is_there);
                        !is_there
                    }
                },
            };
            if is_free {
                free.push((partition, owner, sequence));
            }
        }
        takeover::read(inner, mine).await?;
        takeover::take(inner, free).await?;
        self.live = live;
        self.is_first = false;
        Ok(())
    }

    /// The workers that are there, this one included.
    async fn workers(&mut self, inner: &Inner) -> Outcome<BTreeSet<String>> {
        let names = &inner.link.names;
        let connects = inner
            .link
            .client
            .statistics()
            .connects
            .load(Ordering::Relaxed);
        if connects != self.connects {
            (self.connects, self.connected_at) = (connects, Instant::now());
        }
        let subjects = inner
            .link
            .subjects(&names.states(), &names.worker("*"))
            .await?;
        let mut live = BTreeSet::from([inner.me.clone()]);
        for subject in subjects {
            let Some((_, worker)) = subject.rsplit_once('.') else {
                continue;
            };
            if worker != inner.me && self.is_there(inner, worker, true).await {
                live.insert(worker.to_owned());
            }
        }
        Ok(live)
    }

    /// Whether a worker is there; it has a lease, or had one.
    async fn is_there(&self, inner: &Inner, worker: &str, has_lease: bool) -> bool {
        let subject = inner.link.names.alive(worker);
        match inner.link.probe(subject, PROBE).await {
            Probe::Responds => true,
            Probe::Silent => has_lease,
            // After the server was gone, it may only not be connected again.
            Probe::Gone => !self.is_first && has_lease && self.connected_at.elapsed() < GRACE,
            Probe::Unknown => true,
        }
    }

    /// Gives a sign of life, where it is time.
    async fn beat(&mut self, inner: &Inner) -> Outcome<()> {
        if self
            .beat_at
            .is_some_and(|at| at.elapsed() < inner.lease / 4)
        {
            return Ok(());
        }
        let subject = inner.link.names.worker(&inner.me);
        let lease = inner.lease.as_secs().max(1);
        let message = Outgoing::new(subject, "").header("Nats-TTL", format!("{lease}s"));
        inner.link.publish(vec![message]).await?;
        self.beat_at = Some(Instant::now());
        Ok(())
    }

    async fn leave(&self, inner: &Inner) {
        let names = &inner.link.names;
        let stream = names.states();
        if let Ok(Some(beat)) = inner.link.last(&stream, &names.worker(&inner.me)).await {
            let _ = inner.link.delete(&stream, beat.sequence).await;
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.responder.abort();
    }
}

/// Who owns each partition.
async fn owners(inner: &Inner) -> Outcome<BTreeMap<u16, (Owner, u64)>> {
    let names = &inner.link.names;
    let subjects: Vec<String> = (0..PARTITIONS).map(|it| names.owner(it)).collect();
    let found = inner.link.last_all(&names.states(), &subjects).await?;
    let owners = (0..PARTITIONS).zip(found).map(|(partition, found)| {
        let owner = match found {
            Some(found) => (read(&found.payload)?, found.sequence),
            None => (Owner::default(), 0),
        };
        Ok::<_, Failure>((partition, owner))
    });
    owners.collect()
}

/// Whose a partition is among these: a worker that comes or goes moves only its own share.
fn best(workers: &BTreeSet<String>, partition: u16) -> Option<&String> {
    workers.iter().max_by_key(|worker| {
        let mut hash = Sha256::new();
        hash.update(worker.as_bytes());
        hash.update(partition.to_be_bytes());
        let hash: [u8; 32] = hash.finalize().into();
        hash
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_about_equal_and_who_stays_keeps_most() {
        let three: BTreeSet<String> = ["a", "b", "c"].map(str::to_owned).into();
        let two: BTreeSet<String> = ["a", "b"].map(str::to_owned).into();
        let of = |worker: &str| {
            let all = 0..PARTITIONS;
            all.filter(|it| best(&three, *it).is_some_and(|best| best == worker))
                .count()
        };
        for worker in ["a", "b", "c"] {
            assert!((10..35).contains(&of(worker)), "{}", of(worker));
        }
        for partition in 0..PARTITIONS {
            let before = best(&three, partition);
            if before.is_some_and(|it| it != "c") {
                assert_eq!(best(&two, partition), before);
            }
        }
    }
}
