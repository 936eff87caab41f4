//! Sends and callbacks to try a store with.

use std::collections::HashSet;

use kaleyra_wa_types::inbound::Callback;

use super::super::stage::OrFinding;
use crate::outbox::{
    Digest, Flight, Flown, Landing, NewSend, OutboxStore, Purpose, Queued, SendId, SendState,
    Takeoff,
};
use crate::tracking::Facts;
use crate::{ManualClock, Moment};

pub(super) const SENDER: &str = "+918000000001";

/// A send of this key to a conversation of this name.
pub(super) fn send(key: &str, conversation: &str) -> NewSend {
    NewSend {
        key: key.to_owned(),
        digest: Digest::of([key.as_bytes()]),
        reference: key.to_owned(),
        sender: SENDER.to_owned(),
        recipient: format!("+{conversation}"),
        conversation: conversation.to_owned(),
        body: format!("{{\"key\":\"{key}\"}}").into(),
        fallback: None,
        purpose: Purpose::Utility,
        priority: 0,
        not_before: Moment::default(),
        expires_at: None,
        needs_window: false,
        user_wrote_at: None,
        follows: None,
    }
}

/// Queues it, and gives its id.
pub(super) async fn queue(store: &impl OutboxStore, send: NewSend) -> Result<SendId, String> {
    match store.enqueue(send).await.or_finding("queueing a send")? {
        Queued::New(id) => Ok(id),
        other => Err(format!("a new key was taken for a known one: {other:?}")),
    }
}

pub(super) async fn fly(store: &impl OutboxStore, limit: usize) -> Result<Flown, String> {
    fly_except(store, limit, &[]).await
}

pub(super) async fn fly_except(
    store: &impl OutboxStore,
    limit: usize,
    busy: &[&str],
) -> Result<Flown, String> {
    let mut takeoff = Takeoff::new(SENDER, limit);
    takeoff.busy = busy
        .iter()
        .map(|it| (*it).to_owned())
        .collect::<HashSet<_>>();
    store.fly(takeoff).await.or_finding("taking sends to fly")
}

/// The one send that flies now.
pub(super) async fn fly_one(store: &impl OutboxStore) -> Result<Flight, String> {
    let mut flown = fly(store, 1).await?;
    flown
        .flights
        .pop()
        .ok_or_else(|| "nothing flew where something was due".to_owned())
}

/// The references of what flies.
pub(super) fn references(flown: &Flown) -> Vec<&str> {
    let mut found: Vec<&str> = flown
        .flights
        .iter()
        .map(|it| it.reference.as_str())
        .collect();
    found.sort_unstable();
    found
}

pub(super) async fn land(
    store: &impl OutboxStore,
    flight: &Flight,
    landing: Landing,
) -> Result<bool, String> {
    let landed = store.land(flight.id, flight.attempt, landing).await;
    landed.or_finding("landing a send")
}

pub(super) fn accepted() -> Landing {
    Landing::Accepted {
        http: Some(202),
        message_id: Some("AX1".to_owned()),
    }
}

pub(super) fn rejected() -> Landing {
    Landing::Rejected {
        http: Some(400),
        code: Some("WA400".to_owned()),
        reason: "refused".to_owned(),
    }
}

pub(super) fn uncertain() -> Landing {
    Landing::Uncertain {
        http: None,
        code: None,
        reason: "no response".to_owned(),
    }
}

pub(super) async fn state(store: &impl OutboxStore, send: SendId) -> Result<SendState, String> {
    let found = store.send(send).await.or_finding("reading a send")?;
    found
        .map(|it| it.state)
        .ok_or_else(|| "a send is gone".to_owned())
}

/// What a callback says of the message with this reference.
pub(super) async fn status(
    store: &impl OutboxStore,
    clock: &ManualClock,
    reference: &str,
    status: &str,
) -> Result<(), String> {
    let body = format!(
        r#"{{"meta_object":{{"field":"messages","value":{{"statuses":[{{"id":"wamid.{reference}","status":"{status}",
            "timestamp":"1722863329","recipient_id":"919800000001"}}]}}}},"extra_info":{{"ref":"{reference}"}}}}"#
    );
    note(store, clock, &body).await
}

/// What a callback says that a user wrote.
pub(super) async fn wrote(
    store: &impl OutboxStore,
    clock: &ManualClock,
    conversation: &str,
) -> Result<(), String> {
    let body = format!(
        r#"{{"meta_object":{{"field":"messages","value":{{"metadata":{{"display_phone_number":"918000000001"}},
            "messages":[{{"from":"{conversation}","id":"wamid.{conversation}","type":"text","text":{{"body":"Hi"}}}}]}}}}}}"#
    );
    note(store, clock, &body).await
}

pub(super) async fn note(
    store: &impl OutboxStore,
    clock: &ManualClock,
    body: &str,
) -> Result<(), String> {
    let callback = Callback::from_slice(body.as_bytes())
        .map_err(|error| format!("a sample can't be read: {error}"))?;
    let facts = Facts::of(&callback, crate::Clock::now(clock));
    store.note(facts).await.or_finding("noting a callback")
}
