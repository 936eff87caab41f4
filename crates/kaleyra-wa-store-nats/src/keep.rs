//! The task that keeps deliveries: all that wait in one atomic batch, and told of in the order of their ids.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use kaleyra_wa_store::inbox::{EventId, Kept, NewDelivery, NewEvent, OnKept};
use kaleyra_wa_store::{Change, StoreError, StoreErrorKind};
use sha2::{Digest, Sha256};
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use crate::failure::{Failure, Outcome, invalid};
use crate::index::Event;
use crate::link::{BATCH, META, Outgoing};
use crate::names::{key_of, lane_of, partition_of};
use crate::record::{BodyAt, Meta};
use crate::store::Inner;

/// How many bytes are kept at once.
const BYTES: usize = 4 * 1_024 * 1_024;
/// How many events of a delivery are kept at once, with its body.
const EVENTS: usize = 900;
/// How much of a message is not its body.
const OVERHEAD: usize = 4 * 1_024;
/// How long the name of a conversation may be to be kept as it is.
const CONVERSATION: usize = 512;
/// How often it is tried where others keep the same at the same time.
const TRIES: u32 = 8;

/// A delivery to keep.
pub(crate) struct KeepJob {
    pub(crate) delivery: NewDelivery,
    /// Without it, the inbox is told as of what others kept.
    pub(crate) on_kept: Option<OnKept>,
    pub(crate) response: oneshot::Sender<Result<Kept, StoreError>>,
}

/// The messages of several deliveries.
#[derive(Default)]
struct Batch {
    messages: Vec<Outgoing>,
    events: Vec<Placed>,
}

/// An event in a batch.
struct Placed {
    delivery: usize,
    nth: u32,
    partition: u16,
    lane: u64,
    message: usize,
}

/// Keeps what comes until nobody is left to send anything.
pub(crate) async fn run(inner: Arc<Inner>, mut jobs: mpsc::Receiver<KeepJob>) {
    let mut left = None;
    let mut is_refusing = false;
    loop {
        let first = match left.take() {
            Some(job) => job,
            None => match jobs.recv().await {
                Some(job) => job,
                None => return,
            },
        };
        let mut size = weight(&inner, &first.delivery);
        let mut batch = vec![first];
        while let Ok(job) = jobs.try_recv() {
            let more = weight(&inner, &job.delivery);
            if size.0 + more.0 > BATCH || size.1 + more.1 > BYTES {
                left = Some(job);
                break;
            }
            size = (size.0 + more.0, size.1 + more.1);
            batch.push(job);
        }
        let refusal = commit(&inner, batch).await;
        tell(&inner, &mut is_refusing, refusal);
    }
}

/// How many messages it makes at most, and of how many bytes.
fn weight(inner: &Inner, delivery: &NewDelivery) -> (usize, usize) {
    let pieces = delivery.raw.len().div_ceil(piece(inner)).max(1);
    (delivery.events.len() + pieces, delivery.raw.len())
}

/// How large a body in one message may be.
pub(crate) fn piece(inner: &Inner) -> usize {
    let limit = inner.link.client.max_payload();
    limit.saturating_sub(OVERHEAD).max(1_024)
}

/// How many events of a delivery with a body of this size go into one batch with it.
pub(crate) fn events_at_once(inner: &Inner, size: usize) -> Result<usize, StoreError> {
    let pieces = size.div_ceil(piece(inner)).max(1);
    match BATCH.saturating_sub(pieces) {
        0 => Err(invalid(
            "a delivery is larger than an atomic batch may be, of 1,000 messages: raise max_payload of the NATS server, or lower the \
             limit of the receiver",
        )),
        left => Ok(left.min(EVENTS)),
    }
}

fn tell(inner: &Inner, is_refusing: &mut bool, refusal: Option<StoreErrorKind>) {
    let announcer = &inner.signals.announcer;
    match refusal {
        Some(kind) if !*is_refusing => announcer.tell(Change::Refusing {
            why: kind.as_str(),
            since: inner.now(),
        }),
        None if *is_refusing => announcer.tell(Change::Recovered),
        _ => {}
    }
    *is_refusing = refusal.is_some();
}

/// Keeps all of them; where one is in the way of others, each by itself. Gives why something was refused.
async fn commit(inner: &Inner, batch: Vec<KeepJob>) -> Option<StoreErrorKind> {
    let error = match attempt_all(inner, &batch).await {
        Ok(kept) => {
            finish(batch, kept);
            return None;
        }
        Err(error) => error,
    };
    if batch.len() == 1 || error.kind() != StoreErrorKind::Busy {
        for job in batch {
            let _ = job.response.send(Err(error.clone()));
        }
        return Some(error.kind());
    }
    let mut refusal = None;
    for job in batch {
        let alone = vec![job];
        match attempt_all(inner, &alone).await {
            Ok(kept) => finish(alone, kept),
            Err(error) => {
                refusal = Some(error.kind());
                for job in alone {
                    let _ = job.response.send(Err(error.clone()));
                }
            }
        }
    }
    refusal
}

/// What was kept of each, and the events that the inbox is told of at once.
type Done = (Vec<Kept>, BTreeSet<i64>);

/// Not an `async fn`: what the inbox is told by can't be shared between threads.
fn attempt_all<'a>(
    inner: &'a Inner,
    jobs: &'a [KeepJob],
) -> impl Future<Output = Result<Done, StoreError>> + use<'a> {
    let deliveries: Vec<&NewDelivery> = jobs.iter().map(|job| &job.delivery).collect();
    // Of a delivery in several steps, the inbox is told as of what others kept.
    let is_told = jobs.iter().all(|job| job.on_kept.is_some());
    attempt(inner, deliveries, is_told)
}

async fn attempt(
    inner: &Inner,
    jobs: Vec<&NewDelivery>,
    is_told: bool,
) -> Result<Done, StoreError> {
    let keys: Vec<Vec<String>> = jobs.iter().map(|job| keys(job)).collect();
    let mut known = HashSet::new();
    for attempt in 0..TRIES {
        let batch = build(inner, &jobs, &keys, &known);
        if batch.messages.is_empty() {
            return Ok((count(&jobs, &[], 0), BTreeSet::new()));
        }
        // What others hear of these events comes after what is known here.
        let order = inner.order.lock().await;
        let first_of_all = batch.messages.len();
        match inner.link.publish(batch.messages).await {
            Ok(last) => {
                let last = i64::try_from(last).unwrap_or(i64::MAX);
                let first = last - first_of_all as i64 + 1;
                let known = inner.index().known();
                inner.check_end(first - 1, known)?;
                let placed = batch.events.iter();
                let ids = placed.map(|it| (it.partition, (first + it.message as i64, it.lane)));
                let ids: Vec<(u16, Event)> = ids.collect();
                let here = if is_told {
                    inner.index().kept(first, last, &ids)
                } else {
                    BTreeSet::new()
                };
                drop(order);
                if inner.index().has_untold() {
                    inner.signals.moved();
                }
                return Ok((count(&jobs, &batch.events, first), here));
            }
            Err(Failure::Conflict) => drop(order),
            Err(failure) => return Err(failure.into()),
        }
        let before = known.len();
        find_known(inner, &jobs, &keys, &mut known).await?;
        if known.len() == before {
            // On its way through the copies of the stream.
            sleep(Duration::from_millis(5 << attempt.min(6))).await;
        }
    }
    Err(Failure::Conflict.into())
}

fn keys(delivery: &NewDelivery) -> Vec<String> {
    let keys = delivery.events.iter();
    keys.map(|event| key_of(event.fingerprint.as_ref()))
        .collect()
}

/// Adds the events that are in the stream already.
async fn find_known(
    inner: &Inner,
    jobs: &[&NewDelivery],
    keys: &[Vec<String>],
    known: &mut HashSet<String>,
) -> Outcome<()> {
    let names = &inner.link.names;
    let mut asked = Vec::new();
    for (delivery, keys) in jobs.iter().zip(keys) {
        for (event, key) in delivery.events.iter().zip(keys) {
            if event.fingerprint.is_some() && !known.contains(key) {
                let partition = partition_of(conversation(event).as_deref(), key);
                asked.push((key, names.event(partition, key)));
            }
        }
    }
    let subjects: Vec<String> = asked.iter().map(|(_, subject)| subject.clone()).collect();
    let found = inner.link.last_all(&names.events(), &subjects).await?;
    let found = asked.into_iter().zip(found);
    known.extend(found.filter_map(|((key, _), found)| found.map(|_| key.clone())));
    Ok(())
}

/// The messages for all events that are new.
fn build(
    inner: &Inner,
    jobs: &[&NewDelivery],
    keys: &[Vec<String>],
    known: &HashSet<String>,
) -> Batch {
    let names = &inner.link.names;
    let piece = piece(inner);
    let mut batch = Batch::default();
    let mut seen = HashSet::new();
    for (number, (delivery, keys)) in jobs.iter().zip(keys).enumerate() {
        let new: Vec<_> = delivery
            .events
            .iter()
            .zip(keys)
            .filter(|(_, key)| !known.contains(*key) && seen.insert(key.as_str()))
            .collect();
        let is_shared = new.len() > 1 || delivery.raw.len() > piece;
        let mut pieces = 0;
        if is_shared && !new.is_empty() {
            for at in (0..delivery.raw.len().max(1)).step_by(piece) {
                let body = delivery.raw.slice(at..(at + piece).min(delivery.raw.len()));
                batch.messages.push(Outgoing::new(names.body(), body));
                pieces += 1;
            }
        }
        let total = new.len();
        for (nth, (event, key)) in new.into_iter().enumerate() {
            let body = is_shared.then_some(BodyAt {
                distance: pieces + nth as u32,
                pieces,
                events: total as u32,
            });
            let conversation = conversation(event);
            let partition = partition_of(conversation.as_deref(), key);
            let lane = lane_of(conversation.as_deref());
            let meta = Meta {
                nth: event.nth,
                received_at: delivery.received_at.as_millis(),
                conversation,
                kind: event.kind.as_str().to_owned(),
                body,
            };
            let payload = if is_shared {
                Bytes::new()
            } else {
                delivery.raw.clone()
            };
            let meta = serde_json::to_string(&meta).unwrap_or_default();
            let message = Outgoing::new(names.event(partition, key), payload).header(META, meta);
            batch.events.push(Placed {
                delivery: number,
                nth: event.nth,
                partition,
                lane,
                message: batch.messages.len(),
            });
            // Its subject is its own: there is a message where it is known.
            batch.messages.push(message.after(0));
        }
    }
    batch
}

fn conversation(event: &NewEvent) -> Option<String> {
    event.conversation.as_deref().map(short)
}

/// What a conversation is kept as: headers have a limit.
pub(crate) fn short(conversation: &str) -> String {
    if conversation.len() <= CONVERSATION {
        return conversation.to_owned();
    }
    let hash = Sha256::digest(conversation.as_bytes());
    hash.iter().fold("sha256:".to_owned(), |mut text, byte| {
        text.push_str(&format!("{byte:02x}"));
        text
    })
}

/// What was kept of each delivery, where the first message of the batch has this sequence.
fn count(jobs: &[&NewDelivery], events: &[Placed], first: i64) -> Vec<Kept> {
    let mut all = vec![Kept::default(); jobs.len()];
    for event in events {
        if let Some(kept) = all.get_mut(event.delivery) {
            let id = EventId::new(first + event.message as i64);
            kept.events.push((event.nth, id));
        }
    }
    for (kept, delivery) in all.iter_mut().zip(jobs) {
        let new = kept.events.len();
        kept.duplicates = u32::try_from(delivery.events.len() - new).unwrap_or(u32::MAX);
    }
    all
}

fn finish(batch: Vec<KeepJob>, (kept, here): Done) {
    for (job, kept) in batch.into_iter().zip(kept) {
        let mut told = kept.clone();
        told.events.retain(|(_, id)| here.contains(&id.get()));
        if let Some(on_kept) = job.on_kept {
            on_kept(&told);
        }
        let _ = job.response.send(Ok(kept));
    }
}
