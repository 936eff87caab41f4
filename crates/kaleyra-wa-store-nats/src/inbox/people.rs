//! What people do with events: put back, and drop. Any process may; the owner of the partition is told by the message that says
//! who owns it, without which nothing that it does afterwards is taken.

use std::time::Duration;

use kaleyra_wa_store::StoreError;
use kaleyra_wa_store::inbox::{EventId, EventState};
use tokio::time::sleep;

use super::page::meta;
use crate::failure::Failure;
use crate::journal::look_again;
use crate::link::Outgoing;
use crate::moved::state_in;
use crate::record::{State, read, write};
use crate::store::Inner;
use crate::takeover;

/// How often it is tried where others change the same partition.
const TRIES: u32 = 20;

/// Puts an event back that is not to be handled any more.
pub(super) async fn requeue(inner: &Inner, event: EventId) -> Result<bool, StoreError> {
    let change = |state: &State| {
        let is_settled = !state.state().ok()?.is_live();
        is_settled.then(|| State {
            is_requeued: true,
            ..State::new(EventState::Waiting, 0)
        })
    };
    alter(inner, event, change, true).await
}

/// Drops an event that waits, runs, or was given up.
pub(super) async fn discard(inner: &Inner, event: EventId) -> Result<bool, StoreError> {
    let now = inner.now();
    let change = |state: &State| {
        let found = state.state().ok()?;
        let may_be = found.is_live() || found == EventState::Dead;
        may_be.then(|| State::new(EventState::Dropped, state.attempt).settled(now))
    };
    alter(inner, event, change, false).await
}

async fn alter(
    inner: &Inner,
    event: EventId,
    change: impl Fn(&State) -> Option<State>,
    is_live_again: bool,
) -> Result<bool, StoreError> {
    let (link, names) = (&inner.link, &inner.link.names);
    let stored = link.get(&names.events(), event.get()).await?;
    let Some(stored) = stored else {
        return Ok(false);
    };
    let Some(partition) = takeover::place_of(names, &stored) else {
        return Ok(false);
    };
    if is_live_again && meta(&stored)?.body.is_some_and(|body| body.pieces == 0) {
        // It came without its body: there is nothing to handle.
        return Ok(false);
    }
    let subject = names.state(partition, event);
    for attempt in 0..TRIES {
        let found = link.last(&names.states(), &subject).await?;
        let (state, sequence) = match found {
            Some(found) if found.is_before(&stored.time) => (state_in(&stored)?, found.sequence),
            Some(found) => (read::<State>(&found.payload)?, found.sequence),
            None => (state_in(&stored)?, 0),
        };
        let Some(state) = change(&state) else {
            return Ok(false);
        };
        let (owner, owned) = takeover::owner(inner, partition).await?;
        let owner = owner.changed(event);
        let mut messages = vec![
            Outgoing::new(subject.clone(), write(&state)).after(sequence),
            Outgoing::new(names.owner(partition), write(&owner)).after(owned),
        ];
        if is_live_again {
            let floor = takeover::floor(inner, partition).await?.min(event.get());
            let floor = Outgoing::new(names.floor(partition), floor.to_string());
            messages.push(floor);
        }
        match link.publish(messages).await {
            Ok(_) => {
                let is_ours = inner.index().part(partition).is_some();
                if is_ours {
                    look_again(inner, partition).await?;
                }
                inner.signals.moved();
                return Ok(true);
            }
            Err(Failure::Conflict) => sleep(Duration::from_millis(5 << attempt.min(5))).await,
            Err(failure) => return Err(failure.into()),
        }
    }
    Err(Failure::Conflict.into())
}
