//! Attempts, what becomes of them, and what people do with events.

use std::time::Duration;

use super::sample::{keep, on, send};
use crate::conformance::Place;
use crate::conformance::stage::{Finding, OrFinding, Stage, expect};
use crate::inbox::{EventId, EventState, InboxStore, Settlement};
use crate::{Clock, StoreError};

pub(super) async fn one_at_a_time<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: InboxStore,
{
    let store = stage.open().await?;
    let id = keep(&store, &stage.clock, &[("A", "1")]).await?[0];
    expect(take(&store, id).await?, Some(1), "the first attempt")?;
    expect(take(&store, id).await?, None, "another while it runs")?;
    let due_at = stage.clock.now() + Duration::from_secs(5);
    let again = |failure: &str| Settlement::Again {
        due_at,
        wait: Duration::from_secs(5),
        failure: failure.to_owned(),
    };
    expect(
        settle(&store, id, 2, again("wrong")).await?,
        false,
        "settling an attempt that was not made",
    )?;
    expect(
        settle(&store, id, 1, again("busy")).await?,
        true,
        "settling the attempt",
    )?;
    expect(
        settle(&store, id, 1, again("busy")).await?,
        false,
        "settling it twice",
    )?;
    let page = store
        .load(EventId::default(), 10)
        .await
        .or_finding("loading")?;
    let event = page
        .deliveries
        .first()
        .and_then(|delivery| delivery.events.first());
    let event = event.ok_or("an event that is to be tried again is not loaded")?;
    expect(
        (event.attempt, event.due_at, event.waited),
        (1, due_at, Some(Duration::from_secs(5))),
        "attempt, due time and wait",
    )?;
    expect(take(&store, id).await?, Some(2), "the second attempt")?;
    let handled = Settlement::Handled { sends: Vec::new() };
    expect(
        settle(&store, id, 2, handled).await?,
        true,
        "settling it as handled",
    )?;
    expect(
        take(&store, id).await?,
        None,
        "an attempt at what was handled",
    )?;
    expect(
        take(&store, EventId::new(1_000_000)).await?,
        None,
        "an attempt at nothing",
    )
}

pub(super) async fn recovery<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: InboxStore,
{
    let store = stage.open().await?;
    let ids = keep(&store, &stage.clock, &[("A", "1"), ("B", "2"), ("C", "3")]).await?;
    take(&store, ids[0]).await?;
    let store = stage.crash(store).await?;
    let recovered = store.recover(2).await.or_finding("recovering")?;
    expect(
        (recovered.again, recovered.dead),
        (1, 0),
        "what is tried again, what is given up",
    )?;
    expect(
        take(&store, ids[0]).await?,
        Some(2),
        "the attempt after a crash",
    )?;
    take(&store, ids[1]).await?;
    let store = stage.crash(store).await?;
    let recovered = store.recover(2).await.or_finding("recovering")?;
    expect(
        (recovered.again, recovered.dead),
        (1, 1),
        "what is tried again, what is given up",
    )?;
    let page = store
        .load(EventId::default(), 10)
        .await
        .or_finding("loading")?;
    expect(on(&page), ids[1..].to_vec(), "what is left to do")?;
    let late = settle(&store, ids[1], 1, Settlement::Handled { sends: Vec::new() }).await?;
    expect(late, false, "settling an attempt of before the crash")
}

pub(super) async fn sends<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: InboxStore,
{
    let store = stage.open().await?;
    let id = keep(&store, &stage.clock, &[("A", "1")]).await?[0];
    let handled = |attempt| {
        let sends = vec![send("reply/A/0")];
        settle(&store, id, attempt, Settlement::Handled { sends })
    };
    expect(handled(1).await?, false, "settling what was not taken")?;
    take(&store, id).await?;
    expect(handled(1).await?, true, "settling with a send")?;
    // Put back by a person, and handled again: its key is known, which is not an error.
    store.requeue(id).await.or_finding("putting back")?;
    take(&store, id).await?;
    expect(
        handled(1).await?,
        true,
        "settling again with a send that is known",
    )
}

pub(super) async fn put_back_and_dropped<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: InboxStore,
{
    let store = stage.open().await?;
    let ids = keep(&store, &stage.clock, &[("A", "1"), ("B", "1")]).await?;
    let mut watch = store.watch();
    watch.mark_unchanged();
    let requeue = async |id| store.requeue(id).await.or_finding("putting back");
    expect(requeue(ids[0]).await?, false, "putting back what waits")?;
    take(&store, ids[0]).await?;
    let failure = "no luck".to_owned();
    settle(&store, ids[0], 1, Settlement::Dead { failure }).await?;
    expect(
        requeue(ids[0]).await?,
        true,
        "putting back what was given up",
    )?;
    expect(
        watch.has_changed().unwrap_or(false),
        true,
        "whether others hear of it",
    )?;
    let page = store
        .load_requeued(EventId::default(), 10)
        .await
        .or_finding("loading")?;
    expect(on(&page), vec![ids[0]], "what was put back")?;
    expect(
        take(&store, ids[0]).await?,
        Some(1),
        "the attempt after it was put back",
    )?;
    let page = store
        .load_requeued(EventId::default(), 10)
        .await
        .or_finding("loading")?;
    expect(on(&page), Vec::new(), "what was put back and not taken")?;

    let discard = async |id| store.discard(id).await.or_finding("dropping");
    expect(discard(ids[0]).await?, true, "dropping what runs")?;
    expect(discard(ids[1]).await?, true, "dropping what waits")?;
    expect(discard(ids[1]).await?, false, "dropping it twice")?;
    let late = settle(&store, ids[0], 1, Settlement::Handled { sends: Vec::new() }).await?;
    expect(late, false, "settling what was dropped meanwhile")?;
    let record = store.event(ids[1]).await.or_finding("reading")?;
    expect(
        record.map(|it| it.state),
        Some(EventState::Dropped),
        "the state of what was dropped",
    )
}

async fn take(store: &impl InboxStore, id: EventId) -> Result<Option<u32>, String> {
    store.take(id).await.or_finding("taking")
}

async fn settle(
    store: &impl InboxStore,
    id: EventId,
    attempt: u32,
    settlement: Settlement,
) -> Result<bool, String> {
    let settled: Result<bool, StoreError> = store.settle(id, attempt, settlement).await;
    settled.or_finding("settling")
}
