//! Deletes what is not needed any more, and notes below which events all is settled.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{FutureExt, StreamExt, stream};
use kaleyra_wa_store::inbox::{EventId, EventState, Pruned, Retention};
use kaleyra_wa_store::{Moment, StoreError};
use tokio::time::sleep;

use crate::failure::Outcome;
use crate::inbox::meta;
use crate::journal::Job;
use crate::link::Stored;
use crate::record::{State, read};
use crate::store::Inner;
use crate::takeover::id_of;

/// How often it is looked for what may be deleted.
const PAUSE: Duration = Duration::from_secs(30);
/// How many events are looked at, and deleted, together.
const CHUNK: usize = 500;
/// How many messages are deleted at the same time.
const DELETES: usize = 32;
/// All that there are.
const NO_LIMIT: usize = usize::MAX;

/// Looks after the partitions of this process; whoever owns the first one deletes for all.
pub(crate) async fn tend(inner: Arc<Inner>) {
    let mut pruned_at: Option<Instant> = None;
    loop {
        sleep(inner.lease / 3).await;
        let floors: Vec<(u16, i64)> = {
            let index = inner.index();
            let owned = index.owned().into_iter();
            owned
                .filter_map(|it| Some((it, index.floor(it)?)))
                .collect()
        };
        for (partition, floor) in floors {
            let _ = inner.journal.send(Job::Floor(partition, floor)).await;
        }
        let is_here = inner.index().part(0).is_some();
        if is_here && pruned_at.is_none_or(|at| at.elapsed() >= PAUSE) {
            pruned_at = Some(Instant::now());
            if let Err(failure) = prune(&inner, &inner.retention, NO_LIMIT).await {
                let error = StoreError::from(failure);
                tracing::warn!(%error, "what is not needed any more can't be deleted for now");
            }
        }
    }
}

/// Deletes events that are old enough, so many at most, and bodies that none needs.
pub(crate) async fn prune(inner: &Inner, retention: &Retention, limit: usize) -> Outcome<Pruned> {
    let (link, names) = (&inner.link, &inner.link.names);
    let now = inner.now();
    let mut pruned = Pruned::default();
    let filter = vec![names.all_states()];
    // In the order in which they were settled.
    let mut scan = link.scan(&names.states(), filter, 1, false).await?;
    let mut over = Vec::new();
    pruned.is_done = true;
    while let Some(found) = scan.next().await? {
        let state: State = read(&found.payload)?;
        let Some(settled_at) = state.settled_at.map(Moment::from_millis) else {
            continue;
        };
        if settled_at > now {
            // By a clock that was ahead: those that follow may be older.
            continue;
        }
        let age = now.since(settled_at);
        let is_over = match state.state()? {
            EventState::Dead => age >= retention.dead,
            _ if age >= retention.handled => true,
            // Those that follow were settled later.
            _ => break,
        };
        if !is_over || names.state_in(&found.subject).is_none() {
            continue;
        }
        if pruned.events as usize + over.len() >= limit {
            pruned.is_done = false;
            break;
        }
        over.push(found);
        if over.len() >= CHUNK {
            forget(inner, std::mem::take(&mut over), &mut pruned).await?;
        }
    }
    forget(inner, over, &mut pruned).await?;
    Ok(pruned)
}

/// Deletes bodies that only these events need, then the events, then what is known of them: where that is broken off, it is found
/// again.
async fn forget(inner: &Inner, states: Vec<Stored>, pruned: &mut Pruned) -> Outcome<()> {
    let (link, names) = (&inner.link, &inner.link.names);
    let stream = names.events();
    let ids: Vec<i64> = states
        .iter()
        .filter_map(|state| Some(names.state_in(&state.subject)?.1.get()))
        .collect();
    let found = link.get_all(&stream, &ids).await?;
    let mut events = BTreeSet::new();
    let mut shared = BTreeMap::new();
    for (state, stored) in states.iter().zip(found) {
        let Some(stored) = stored.filter(|it| !state.is_before(&it.time)) else {
            continue;
        };
        let event = EventId::new(id_of(&stored));
        match meta(&stored).ok().and_then(|meta| meta.body) {
            Some(body) => drop(shared.insert(body.first(event), (event, body))),
            None => pruned.bodies += 1,
        }
        events.insert(event.get());
    }
    for (first, (event, body)) in shared {
        let others = body.siblings(event).map(EventId::get);
        let others: Vec<i64> = others.filter(|it| !events.contains(it)).collect();
        let others = link.get_all(&stream, &others).await?;
        if others.iter().all(Option::is_none) {
            delete(inner, &stream, first..first + i64::from(body.pieces)).await?;
            pruned.bodies += 1;
        }
    }
    delete(inner, &stream, events).await?;
    pruned.events += states.len() as u64;
    let states = states.iter().map(id_of);
    delete(inner, &names.states(), states).await
}

/// Deletes several messages at the same time.
async fn delete(
    inner: &Inner,
    stream: &str,
    sequences: impl IntoIterator<Item = i64>,
) -> Outcome<()> {
    let mut deletes = Vec::new();
    for sequence in sequences {
        let sequence = u64::try_from(sequence).unwrap_or(0);
        deletes.push(inner.link.delete(stream, sequence).boxed());
    }
    let mut done = stream::iter(deletes).buffer_unordered(DELETES);
    while let Some(done) = done.next().await {
        done?;
    }
    Ok(())
}
