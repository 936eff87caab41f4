//! Checks of what flies, and when.

use std::time::Duration;

use super::super::Place;
use super::super::stage::{Finding, OrFinding, Stage, expect};
use super::sample::{
    SENDER, accepted, fly, fly_except, fly_one, land, note, queue, references, send, state,
    uncertain, wrote,
};
use crate::Clock;
use crate::outbox::{Cargo, Hold, Landing, OutboxStore, Purpose, SendState, Takeoff};

const HOUR: Duration = Duration::from_secs(60 * 60);

pub(super) async fn once<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: OutboxStore,
{
    let store = stage.open().await?;
    let id = queue(&store, send("a", "1")).await?;
    let flight = fly_one(&store).await?;
    expect((flight.id, flight.attempt), (id, 1), "the first attempt")?;
    expect(
        flight.cargo,
        Cargo::Body(r#"{"key":"a"}"#.into()),
        "what goes out",
    )?;
    expect(
        references(&fly(&store, 9).await?),
        Vec::new(),
        "what flies while it does",
    )?;
    let again = Landing::Again {
        next_at: stage.clock.now(),
        http: Some(429),
        code: None,
        reason: "later".to_owned(),
    };
    expect(
        store.land(id, 1, again).await.or_finding("landing")?,
        true,
        "landing it",
    )?;
    expect(fly_one(&store).await?.attempt, 2, "the attempt after that")
}

pub(super) async fn in_order<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: OutboxStore,
{
    let store = stage.open().await?;
    for key in ["a1", "a2", "a3"] {
        queue(&store, send(key, "1")).await?;
    }
    queue(&store, send("b1", "2")).await?;
    let flown = fly(&store, 9).await?;
    expect(
        references(&flown),
        vec!["a1", "b1"],
        "what flies first of two conversations",
    )?;
    let first = &flown.flights[0];
    let next_at = stage.clock.now() + HOUR;
    let (http, code, reason) = (None, None, "no connection".to_owned());
    land(
        &store,
        first,
        Landing::Again {
            next_at,
            http,
            code,
            reason,
        },
    )
    .await?;
    expect(
        references(&fly(&store, 9).await?),
        Vec::new(),
        "what flies while the first is to be tried again",
    )?;
    stage.clock.advance(HOUR);
    let first = fly_one(&store).await?;
    expect(first.reference.as_str(), "a1", "what flies then")?;
    land(&store, &first, uncertain()).await?;
    let second = fly_one(&store).await?;
    expect(
        second.reference.as_str(),
        "a2",
        "what flies after one that is uncertain",
    )?;
    land(&store, &second, accepted()).await?;
    let flown = fly_except(&store, 9, &["1"]).await?;
    expect(
        references(&flown),
        Vec::new(),
        "what flies while the conversation is busy",
    )?;
    expect(
        fly_one(&store).await?.reference.as_str(),
        "a3",
        "what flies last",
    )
}

pub(super) async fn past_a_backlog<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: OutboxStore,
{
    const BACKLOG: usize = 2_500;
    let store = stage.open().await?;
    let mut sends: Vec<_> = (0..BACKLOG)
        .map(|nth| send(&format!("a{nth}"), "1"))
        .collect();
    sends.push(send("b", "2"));
    store.enqueue_all(sends).await.or_finding("queueing")?;
    let mut takeoff = Takeoff::new(SENDER, 9);
    let mut flying = Vec::new();
    for _ in 0..=BACKLOG {
        let flown = store.fly(takeoff.clone()).await.or_finding("flying")?;
        flying.extend(flown.flights.iter().map(|it| it.reference.clone()));
        takeoff.resume = flown.resume;
        if takeoff.resume.is_none() {
            break;
        }
    }
    expect(
        flying,
        vec!["a0".to_owned(), "b".to_owned()],
        "what flies of a conversation with a backlog and of another",
    )
}

pub(super) async fn times<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: OutboxStore,
{
    let store = stage.open().await?;
    let now = stage.clock.now();
    let mut later = send("later", "1");
    later.not_before = now + HOUR;
    queue(&store, later).await?;
    let mut brief = send("brief", "2");
    brief.not_before = now + HOUR;
    brief.expires_at = Some(now + 2 * HOUR);
    let brief = queue(&store, brief).await?;
    queue(&store, send("now", "1")).await?;
    let flown = fly(&store, 9).await?;
    expect(
        references(&flown),
        vec!["now"],
        "what flies before the time of others",
    )?;
    land(&store, &flown.flights[0], accepted()).await?;
    let flown = fly(&store, 9).await?;
    expect(flown.next_at, Some(now + HOUR), "when the next is due")?;
    stage.clock.advance(3 * HOUR);
    expect(
        references(&fly(&store, 9).await?),
        vec!["later"],
        "what flies when it is time",
    )?;
    expect(
        state(&store, brief).await?,
        SendState::Expired,
        "what was not sent in time",
    )
}

pub(super) async fn windows_and_opt_outs<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: OutboxStore,
{
    let store = stage.open().await?;
    let free = |key: &str, conversation: &str| {
        let mut free = send(key, conversation);
        free.needs_window = true;
        free
    };
    wrote(&store, &stage.clock, "1").await?;
    let closed = queue(&store, free("closed", "2")).await?;
    queue(&store, free("open", "1")).await?;
    let mut either = free("either", "3");
    either.fallback = Some("{}".into());
    queue(&store, either).await?;
    let flown = fly(&store, 9).await?;
    expect(
        references(&flown),
        vec!["either", "open"],
        "what flies by the windows",
    )?;
    expect(
        state(&store, closed).await?,
        SendState::Skipped,
        "what needs a window that is closed",
    )?;
    for flight in &flown.flights {
        if flight.reference == "either" {
            expect(
                flight.cargo.clone(),
                Cargo::Body("{}".into()),
                "what goes out where the window is closed",
            )?;
        }
        land(&store, flight, accepted()).await?;
    }
    let failed = r#"{"meta_object":{"field":"messages","value":{"metadata":{"display_phone_number":"918000000001"},
        "statuses":[{"id":"wamid.A","status":"failed","timestamp":"1722863330","recipient_id":"1",
        "errors":[{"code":131047}]}]}},"extra_info":{"ref":"open"}}"#;
    stage.clock.advance(HOUR);
    note(&store, &stage.clock, failed).await?;
    let after = queue(&store, free("after", "1")).await?;
    fly(&store, 9).await?;
    expect(
        state(&store, after).await?,
        SendState::Skipped,
        "what flies after WhatsApp closed the window",
    )?;

    let marketing = |key: &str| {
        let mut offer = send(key, "1");
        offer.purpose = Purpose::Marketing;
        offer
    };
    let opted = store
        .set_opt_out(SENDER, "1", Purpose::Marketing, true, "STOP")
        .await;
    opted.or_finding("opting out")?;
    let offer = queue(&store, marketing("offer")).await?;
    queue(&store, send("invoice", "1")).await?;
    expect(
        references(&fly(&store, 9).await?),
        vec!["invoice"],
        "what flies to who opted out of marketing",
    )?;
    expect(
        state(&store, offer).await?,
        SendState::Skipped,
        "marketing to who opted out",
    )?;
    stage.clock.advance(HOUR);
    let opted = store
        .set_opt_out(SENDER, "1", Purpose::Marketing, false, "START")
        .await;
    opted.or_finding("opting in")?;
    let known = store
        .conversation(SENDER, "1")
        .await
        .or_finding("reading a conversation")?;
    expect(
        known.is_opted_out(Purpose::Marketing),
        false,
        "who opted in again",
    )
}

pub(super) async fn paused<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: OutboxStore,
{
    let store = stage.open().await?;
    queue(&store, send("a", "1")).await?;
    store
        .pause_sender(SENDER, "no money", None)
        .await
        .or_finding("pausing")?;
    let store = stage.crash(store).await?;
    let flown = fly(&store, 9).await?;
    let why = match flown.hold {
        Some(Hold::Paused(pause)) => pause.why,
        other => return Err(format!("a paused sender is held for {other:?}")),
    };
    expect(why.as_str(), "no money", "why nothing flies")?;
    expect(
        store.resume_sender(SENDER).await.or_finding("resuming")?,
        true,
        "resuming",
    )?;
    let until = Some(stage.clock.now() + HOUR);
    store
        .pause_sender(SENDER, "too much", until)
        .await
        .or_finding("pausing")?;
    expect(
        references(&fly(&store, 9).await?),
        Vec::new(),
        "what flies during a pause",
    )?;
    stage.clock.advance(2 * HOUR);
    expect(
        references(&fly(&store, 9).await?),
        vec!["a"],
        "what flies after it ended",
    )
}
