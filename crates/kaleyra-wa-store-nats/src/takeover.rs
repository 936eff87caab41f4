//! Makes a partition ours, and reads what is in it.

use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_store::inbox::EventId;

use crate::failure::{Failure, Outcome};
use crate::inbox::resolve;
use crate::link::{Outgoing, Stored};
use crate::record::{Owner, State, read as decode, write};
use crate::store::Inner;

/// How many states are asked for at once.
const CHUNK: usize = 1_000;

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

/// Takes a partition whose owner was this one. `false` where others were faster.
pub(crate) async fn take(
    inner: &Arc<Inner>,
    partition: u16,
    mut owner: Owner,
    sequence: u64,
) -> Outcome<bool> {
    owner.worker = Some(inner.me.clone());
    let subject = inner.link.names.owner(partition);
    let message = Outgoing::new(subject, write(&owner)).after(sequence);
    let fence = match inner.link.publish(vec![message]).await {
        Ok(fence) => fence,
        Err(Failure::Conflict) => return Ok(false),
        Err(failure) => return Err(failure),
    };
    if let Err(failure) = read(inner, partition, fence, &owner).await {
        // It is ours on the server: the next look finds that nobody has it here.
        inner.index().lose(partition);
        return Err(failure);
    }
    Ok(true)
}

/// Reads all that waits in a partition that is ours by this message, and looks after what its last owner had.
pub(crate) async fn read(
    inner: &Arc<Inner>,
    partition: u16,
    fence: u64,
    owner: &Owner,
) -> Outcome<()> {
    load(inner, partition, fence, owner).await?;
    resolve(inner, Some(partition)).await?;
    open(inner, partition);
    Ok(())
}

/// Tells the inbox of it.
pub(crate) fn open(inner: &Inner, partition: u16) {
    let has_untold = inner.index().open(partition);
    if has_untold {
        inner.signals.moved();
    }
}

/// Reads all that waits in a partition that is ours by this message.
pub(crate) async fn load(inner: &Inner, partition: u16, fence: u64, owner: &Owner) -> Outcome<()> {
    let floor = floor(inner, partition).await?;
    let known = inner.index().own(partition, fence, owner.changes, floor);
    let mut from = floor;
    // A copy of the stream may be a moment behind: then it is asked once more.
    let looks = if inner.link.is_single { 1 } else { 2 };
    for look in 0..looks {
        if look > 0 {
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        from = scan(inner, partition, from, known).await?;
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
async fn scan(inner: &Inner, partition: u16, from: i64, known: i64) -> Outcome<i64> {
    let names = &inner.link.names;
    let filter = vec![names.events_of(partition)];
    let mut scan = inner.link.scan(&names.events(), filter, from, true).await?;
    let (mut read, mut next) = (Vec::new(), from);
    loop {
        let found = scan.next().await?;
        let found = found.filter(|it| id_of(it) <= known);
        let is_over = found.is_none();
        if let Some(found) = found {
            next = id_of(&found) + 1;
            read.push(found);
        }
        if is_over || read.len() >= CHUNK {
            let events = states(inner, partition, std::mem::take(&mut read)).await?;
            inner.index().adopt(partition, events, &inner.me);
        }
        if is_over {
            return Ok(next);
        }
    }
}

/// What became of events of a partition.
async fn states(
    inner: &Inner,
    partition: u16,
    events: Vec<Stored>,
) -> Outcome<Vec<(i64, Option<State>)>> {
    let names = &inner.link.names;
    let state = |event: &Stored| names.state(partition, EventId::new(id_of(event)));
    let subjects: Vec<String> = events.iter().map(state).collect();
    let found = inner.link.last_all(&names.states(), &subjects).await?;
    let mut all = Vec::with_capacity(events.len());
    for (event, found) in events.iter().zip(found) {
        let found = found.filter(|it| !it.is_before(&event.time));
        let state = found.map(|it| decode::<State>(&it.payload)).transpose()?;
        all.push((id_of(event), state));
    }
    Ok(all)
}

/// The id of an event.
pub(crate) fn id_of(event: &Stored) -> i64 {
    i64::try_from(event.sequence).unwrap_or(i64::MAX)
}
