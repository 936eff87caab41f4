//! Checks of what is queued.

use kaleyra_wa_types::inbound::Stage as Reached;

use super::super::Place;
use super::super::stage::{Finding, OrFinding, Stage, expect};
use super::sample::{
    accepted, fly, fly_one, land, queue, references, rejected, send, state, status,
};
use crate::outbox::{Digest, Follows, OutboxStore, Queued, SendState, Wish};

pub(super) async fn one_for_a_key<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: OutboxStore,
{
    let store = stage.open().await?;
    let id = queue(&store, send("order-17", "1")).await?;
    let store = stage.crash(store).await?;
    let again = store.enqueue(send("order-17", "1")).await;
    expect(
        again.or_finding("queueing")?,
        Queued::Known(id),
        "the same key and content after a crash",
    )?;
    let mut other = send("order-17", "1");
    other.digest = Digest::of([&b"another"[..]]);
    let conflict = store.enqueue(other).await.or_finding("queueing")?;
    expect(
        conflict,
        Queued::Conflict(id),
        "the same key with another content",
    )?;
    let flight = fly_one(&store).await?;
    land(&store, &flight, accepted()).await?;
    let again = store
        .enqueue(send("order-17", "1"))
        .await
        .or_finding("queueing")?;
    expect(again, Queued::Known(id), "the same key after it was sent")?;
    expect(
        references(&fly(&store, 9).await?),
        Vec::new(),
        "what flies after that",
    )
}

pub(super) async fn followers<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: OutboxStore,
{
    let store = stage.open().await?;
    let follower = |key: &str, of: &str, to| {
        let mut follower = send(key, key);
        follower.follows = Some(Follows::new(of, to));
        follower
    };
    let queued = store
        .enqueue_all(vec![
            send("a", "1"),
            follower("b", "a", Reached::Delivered),
            send("x", "2"),
            follower("y", "x", Reached::Accepted),
        ])
        .await
        .or_finding("queueing")?;
    expect(queued.len(), 4, "how many were queued together")?;
    let flown = fly(&store, 9).await?;
    expect(
        references(&flown),
        vec!["a", "x"],
        "what flies while others wait for it",
    )?;
    for flight in &flown.flights {
        let landing = if flight.reference == "a" {
            accepted()
        } else {
            rejected()
        };
        land(&store, flight, landing).await?;
    }
    let [_, Queued::New(b), _, Queued::New(y)] = queued[..] else {
        return Err("new keys were taken for known ones".to_owned());
    };
    expect(
        state(&store, y).await?,
        SendState::Skipped,
        "what follows one that was refused",
    )?;
    expect(
        references(&fly(&store, 9).await?),
        Vec::new(),
        "what flies before the first is delivered",
    )?;
    let store = stage.crash(store).await?;
    status(&store, &stage.clock, "a", "delivered").await?;
    expect(
        fly_one(&store).await?.id,
        b,
        "what flies after the first was delivered",
    )
}

pub(super) async fn cancelled<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: OutboxStore,
{
    let store = stage.open().await?;
    let (a, b) = (
        queue(&store, send("a", "1")).await?,
        queue(&store, send("b", "2")).await?,
    );
    let flight = fly_one(&store).await?;
    expect(flight.id, a, "what was queued first flies first")?;
    let refused = store.cancel(a).await.or_finding("cancelling")?;
    expect(
        refused,
        Wish::Refused(SendState::Flying),
        "cancelling what flies",
    )?;
    expect(
        store.cancel(b).await.or_finding("cancelling")?,
        Wish::Done(b),
        "cancelling what is queued",
    )?;
    expect(
        state(&store, b).await?,
        SendState::Cancelled,
        "what was cancelled",
    )?;
    expect(
        references(&fly(&store, 9).await?),
        Vec::new(),
        "what flies after that",
    )
}
