//! Makes partitions ours, and reads what is in them.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt, StreamExt, stream};
use kaleyra_wa_store::inbox::EventId;

use crate::failure::{Failure, Outcome};
use crate::inbox::{lane, meta, resolve};
use crate::link::{Outgoing, Stored};
use crate::moved::state_in;
use crate::names::Names;
use crate::record::{Owner, State, read as decode, write};
use crate::store::Inner;

/// How many states are asked for at once.
const CHUNK: usize = 1_000;
/// How many partitions are claimed at the same time.
const CLAIMS: usize = 16;
/// How long a copy of a stream may be behind the others.
const BEHIND: Duration = Duration::from_millis(300);

/// Who owns a partition, and the sequence of the message that says so.
pub(crate) async fn owner(inner: &Inner, partition: u16) -> Outcome<(Owner, u64)> {
    let names = &inner.link.names;
    let found = inner
        .link
        .last(&names.states(), &names.owner(partition))
        .await?;
    match found {
        Some(found) => Ok((decode(&found.payload)?, found.sequence)),
        None => Ok((Owner::default(), 0)),
    }
}

/// A partition that is ours on the server.
pub(crate) struct Claim {
    pub(crate) partition: u16,
    /// The sequence of the message that says so.
    pub(crate) fence: u64,
    pub(crate) owner: Owner,
}

/// Claims a partition whose owner was this one; `None` where others were faster.
async fn claim(
    inner: &Inner,
    partition: u16,
    mut owner: Owner,
    sequence: u64,
) -> Outcome<Option<Claim>> {
    owner.worker = Some(inner.me.clone());
    let subject = inner.link.names.owner(partition);
    let message = Outgoing::new(subject, write(&owner)).after(sequence);
    match inner.link.publish(vec![message]).await {
        Ok(fence) => Ok(Some(Claim {
            partition,
            fence,
            owner,
        })),
        Err(Failure::Conflict) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Takes partitions whose owners were these, and reads them.
pub(crate) async fn take(inner: &Arc<Inner>, free: Vec<(u16, Owner, u64)>) -> Outcome<()> {
    let mut claims = Vec::with_capacity(free.len());
    for (partition, owner, sequence) in free {
        claims.push(claim(inner, partition, owner, sequence).boxed());
    }
    let claims = stream::iter(claims).buffered(CLAIMS);
    let claimed: Vec<Outcome<Option<Claim>>> = claims.collect().await;
    // Where one failed, the next look finds what is ours on the server and not here.
    let claimed = claimed.into_iter().filter_map(|it| it.ok().flatten());
    read(inner, claimed.collect()).await
}

/// Reads all that waits in partitions that are ours on the server, and looks after what their last owners had.
pub(crate) async fn read(inner: &Arc<Inner>, claims: Vec<Claim>) -> Outcome<()> {
    if claims.is_empty() {
        return Ok(());
    }
    let outcome = async {
        load(inner, &claims).await?;
        resolve(inner).await.map_err(Failure::from)
    };
    let outcome = outcome.await;
    for claim in &claims {
        if outcome.is_ok() {
            open(inner, claim.partition);
        } else {
            inner.index().lose(claim.partition);
        }
    }
    outcome.map(drop)
}

/// Tells the inbox of it.
pub(crate) fn open(inner: &Inner, partition: u16) {
    let has_untold = inner.index().open(partition);
    if has_untold {
        inner.signals.moved();
    }
}

/// Reads all that waits in these partitions.
pub(crate) async fn load(inner: &Inner, claims: &[Claim]) -> Outcome<()> {
    let mut floors = Vec::with_capacity(claims.len());
    for claim in claims {
        floors.push(floor(inner, claim.partition).await?);
    }
    let known = {
        let mut index = inner.index();
        let mut known = 0;
        for (claim, floor) in claims.iter().zip(&floors) {
            known = index.own(claim.partition, claim.fence, claim.owner.changes, *floor);
        }
        known
    };
    let mut from = floors.into_iter().min().unwrap_or(1);
    // A copy of the stream may be a moment behind: then it is asked once more.
    let looks = if inner.link.is_single { 1 } else { 2 };
    for look in 0..looks {
        if look > 0 {
            tokio::time::sleep(BEHIND).await;
        }
        from = scan(inner, claims, from, known).await?;
    }
    Ok(())
}

/// Below which event of a partition all are settled.
pub(crate) async fn floor(inner: &Inner, partition: u16) -> Outcome<i64> {
    let names = &inner.link.names;
    let found = inner
        .link
        .last(&names.states(), &names.floor(partition))
        .await?;
    let floor = found.and_then(|it| std::str::from_utf8(&it.payload).ok()?.parse().ok());
    Ok(floor.unwrap_or(1))
}

/// Gives where to go on.
async fn scan(inner: &Inner, claims: &[Claim], from: i64, known: i64) -> Outcome<i64> {
    let names = &inner.link.names;
    let filter = claims.iter().map(|claim| names.events_of(claim.partition));
    let stream = names.events();
    let mut scan = inner
        .link
        .scan(&stream, filter.collect(), from, true)
        .await?;
    let (mut read, mut next) = (Vec::new(), from);
    loop {
        let found = scan.next().await?;
        let found = found.filter(|it| id_of(it) <= known);
        let is_over = found.is_none();
        if let Some(found) = found {
            next = id_of(&found) + 1;
            if place_of(names, &found).is_some() {
                read.push(found);
            }
        }
        if is_over || read.len() >= CHUNK {
            adopt(inner, std::mem::take(&mut read)).await?;
        }
        if is_over {
            return Ok(next);
        }
    }
}

/// Takes note of events, and of what became of them.
async fn adopt(inner: &Inner, events: Vec<Stored>) -> Outcome<()> {
    let names = &inner.link.names;
    let place = |event: &Stored| {
        (
            names.partition_in(&event.subject).unwrap_or(0),
            id_of(event),
        )
    };
    let subject = |event: &Stored| {
        let (partition, id) = place(event);
        names.state(partition, EventId::new(id))
    };
    let subjects: Vec<String> = events.iter().map(subject).collect();
    let found = inner.link.last_all(&names.states(), &subjects).await?;
    for (event, found) in events.iter().zip(found) {
        let found = found.filter(|it| !it.is_before(&event.time));
        let mut state = found.map(|it| decode::<State>(&it.payload)).transpose()?;
        if state.is_none() && event.moved.is_some() {
            state = Some(state_in(event)?);
        }
        let (partition, id) = place(event);
        inner
            .index()
            .adopt(partition, (id, lane(event)?), state.as_ref(), &inner.me);
    }
    Ok(())
}

/// The partition of an event; `None` for what is no event, which somebody put into the stream: it holds up nobody.
pub(crate) fn place_of(names: &Names, stored: &Stored) -> Option<u16> {
    let partition = names.partition_in(&stored.subject)?;
    if meta(stored).is_err() {
        tracing::warn!(
            sequence = stored.sequence,
            "a message in the stream of events is none of this store, and is left out: delete it"
        );
        return None;
    }
    Some(partition)
}

/// The id of an event.
pub(crate) fn id_of(event: &Stored) -> i64 {
    i64::try_from(event.sequence).unwrap_or(i64::MAX)
}
