//! Responds to queries about what is kept, of all partitions.

use std::collections::{BTreeSet, HashSet};

use kaleyra_wa_store::inbox::{EventId, EventQuery, EventRecord, EventState, InboxStats};
use kaleyra_wa_store::{Moment, StoreError};

use super::page::{Bodies, CHUNK, PAGE_BYTES, meta};
use crate::failure::Outcome;
use crate::link::Stored;
use crate::moved::state_in;
use crate::names::{PARTITIONS, fingerprint_in};
use crate::record::{Meta, State, read};
use crate::store::Inner;
use crate::takeover::{id_of, place_of};

/// How much is kept: every state is read, and every event that waits.
pub(super) async fn stats(inner: &Inner) -> Outcome<InboxStats> {
    let (link, names) = (&inner.link, &inner.link.names);
    let mut stats = InboxStats::default();
    let filter = vec![names.all_states()];
    let mut scan = link.scan(&names.states(), filter, 1, false).await?;
    while let Some(found) = scan.next().await? {
        match read::<State>(&found.payload)?.state()? {
            EventState::Handled => stats.handled += 1,
            EventState::Dead => stats.dead += 1,
            EventState::Dropped => stats.dropped += 1,
            _ => {}
        }
    }
    let mut conversations = HashSet::new();
    let mut events = Events::waiting(inner).await?;
    while let Some((_, meta, state)) = events.next(inner).await? {
        match state.state()? {
            EventState::Waiting => stats.waiting += 1,
            EventState::Running => stats.running += 1,
            _ => continue,
        }
        stats
            .oldest_waiting
            .get_or_insert(Moment::from_millis(meta.received_at));
        conversations.extend(meta.conversation);
    }
    stats.conversations = conversations.len() as u64;
    let kept = link.extent(&names.events()).await?;
    stats.deliveries = kept.messages;
    stats.bytes = kept.bytes + link.extent(&names.states()).await?.bytes;
    Ok(stats)
}

/// How many wait or run: of this process's own where it owns all, else of those after what is known to be settled.
pub(super) async fn live(inner: &Inner) -> Outcome<u64> {
    let known = {
        let index = inner.index();
        index.owns_all().then(|| index.live())
    };
    if let Some(known) = known {
        return Ok(known);
    }
    let mut events = Events::waiting(inner).await?;
    let mut live = 0;
    while let Some((_, _, state)) = events.next(inner).await? {
        live += u64::from(state.state()?.is_live());
    }
    Ok(live)
}

/// A page of events.
pub(super) async fn events(inner: &Inner, query: &EventQuery) -> Outcome<Vec<EventRecord>> {
    if query.limit == 0 {
        return Ok(Vec::new());
    }
    let mut events = match query.state {
        None => Events::from(inner, query.after.next().get()).await?,
        Some(EventState::Waiting) => {
            let from = first_floor(inner).await?.max(query.after.next().get());
            Events::from(inner, from).await?
        }
        Some(state) => Events::listed(in_state(inner, state, query.after).await?),
    };
    let (mut records, mut bodies, mut bytes) = (Vec::new(), Bodies::default(), 0);
    while let Some((stored, meta, state)) = events.next(inner).await? {
        let is_asked_for = query.state.is_none_or(|it| state.state() == Ok(it))
            && query.kind.as_ref().is_none_or(|it| *it == meta.kind)
            && (query.conversation.is_none() || query.conversation == meta.conversation);
        if !is_asked_for {
            continue;
        }
        let mut record = record(&stored, &meta, state)?;
        if query.with_bodies {
            let whole = whole(inner, stored, &meta).await?;
            if let Some(stored) = whole {
                let (body, read) = bodies.of(inner, record.id, &stored, &meta).await?;
                record.raw = body;
                bytes += read;
            }
        }
        records.push(record);
        if records.len() >= query.limit || bytes >= PAGE_BYTES {
            break;
        }
    }
    Ok(records)
}

/// One event, with its body.
pub(super) async fn event(inner: &Inner, event: EventId) -> Outcome<Option<EventRecord>> {
    let mut events = Events::listed(BTreeSet::from([event.get()]));
    let Some((stored, meta, state)) = events.next(inner).await? else {
        return Ok(None);
    };
    let mut record = record(&stored, &meta, state)?;
    record.raw = Bodies::default().of(inner, event, &stored, &meta).await?.0;
    Ok(Some(record))
}

/// The message with its body, where that is its own and was not read.
async fn whole(inner: &Inner, stored: Stored, meta: &Meta) -> Outcome<Option<Stored>> {
    if meta.body.is_some() || !stored.payload.is_empty() {
        return Ok(Some(stored));
    }
    let stream = inner.link.names.events();
    inner.link.get(&stream, id_of(&stored)).await
}

fn record(stored: &Stored, meta: &Meta, state: State) -> Result<EventRecord, StoreError> {
    let mut record = EventRecord::default();
    record.id = EventId::new(id_of(stored));
    record.nth = meta.nth;
    record.fingerprint = fingerprint_in(&stored.subject);
    record.conversation.clone_from(&meta.conversation);
    record.kind.clone_from(&meta.kind);
    record.state = state.state()?;
    record.attempt = state.attempt;
    record.due_at = Moment::from_millis(state.due_at);
    record.failure = state.failure;
    record.settled_at = state.settled_at.map(Moment::from_millis);
    record.received_at = Some(Moment::from_millis(meta.received_at));
    Ok(record)
}

/// The events after this one that are in this state.
async fn in_state(inner: &Inner, state: EventState, after: EventId) -> Outcome<BTreeSet<i64>> {
    let (link, names) = (&inner.link, &inner.link.names);
    let filter = vec![names.all_states()];
    let mut scan = link.scan(&names.states(), filter, 1, false).await?;
    let mut ids = BTreeSet::new();
    while let Some(found) = scan.next().await? {
        if let Some((_, id)) = names.state_in(&found.subject)
            && id > after
            && read::<State>(&found.payload)?.state()? == state
        {
            ids.insert(id.get());
        }
    }
    Ok(ids)
}

/// Below which event all are settled.
async fn first_floor(inner: &Inner) -> Outcome<i64> {
    let names = &inner.link.names;
    let subjects: Vec<String> = (0..PARTITIONS).map(|it| names.floor(it)).collect();
    let found = inner.link.last_all(&names.states(), &subjects).await?;
    let floors = found.into_iter().map(|found| {
        let payload = found?.payload;
        std::str::from_utf8(&payload).ok()?.parse::<i64>().ok()
    });
    // Where one was never written, nothing is known.
    let floors: Option<Vec<i64>> = floors.collect();
    Ok(floors.and_then(|it| it.into_iter().min()).unwrap_or(1))
}

/// Events in their order, with what became of them.
struct Events {
    source: Source,
    read: std::vec::IntoIter<(Stored, Meta, State)>,
}

enum Source {
    Stream(Box<crate::scan::Scan>),
    List(std::collections::btree_set::IntoIter<i64>),
}

impl Events {
    async fn from(inner: &Inner, from: i64) -> Outcome<Self> {
        let names = &inner.link.names;
        let filter = vec![names.all_events()];
        let scan = inner.link.scan(&names.events(), filter, from, true).await?;
        Ok(Self {
            source: Source::Stream(Box::new(scan)),
            read: Vec::new().into_iter(),
        })
    }

    /// All that may wait.
    async fn waiting(inner: &Inner) -> Outcome<Self> {
        let from = first_floor(inner).await?;
        Self::from(inner, from).await
    }

    fn listed(ids: BTreeSet<i64>) -> Self {
        Self {
            source: Source::List(ids.into_iter()),
            read: Vec::new().into_iter(),
        }
    }

    async fn next(&mut self, inner: &Inner) -> Outcome<Option<(Stored, Meta, State)>> {
        loop {
            if let Some(next) = self.read.next() {
                return Ok(Some(next));
            }
            let stored = match &mut self.source {
                Source::Stream(scan) => {
                    let mut all = Vec::new();
                    while all.len() < CHUNK * 4
                        && let Some(stored) = scan.next().await?
                    {
                        all.push(stored);
                    }
                    all
                }
                Source::List(ids) => {
                    let ids: Vec<i64> = ids.take(CHUNK).collect();
                    if ids.is_empty() {
                        return Ok(None);
                    }
                    let stream = inner.link.names.events();
                    let found = inner.link.get_all(&stream, &ids).await?;
                    let mut found: Vec<Stored> = found.into_iter().flatten().collect();
                    found.retain(|it| inner.link.names.partition_in(&it.subject).is_some());
                    if found.is_empty() {
                        continue;
                    }
                    found
                }
            };
            if stored.is_empty() {
                return Ok(None);
            }
            // What is no event is left out: there may be more after it.
            self.read = with_states(inner, stored).await?.into_iter();
        }
    }
}

async fn with_states(
    inner: &Inner,
    mut stored: Vec<Stored>,
) -> Outcome<Vec<(Stored, Meta, State)>> {
    let names = &inner.link.names;
    stored.retain(|it| place_of(names, it).is_some());
    let subject = |stored: &Stored| {
        let partition = names.partition_in(&stored.subject).unwrap_or(0);
        names.state(partition, EventId::new(id_of(stored)))
    };
    let subjects: Vec<String> = stored.iter().map(subject).collect();
    let states = inner.link.last_all(&names.states(), &subjects).await?;
    let mut all = Vec::with_capacity(stored.len());
    for (stored, state) in stored.into_iter().zip(states) {
        let state = state.filter(|it| !it.is_before(&stored.time));
        let state = match state {
            Some(state) => read(&state.payload)?,
            None => state_in(&stored)?,
        };
        let meta = meta(&stored)?;
        all.push((stored, meta, state));
    }
    Ok(all)
}
