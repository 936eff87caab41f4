//! The task that writes down what becomes of events: all that wait in one atomic batch, and only while their partitions are
//! ours.
//!
//! It alone changes what is known of events that are owned, so that what was written and what was read never cross.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_store::StoreError;
use kaleyra_wa_store::inbox::EventId;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use crate::failure::{Failure, Outcome, closed};
use crate::inbox::{lane, resolve};
use crate::index::Change;
use crate::link::Outgoing;
use crate::names::NO_LANE;
use crate::record::{Owner, State, read, write};
use crate::store::Inner;
use crate::takeover::{self, Claim};

/// How many are written at once.
const BATCH: usize = 256;
/// How often it is tried where others change the same partitions at the same time.
const TRIES: u32 = 10;

/// What is to be done, one after the other.
pub(crate) enum Job {
    /// To be written, if the event is still at this attempt.
    Write(Entry),
    /// Below this event of a partition all are settled.
    Floor(u16, i64),
    /// Others may have changed the partition.
    Refresh(u16, oneshot::Sender<Result<(), StoreError>>),
    /// The partition is somebody else's to have.
    Release(u16, oneshot::Sender<Result<(), StoreError>>),
}

/// What became of an event, or is about to.
pub(crate) struct Entry {
    pub(crate) partition: u16,
    pub(crate) event: EventId,
    pub(crate) attempt: u32,
    pub(crate) change: Change,
    pub(crate) state: State,
    /// `false` where it does not apply any more.
    pub(crate) done: oneshot::Sender<Result<bool, StoreError>>,
}

/// Writes what comes until nobody is left to send anything.
pub(crate) async fn run(inner: Arc<Inner>, mut jobs: mpsc::Receiver<Job>) {
    while let Some(first) = jobs.recv().await {
        let mut all = vec![first];
        while all.len() < BATCH
            && let Ok(job) = jobs.try_recv()
        {
            all.push(job);
        }
        let (mut entries, mut floors) = (Vec::new(), Vec::new());
        for job in all {
            match job {
                Job::Write(entry) => entries.push(entry),
                Job::Floor(partition, floor) => floors.push((partition, floor)),
                // In their order with what was asked for before.
                Job::Refresh(partition, done) => {
                    commit(
                        &inner,
                        std::mem::take(&mut entries),
                        std::mem::take(&mut floors),
                    )
                    .await;
                    let _ = done.send(
                        refresh(&inner, partition)
                            .await
                            .map(drop)
                            .map_err(Into::into),
                    );
                }
                Job::Release(partition, done) => {
                    commit(
                        &inner,
                        std::mem::take(&mut entries),
                        std::mem::take(&mut floors),
                    )
                    .await;
                    let _ = done.send(release(&inner, partition).await.map_err(Into::into));
                }
            }
        }
        commit(&inner, entries, floors).await;
    }
}

/// Asks for it, and waits until it is done.
pub(crate) async fn write_down(
    inner: &Inner,
    partition: u16,
    event: EventId,
    attempt: u32,
    change: Change,
    state: State,
) -> Result<bool, StoreError> {
    let (done, outcome) = oneshot::channel();
    let entry = Entry {
        partition,
        event,
        attempt,
        change,
        state,
        done,
    };
    let sent = inner.journal.send(Job::Write(entry)).await;
    sent.map_err(|_| closed())?;
    outcome.await.map_err(|_| closed())?
}

/// Learns what others did in a partition.
pub(crate) async fn look_again(inner: &Inner, partition: u16) -> Result<(), StoreError> {
    let (done, outcome) = oneshot::channel();
    let sent = inner.journal.send(Job::Refresh(partition, done)).await;
    sent.map_err(|_| closed())?;
    outcome.await.map_err(|_| closed())?
}

/// Gives a partition up.
pub(crate) async fn give_up(inner: &Inner, partition: u16) -> Result<(), StoreError> {
    let (done, outcome) = oneshot::channel();
    let sent = inner.journal.send(Job::Release(partition, done)).await;
    sent.map_err(|_| closed())?;
    outcome.await.map_err(|_| closed())?
}

async fn commit(inner: &Arc<Inner>, mut entries: Vec<Entry>, mut floors: Vec<(u16, i64)>) {
    for attempt in 0..TRIES {
        let messages = prepare(inner, &mut entries, &mut floors);
        if messages.is_empty() {
            return;
        }
        match inner.link.publish(messages).await {
            Ok(_) => return finish(inner, entries, &floors),
            Err(Failure::Conflict) => {}
            Err(failure) => return refuse(inner, entries, &failure.into()),
        }
        let mut partitions: BTreeSet<u16> = entries.iter().map(|entry| entry.partition).collect();
        partitions.extend(floors.iter().map(|(partition, _)| *partition));
        let mut has_changed = false;
        for partition in partitions {
            match refresh(inner, partition).await {
                Ok(changed) => has_changed |= changed,
                Err(failure) => return refuse(inner, entries, &failure.into()),
            }
        }
        if !has_changed {
            // On its way through the copies of the stream.
            sleep(Duration::from_millis(5 << attempt.min(6))).await;
        }
    }
    refuse(inner, entries, &Failure::Conflict.into());
}

/// The messages for what still applies; the first of each partition is refused where that is not ours any more, and all
/// others with it.
fn prepare(inner: &Inner, entries: &mut Vec<Entry>, floors: &mut Vec<(u16, i64)>) -> Vec<Outgoing> {
    let names = &inner.link.names;
    let mut index = inner.index();
    let mut kept = Vec::with_capacity(entries.len());
    for entry in entries.drain(..) {
        let id = entry.event.get();
        if index.allows(entry.partition, id, entry.change, entry.attempt) {
            kept.push(entry);
        } else {
            let _ = entry.done.send(Ok(false));
        }
    }
    *entries = kept;
    floors.retain(|(partition, _)| index.part(*partition).is_some());
    let states = entries.iter().map(|entry| {
        let subject = names.state(entry.partition, entry.event);
        (entry.partition, Outgoing::new(subject, write(&entry.state)))
    });
    let floors = floors.iter().map(|(partition, floor)| {
        let message = Outgoing::new(names.floor(*partition), floor.to_string());
        (*partition, message)
    });
    let mut fenced = BTreeSet::new();
    let fence = |(partition, message): (u16, Outgoing)| {
        let fence = index.part(partition).map_or(0, |part| part.fence);
        if fenced.insert(partition) {
            message.while_last(names.owner(partition), fence)
        } else {
            message
        }
    };
    states.chain(floors).map(fence).collect()
}

fn finish(inner: &Inner, entries: Vec<Entry>, floors: &[(u16, i64)]) {
    let mut index = inner.index();
    for entry in &entries {
        let (id, attempt) = (entry.event.get(), entry.attempt);
        index.apply(entry.partition, id, entry.change, attempt);
    }
    for (partition, floor) in floors {
        index.floored(*partition, *floor);
    }
    drop(index);
    for entry in entries {
        let _ = entry.done.send(Ok(true));
    }
}

fn refuse(inner: &Inner, entries: Vec<Entry>, error: &StoreError) {
    let mut index = inner.index();
    for entry in &entries {
        index.abandon(entry.partition, entry.event.get());
    }
    drop(index);
    for entry in entries {
        let _ = entry.done.send(Err(error.clone()));
    }
}

/// Reads what others did in a partition. Says whether they did anything.
async fn refresh(inner: &Arc<Inner>, partition: u16) -> Outcome<bool> {
    let Some((fence, changes)) = inner
        .index()
        .part(partition)
        .map(|part| (part.fence, part.changes))
    else {
        return Ok(false);
    };
    let (stream, names) = (inner.link.names.states(), &inner.link.names);
    let found = inner.link.last(&stream, &names.owner(partition)).await?;
    let Some(found) = found else {
        inner.index().lose(partition);
        return Ok(true);
    };
    if found.sequence == fence {
        return Ok(false);
    }
    let owner: Owner = read(&found.payload)?;
    if owner.worker.as_deref() != Some(&*inner.me) {
        inner.lose(partition);
        return Ok(true);
    }
    match owner.since(changes) {
        Some(ids) => {
            let ids: Vec<EventId> = ids.iter().copied().map(EventId::new).collect();
            let subjects: Vec<String> = ids.iter().map(|id| names.state(partition, *id)).collect();
            let states = inner.link.last_all(&stream, &subjects).await?;
            let numbers: Vec<i64> = ids.iter().map(|id| id.get()).collect();
            let events = inner.link.get_all(&names.events(), &numbers).await?;
            for ((id, state), event) in numbers.into_iter().zip(states).zip(events) {
                let state = state.map(|it| read::<State>(&it.payload)).transpose()?;
                let lane = event.as_ref().map_or(Ok(NO_LANE), lane)?;
                inner.index().change(partition, (id, lane), state.as_ref());
            }
            inner.index().refresh(partition, found.sequence, &owner);
        }
        // Too many to list: all of it is read again.
        None => {
            let claim = Claim {
                partition,
                fence: found.sequence,
                owner,
            };
            takeover::load(inner, &[claim]).await?;
            takeover::open(inner, partition);
            // It writes down what it does by way of this task.
            let inner = Arc::clone(inner);
            tokio::spawn(async move { resolve(&inner).await });
        }
    }
    inner.signals.moved();
    Ok(true)
}

async fn release(inner: &Arc<Inner>, partition: u16) -> Outcome<()> {
    let names = &inner.link.names;
    let found = inner
        .link
        .last(&names.states(), &names.owner(partition))
        .await?;
    let Some(found) = found else { return Ok(()) };
    let mut owner: Owner = read(&found.payload)?;
    if owner.worker.as_deref() != Some(&*inner.me) || !inner.index().is_idle(partition) {
        return Ok(());
    }
    owner.worker = None;
    let message = Outgoing::new(names.owner(partition), write(&owner)).after(found.sequence);
    match inner.link.publish(vec![message]).await {
        Ok(_) => {
            inner.index().lose(partition);
            Ok(())
        }
        Err(Failure::Conflict) => Ok(()),
        Err(failure) => Err(failure),
    }
}
