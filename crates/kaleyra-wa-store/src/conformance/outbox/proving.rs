//! Checks of what lands, and of what callbacks prove.

use kaleyra_wa_types::inbound::Stage as Reached;

use super::super::Place;
use super::super::stage::{Finding, OrFinding, Stage, expect};
use super::sample::{accepted, fly_one, land, queue, rejected, send, state, status, uncertain};
use crate::outbox::{Landing, OutboxStore, SendState};

pub(super) async fn landings<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: OutboxStore,
{
    let store = stage.open().await?;
    let id = queue(&store, send("a", "1")).await?;
    let flight = fly_one(&store).await?;
    let other = store.land(id, 2, accepted()).await.or_finding("landing")?;
    expect(other, false, "landing another attempt")?;
    expect(land(&store, &flight, accepted()).await?, true, "landing it")?;
    expect(
        land(&store, &flight, rejected()).await?,
        false,
        "landing it as something else",
    )?;
    let store = stage.crash(store).await?;
    let record = store
        .send(id)
        .await
        .or_finding("reading")?
        .ok_or("a send is gone")?;
    let found = (record.state, record.http, record.message_id.as_deref());
    expect(
        found,
        (SendState::Accepted, Some(202), Some("AX1")),
        "what is kept of it",
    )
}

/// Each pair of a landing and a callback, and the end that both orders have.
fn ends() -> Vec<(Landing, &'static str, SendState)> {
    vec![
        (accepted(), "delivered", SendState::Accepted),
        (accepted(), "failed", SendState::Accepted),
        (uncertain(), "sent", SendState::Accepted),
        (uncertain(), "failed", SendState::Rejected),
        (rejected(), "failed", SendState::Rejected),
        (rejected(), "delivered", SendState::Accepted),
    ]
}

pub(super) async fn in_any_order<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: OutboxStore,
{
    let store = stage.open().await?;
    for (nth, (landing, told, end)) in ends().into_iter().enumerate() {
        for landing_first in [true, false] {
            let key = format!("{nth}{landing_first}");
            let id = queue(&store, send(&key, &key)).await?;
            let flight = fly_one(&store).await?;
            if landing_first {
                land(&store, &flight, landing.clone()).await?;
            }
            for _ in 0..2 {
                status(&store, &stage.clock, &key, told).await?;
            }
            if !landing_first {
                land(&store, &flight, landing.clone()).await?;
            }
            status(&store, &stage.clock, &key, told).await?;
            let what = format!("{landing:?} and `{told}`, the landing first: {landing_first}");
            expect(state(&store, id).await?, end, &what)?;
        }
    }
    Ok(())
}

pub(super) async fn tracking<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: OutboxStore,
{
    let store = stage.open().await?;
    for (reference, order) in [
        ("forth", ["sent", "failed", "delivered", "read"]),
        ("back", ["read", "delivered", "failed", "sent"]),
    ] {
        for name in order {
            status(&store, &stage.clock, reference, name).await?;
        }
        let record = store.message(reference).await.or_finding("reading")?;
        let record = record.ok_or("what callbacks said is gone")?;
        expect(record.stage(), Some(Reached::Read), "where a message is")?;
        expect(
            record.failure,
            Some(Reached::Failed),
            "the failure that was told as well",
        )?;
        expect(
            record.sent_at.is_some() && record.delivered_at.is_some(),
            true,
            "when it was where",
        )?;
        expect(record.ids.len(), 1, "the ids that were told")?;
    }
    // A send whose reference callbacks know already went out from a store that was younger than this.
    let id = queue(&store, send("forth", "1")).await?;
    expect(
        state(&store, id).await?,
        SendState::Accepted,
        "a send that callbacks know",
    )
}
