//! Deletes what is not needed any more, and notes below which events all is settled.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kaleyra_wa_store::inbox::{EventId, EventState, Pruned, Retention};
use kaleyra_wa_store::{Moment, StoreError};
use tokio::time::sleep;

use crate::failure::Outcome;
use crate::inbox::meta;
use crate::journal::Job;
use crate::link::Stored;
use crate::record::{State, read};
use crate::store::Inner;

/// How often it is looked for what may be deleted.
const PAUSE: Duration = Duration::from_secs(30);
/// How many events are deleted then.
const CHUNK: usize = 1_000;

/// Looks after the partitions of this process; whoever owns the first one deletes for all.
pub(crate) async fn tend(inner: Arc<Inner>) {
    let mut pruned_at = Instant::now();
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
        if is_here && pruned_at.elapsed() >= PAUSE {
            pruned_at = Instant::now();
            if let Err(failure) = prune(&inner, &inner.retention, CHUNK).await {
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
    while let Some(found) = scan.next().await? {
        let state: State = read(&found.payload)?;
        let Some(settled_at) = state.settled_at.map(Moment::from_millis) else {
            continue;
        };
        let age = now.since(settled_at);
        let is_over = match state.state()? {
            EventState::Dead => age >= retention.dead,
            _ if age >= retention.handled => true,
            // Those that follow were settled later.
            _ => break,
        };
        if !is_over {
            continue;
        }
        if pruned.events as usize >= limit {
            return Ok(pruned);
        }
        if let Some((_, event)) = names.state_in(&found.subject) {
            pruned.bodies += forget(inner, event, &found).await?;
            pruned.events += 1;
        }
        link.delete(&names.states(), found.sequence).await?;
    }
    pruned.is_done = true;
    Ok(pruned)
}

/// Deletes an event, and before it the body that it was the last to share. Says how many bodies.
async fn forget(inner: &Inner, event: EventId, state: &Stored) -> Outcome<u64> {
    let (link, stream) = (&inner.link, inner.link.names.events());
    let Some(stored) = link.get(&stream, event.get()).await? else {
        return Ok(0);
    };
    if state.is_before(&stored.time) {
        return Ok(0);
    }
    let mut bodies = 1;
    if let Some(body) = meta(&stored)?.body {
        for sibling in body.siblings(event) {
            if sibling != event && link.get(&stream, sibling.get()).await?.is_some() {
                bodies = 0;
                break;
            }
        }
        let first = body.first(event);
        let pieces = first..first + i64::from(body.pieces) * bodies;
        for sequence in pieces {
            link.delete(&stream, u64::try_from(sequence).unwrap_or(0))
                .await?;
        }
    }
    link.delete(&stream, stored.sequence).await?;
    Ok(bodies as u64)
}
