//! Checks of what is in doubt.

use std::time::Duration;

use super::super::Place;
use super::super::stage::{Finding, OrFinding, Stage, expect};
use super::sample::{
    SENDER, accepted, fly, fly_one, land, queue, references, send, state, status, uncertain,
};
use crate::Clock;
use crate::outbox::{OutboxStore, SendState, Wish};

const MINUTE: Duration = Duration::from_secs(60);

pub(super) async fn in_flight_at_a_crash<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: OutboxStore,
{
    let store = stage.open().await?;
    let (a, b) = (
        queue(&store, send("a", "1")).await?,
        queue(&store, send("b", "2")).await?,
    );
    let flights = fly(&store, 2).await?.flights;
    expect(flights.len(), 2, "how many fly")?;
    status(&store, &stage.clock, "b", "sent").await?;
    let store = stage.crash(store).await?;
    let doubts = store.recover_sends().await.or_finding("recovering")?;
    expect(doubts.uncertain, 1, "how many are uncertain after a crash")?;
    expect(
        state(&store, a).await?,
        SendState::Uncertain,
        "what was in flight",
    )?;
    expect(
        state(&store, b).await?,
        SendState::Accepted,
        "what was in flight, and a callback had proven",
    )?;
    expect(
        references(&fly(&store, 9).await?),
        Vec::new(),
        "what flies after a crash",
    )?;
    let late = store.land(a, 1, accepted()).await.or_finding("landing")?;
    expect(late, false, "landing what an earlier process had in flight")?;
    status(&store, &stage.clock, "a", "read").await?;
    expect(
        state(&store, a).await?,
        SendState::Accepted,
        "what a callback proves later",
    )
}

pub(super) async fn unresolved<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: OutboxStore,
{
    let store = stage.open().await?;
    let id = queue(&store, send("a", "1")).await?;
    queue(&store, send("b", "2")).await?;
    for flight in fly(&store, 2).await?.flights {
        land(&store, &flight, uncertain()).await?;
    }
    status(&store, &stage.clock, "b", "sent").await?;
    stage.clock.advance(14 * MINUTE);
    let doubts = store.resolve(15 * MINUTE).await.or_finding("resolving")?;
    expect(doubts.unresolved, Vec::new(), "what is given up too early")?;
    stage.clock.advance(2 * MINUTE);
    let doubts = store.resolve(15 * MINUTE).await.or_finding("resolving")?;
    expect(doubts.unresolved, vec![id], "what is given up in time")?;
    let record = store
        .send(id)
        .await
        .or_finding("reading")?
        .ok_or("a send is gone")?;
    let evidence = record.reason.unwrap_or_default();
    expect(
        evidence.contains("of 1 others"),
        true,
        &format!("the evidence, which says `{evidence}`"),
    )?;
    expect(
        references(&fly(&store, 9).await?),
        Vec::new(),
        "what flies after that",
    )?;
    status(&store, &stage.clock, "a", "delivered").await?;
    expect(
        state(&store, id).await?,
        SendState::Accepted,
        "what a late callback proves",
    )
}

pub(super) async fn clock_set_back<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: OutboxStore,
{
    let store = stage.open().await?;
    let id = queue(&store, send("a", "1")).await?;
    let flight = fly_one(&store).await?;
    land(&store, &flight, uncertain()).await?;
    let until = Some(stage.clock.now() + 60 * MINUTE);
    let paused = store.pause_sender(SENDER, "131048", until).await;
    paused.or_finding("pausing")?;
    stage.clock.set(stage.clock.now().before(24 * 60 * MINUTE));
    store.recover_sends().await.or_finding("recovering")?;
    let doubts = store.resolve(15 * MINUTE).await.or_finding("resolving")?;
    expect(doubts.unresolved, Vec::new(), "what is given up at once")?;
    stage.clock.advance(16 * MINUTE);
    let doubts = store.resolve(15 * MINUTE).await.or_finding("resolving")?;
    expect(doubts.unresolved, vec![id], "what is given up in time")?;
    let pause = store.pause_of(SENDER).await.or_finding("reading")?;
    expect(pause.is_some(), true, "the pause while it lasts")?;
    stage.clock.advance(45 * MINUTE);
    let pause = store.pause_of(SENDER).await.or_finding("reading")?;
    expect(pause.is_some(), false, "the pause after an hour")
}

pub(super) async fn sent_again<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: OutboxStore,
{
    let store = stage.open().await?;
    let id = queue(&store, send("a", "1")).await?;
    let refused = store.resend(id).await.or_finding("sending again")?;
    expect(
        refused,
        Wish::Refused(SendState::Queued),
        "sending again what is queued",
    )?;
    let flight = fly_one(&store).await?;
    land(&store, &flight, uncertain()).await?;
    let Wish::Done(copy) = store.resend(id).await.or_finding("sending again")? else {
        return Err("what is uncertain can't be sent again by a person".to_owned());
    };
    let record = store
        .send(copy)
        .await
        .or_finding("reading")?
        .ok_or("a send is gone")?;
    let found = (
        record.key.as_str(),
        record.reference.as_str(),
        record.retry_of,
    );
    expect(found, ("a#2", "a#2", Some(id)), "the copy")?;
    expect(state(&store, id).await?, SendState::Uncertain, "the first")?;
    expect(fly_one(&store).await?.id, copy, "what flies then")
}
