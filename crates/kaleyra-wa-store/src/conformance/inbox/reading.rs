//! Pages and records.

use super::sample::{body, fingerprint, keep, on};
use crate::Clock;
use crate::conformance::Place;
use crate::conformance::stage::{Finding, OrFinding, Stage, expect};
use crate::inbox::{EventId, EventQuery, EventState, InboxStore};

pub(super) async fn pages<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: InboxStore,
{
    let store = stage.open().await?;
    let mut all = Vec::new();
    for nth in 0..6 {
        let (a, b) = (format!("A{nth}"), format!("B{nth}"));
        all.extend(keep(&store, &stage.clock, &[(&a, "1"), (&b, "2")]).await?);
    }
    let (mut seen, mut after) = (Vec::new(), EventId::default());
    for _ in 0..20 {
        // Inside a delivery, too.
        let page = store.load(after, 5).await.or_finding("loading")?;
        seen.extend(on(&page));
        after = seen.last().copied().unwrap_or_default();
        if page.is_last {
            break;
        }
    }
    expect(&seen, &all, "all pages")?;
    let second: Vec<_> = all.iter().copied().skip(1).step_by(2).collect();
    let page = store
        .load_conversation("2", second[2], 100)
        .await
        .or_finding("loading")?;
    expect(
        on(&page),
        second[2..].to_vec(),
        "a conversation from an event on",
    )?;
    expect(page.is_last, true, "whether that was all of it")?;
    let page = store
        .load_conversation("3", EventId::default(), 100)
        .await
        .or_finding("loading")?;
    expect(on(&page), Vec::new(), "a conversation that is not there")
}

pub(super) async fn records<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: InboxStore,
{
    let store = stage.open().await?;
    let ids = keep(&store, &stage.clock, &[("A", "1"), ("", "")]).await?;
    keep(&store, &stage.clock, &[("B", "1")]).await?;
    store.take(ids[0]).await.or_finding("taking")?;
    let record = store
        .event(ids[0])
        .await
        .or_finding("reading")?
        .ok_or("an event is missing")?;
    expect(record.state, EventState::Running, "its state")?;
    expect(record.attempt, 1, "its attempt")?;
    expect(
        record.fingerprint,
        Some(fingerprint("A")),
        "its fingerprint",
    )?;
    expect(
        record.conversation.as_deref(),
        Some("1"),
        "its conversation",
    )?;
    expect(record.kind.as_str(), "message", "its kind")?;
    expect(record.received_at, Some(stage.clock.now()), "when it came")?;
    expect(record.raw, Some(body(&["A", ""]).into()), "its body")?;
    let other = store
        .event(ids[1])
        .await
        .or_finding("reading")?
        .ok_or("an event is missing")?;
    expect(
        (other.fingerprint, other.conversation, other.nth),
        (None, None, 1),
        "what says nothing of itself",
    )?;
    let nothing = store
        .event(EventId::new(1_000_000))
        .await
        .or_finding("reading")?;
    expect(
        nothing.is_none(),
        true,
        "whether there is nothing where nothing was kept",
    )?;
    let found = async |query| {
        let records = store.events(query).await.or_finding("reading")?;
        Ok::<_, String>(records.len())
    };
    let all = EventQuery::new();
    expect(found(all.clone()).await?, 3, "all events")?;
    expect(
        found(all.clone().state(EventState::Waiting)).await?,
        2,
        "those that wait",
    )?;
    expect(
        found(all.clone().conversation("1")).await?,
        2,
        "those of a conversation",
    )?;
    expect(
        found(all.clone().kind("status")).await?,
        0,
        "those of another kind",
    )?;
    expect(
        found(all.clone().after(ids[1])).await?,
        1,
        "those after one",
    )?;
    expect(found(all.limit(1)).await?, 1, "at most one")
}
