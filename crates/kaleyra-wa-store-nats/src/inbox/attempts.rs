//! Attempts, and what becomes of events.

use kaleyra_wa_store::StoreError;
use kaleyra_wa_store::inbox::{EventId, EventState, Recovered, Settlement};
use kaleyra_wa_store::outbox::NewSend;

use crate::failure::{invalid, unreadable};
use crate::index::Change;
use crate::journal::{look_again, write_down};
use crate::record::State;
use crate::store::Inner;

const ENDED_DURING_IT: &str = "the process ended during the attempt";
const NO_OUTBOX: &str = "its handler replied through an outbox, and the store has none: give it one by NatsOptions::outbox";

/// Begins an attempt, where the event is this worker's to handle.
pub(super) async fn take(inner: &Inner, event: EventId) -> Result<Option<u32>, StoreError> {
    inner.check()?;
    let begun = inner.index().begin(event);
    let Some((partition, attempt)) = begun else {
        return Ok(None);
    };
    let mut state = State::new(EventState::Running, attempt);
    state.worker = Some(inner.me.clone());
    let change = Change::Taken(attempt);
    let written = write_down(inner, partition, event, attempt, change, state).await;
    if written.is_err() {
        inner.index().tell_again();
    }
    Ok(written?.then_some(attempt))
}

/// Notes an outcome; `false` where the event is not at this attempt of this process any more.
pub(super) async fn settle(
    inner: &Inner,
    event: EventId,
    attempt: u32,
    settlement: Settlement,
) -> Result<bool, StoreError> {
    inner.check()?;
    let partition = inner.index().running(event, attempt);
    let Some(partition) = partition else {
        return Ok(false);
    };
    let (state, change) = match settlement {
        Settlement::Handled { sends } => {
            if !sends.is_empty() {
                // What another has taken over must not be replied to here.
                look_again(inner, partition).await?;
                if inner.index().running(event, attempt).is_none() {
                    return Ok(false);
                }
                queue(inner, sends).await?;
            }
            let state = State::new(EventState::Handled, attempt).settled(inner.now());
            (state, Change::Settled)
        }
        Settlement::Again {
            due_at,
            wait,
            failure,
        } => {
            let mut state = State::new(EventState::Waiting, attempt).failed(&failure);
            state.due_at = due_at.as_millis();
            state.waited = Some(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
            let change = Change::Again {
                attempt,
                due_at: state.due_at,
                waited: state.waited,
            };
            (state, change)
        }
        Settlement::Dead { failure } => {
            let state = State::new(EventState::Dead, attempt).failed(&failure);
            (state.settled(inner.now()), Change::Settled)
        }
        _ => return Err(unreadable()),
    };
    write_down(inner, partition, event, attempt, change, state).await
}

/// Queues what a handler wants sent, before its outcome is written: each has a key, by which it is queued once, however often
/// the event is handled.
async fn queue(inner: &Inner, sends: Vec<NewSend>) -> Result<(), StoreError> {
    let outbox = inner.outbox.as_ref().ok_or_else(|| invalid(NO_OUTBOX))?;
    for send in sends {
        outbox.enqueue(send).await?;
    }
    Ok(())
}

/// Looks after what workers had that are gone, in all partitions of this process: it waits again, or is given up after so many
/// attempts as are known to be allowed.
pub(crate) async fn resolve(inner: &Inner) -> Result<Recovered, StoreError> {
    let (attempts, orphans) = {
        let index = inner.index();
        (index.attempts, index.orphans())
    };
    let mut recovered = Recovered::default();
    if attempts == 0 {
        // The inbox says so, and looks after them, when it starts.
        return Ok(recovered);
    }
    let outcomes = orphans.into_iter().map(async |(partition, id, attempt)| {
        let is_over = attempt >= attempts;
        let (state, change) = if is_over {
            let state = State::new(EventState::Dead, attempt).failed(ENDED_DURING_IT);
            (state.settled(inner.now()), Change::Settled)
        } else {
            let change = Change::Again {
                attempt,
                due_at: 0,
                waited: None,
            };
            let state = State::new(EventState::Waiting, attempt).failed(ENDED_DURING_IT);
            (state, change)
        };
        let event = EventId::new(id);
        let is_done = write_down(inner, partition, event, attempt, change, state).await?;
        Ok::<_, StoreError>((is_over, is_done))
    });
    for outcome in futures_util::future::join_all(outcomes).await {
        match outcome? {
            (true, true) => recovered.dead += 1,
            (false, true) => recovered.again += 1,
            _ => {}
        }
    }
    Ok(recovered)
}
