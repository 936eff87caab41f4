//! Takes over events of another store.
//!
//! An event and what became of it are in two streams, and no batch goes into both. So the event has in a header what became of it
//! elsewhere, and whoever finds nothing else about it goes by that: it is never taken for new, whenever this is broken off. What is
//! settled is then written into the stream of states as well, where it is counted and pruned; what is left out when that fails is made
//! good when the same is taken over again.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use bytes::Bytes;
use kaleyra_wa_store::inbox::{EventId, EventRecord, Moved, MovedDelivery};
use kaleyra_wa_store::tracking::Facts;
use kaleyra_wa_store::{Moment, StoreError};
use tokio::time::sleep;

use crate::failure::{Failure, Outcome};
use crate::keep::{events_at_once, piece, short};
use crate::link::{BATCH, META, MOVED, Outgoing, Stored};
use crate::names::{key_of, partition_of};
use crate::record::{BodyAt, Meta, State, read, write};
use crate::store::Inner;
use crate::takeover::id_of;

/// How many bytes are taken over at once.
const BYTES: usize = 4 * 1_024 * 1_024;
/// How often it is tried where others keep the same at the same time.
const TRIES: u32 = 8;

/// What became of an event as far as it says itself.
pub(crate) fn state_in(stored: &Stored) -> Result<State, StoreError> {
    match &stored.moved {
        Some(moved) => read(moved.as_bytes()),
        None => Ok(State::default()),
    }
}

/// A delivery, or a part of one that is larger than a batch may be.
struct Part<'a> {
    received_at: Moment,
    raw: Option<&'a Bytes>,
    events: Vec<Event<'a>>,
}

struct Event<'a> {
    record: &'a EventRecord,
    conversation: Option<String>,
    partition: u16,
    subject: String,
    state: State,
}

/// Takes over all of them, a batch after the other.
pub(crate) async fn take_over(inner: &Inner, deliveries: Vec<MovedDelivery>) -> Outcome<Moved> {
    let now = inner.now();
    let mut moved = Moved::default();
    let mut all = Vec::new();
    for delivery in &deliveries {
        let at_once = events_at_once(inner, delivery.raw.as_ref().map_or(0, Bytes::len))?;
        all.extend(parts(inner, delivery, now, at_once));
    }
    let (mut batch, mut messages, mut bytes) = (Vec::new(), 0, 0);
    for part in all {
        let size = part.raw.map_or(0, Bytes::len);
        let more = part.events.len() + size.div_ceil(piece(inner)).max(1);
        if messages + more > BATCH || bytes + size > BYTES {
            add(inner, &mut moved, &std::mem::take(&mut batch)).await?;
            (messages, bytes) = (0, 0);
        }
        (messages, bytes) = (messages + more, bytes + size);
        batch.push(part);
    }
    add(inner, &mut moved, &batch).await?;
    note(inner, deliveries).await?;
    Ok(moved)
}

/// What callbacks say about sends; what is noted twice is noted once.
async fn note(inner: &Inner, deliveries: Vec<MovedDelivery>) -> Result<(), StoreError> {
    let Some(outbox) = &inner.outbox else {
        return Ok(());
    };
    for delivery in deliveries {
        if delivery.facts != Facts::default() {
            outbox.note(delivery.facts).await?;
        }
    }
    Ok(())
}

fn parts<'a>(
    inner: &'a Inner,
    delivery: &'a MovedDelivery,
    now: Moment,
    at_once: usize,
) -> Vec<Part<'a>> {
    let event = |record: &'a EventRecord| {
        let conversation = record.conversation.as_deref().map(short);
        let key = key_of(Some(&delivery.fingerprint_of(record)));
        let partition = partition_of(conversation.as_deref(), &key);
        let mut state = State::new(delivery.state_of(record), record.attempt);
        state.due_at = record.due_at.as_millis();
        if let Some(failure) = &record.failure {
            state = state.failed(failure);
        }
        if let Some(settled_at) = delivery.settled_at(record, now) {
            state = state.settled(settled_at);
        }
        Event {
            record,
            conversation,
            partition,
            subject: inner.link.names.event(partition, &key),
            state,
        }
    };
    let chunks = delivery.events.chunks(at_once).map(|events| Part {
        received_at: delivery.received_at.unwrap_or(now),
        raw: delivery.raw.as_ref(),
        events: events.iter().map(event).collect(),
    });
    chunks.collect()
}

/// Adds those that are not there, and sees to it that what is settled is known to be.
async fn add(inner: &Inner, moved: &mut Moved, parts: &[Part<'_>]) -> Outcome<()> {
    inner.check()?;
    let events = || parts.iter().flat_map(|part| &part.events);
    let mut known = HashMap::new();
    for attempt in 0..TRIES {
        let before = known.len();
        known.extend(find(inner, events()).await?);
        let (messages, places) = build(inner, parts, &known);
        if messages.is_empty() {
            moved.duplicates += events().count() as u64;
            return settle(inner, known.values()).await;
        }
        let count = messages.len() as u64;
        match inner.link.publish(messages).await {
            Ok(last) => {
                moved.added += places.len() as u64;
                moved.duplicates += (events().count() - places.len()) as u64;
                let first = last + 1 - count;
                let added: Vec<Settled> = places
                    .iter()
                    .map(|(at, event)| Settled {
                        partition: event.partition,
                        event: EventId::new(i64::try_from(first + at).unwrap_or(i64::MAX)),
                        state: event.state.clone(),
                    })
                    .collect();
                let waiting = added.iter().filter(|it| !it.is_over());
                moved.waiting += waiting.count() as u64;
                return settle(inner, known.values().chain(&added)).await;
            }
            Err(Failure::Conflict) if known.len() == before && attempt > 0 => {
                // On its way through the copies of the stream.
                sleep(Duration::from_millis(5 << attempt.min(6))).await;
            }
            Err(Failure::Conflict) => {}
            Err(failure) => return Err(failure),
        }
    }
    Err(Failure::Conflict)
}

/// The events of these that are there, by their subjects.
async fn find<'a>(
    inner: &Inner,
    events: impl Iterator<Item = &'a Event<'a>>,
) -> Outcome<HashMap<String, Settled>> {
    let subjects: Vec<String> = events.map(|event| event.subject.clone()).collect();
    let names = &inner.link.names;
    let found = inner.link.last_all(&names.events(), &subjects).await?;
    let mut known = HashMap::new();
    for (subject, found) in subjects.into_iter().zip(found) {
        if let Some(found) = found {
            let settled = Settled {
                partition: names.partition_in(&subject).unwrap_or(0),
                event: EventId::new(id_of(&found)),
                state: state_in(&found)?,
            };
            known.insert(subject, settled);
        }
    }
    Ok(known)
}

/// The messages of all events that are new, and where these are among them.
fn build<'a>(
    inner: &Inner,
    parts: &'a [Part<'a>],
    known: &HashMap<String, Settled>,
) -> (Vec<Outgoing>, Vec<(u64, &'a Event<'a>)>) {
    let names = &inner.link.names;
    let piece = piece(inner);
    let (mut messages, mut places, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    for part in parts {
        let mut new: Vec<&Event<'_>> = Vec::new();
        for event in &part.events {
            if !known.contains_key(&event.subject) && seen.insert(event.subject.as_str()) {
                new.push(event);
            }
        }
        // The text of a failure stands beside the body.
        let beside = new.iter().map(|event| write(&event.state).len()).max();
        let room = piece.saturating_sub(beside.unwrap_or(0));
        let is_own = new.len() == 1 && part.raw.is_some_and(|raw| raw.len() <= room);
        let before = messages.len();
        if let (Some(raw), false, false) = (part.raw, is_own, new.is_empty()) {
            for at in (0..raw.len().max(1)).step_by(piece) {
                let body = raw.slice(at..(at + piece).min(raw.len()));
                messages.push(Outgoing::new(names.body(), body));
            }
        }
        let pieces = u32::try_from(messages.len() - before).unwrap_or(u32::MAX);
        let total = u32::try_from(new.len()).unwrap_or(u32::MAX);
        for (nth, event) in (0_u32..).zip(new) {
            let meta = Meta {
                nth: event.record.nth,
                received_at: part.received_at.as_millis(),
                conversation: event.conversation.clone(),
                kind: event.record.kind.clone(),
                body: (!is_own).then_some(BodyAt {
                    distance: pieces + nth,
                    pieces,
                    events: total,
                }),
            };
            let own = part.raw.filter(|_| is_own);
            let payload = own.cloned().unwrap_or_default();
            let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap_or_default();
            let message = Outgoing::new(event.subject.clone(), payload)
                .header(META, text(write(&meta)))
                .header(MOVED, text(write(&event.state)));
            places.push((messages.len() as u64, event));
            messages.push(message.after(0));
        }
    }
    (messages, places)
}

/// What became of an event elsewhere.
struct Settled {
    partition: u16,
    event: EventId,
    state: State,
}

impl Settled {
    fn is_over(&self) -> bool {
        self.state.state().is_ok_and(|state| !state.is_live())
    }
}

/// Writes down what is settled, where nothing else became of it since.
async fn settle(inner: &Inner, events: impl Iterator<Item = &Settled>) -> Outcome<()> {
    let names = &inner.link.names;
    let mut left: Vec<(String, &State)> = events
        .filter(|it| it.is_over())
        .map(|it| (names.state(it.partition, it.event), &it.state))
        .collect();
    for attempt in 0..TRIES {
        let subjects: Vec<String> = left.iter().map(|(subject, _)| subject.clone()).collect();
        let found = inner.link.last_all(&names.states(), &subjects).await?;
        let mut found = found.into_iter();
        left.retain(|_| found.next().is_some_and(|it| it.is_none()));
        let mut conflicts = false;
        for some in left.chunks(BATCH) {
            let messages = some
                .iter()
                .map(|(subject, state)| Outgoing::new(subject.clone(), write(state)).after(0));
            match inner.link.publish(messages.collect()).await {
                Ok(_) => {}
                Err(Failure::Conflict) => conflicts = true,
                Err(failure) => return Err(failure),
            }
        }
        if !conflicts {
            inner.signals.moved();
            return Ok(());
        }
        sleep(Duration::from_millis(5 << attempt.min(6))).await;
    }
    Err(Failure::Conflict)
}
