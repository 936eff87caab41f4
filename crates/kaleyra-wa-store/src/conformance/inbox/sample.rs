//! Deliveries to keep.

use kaleyra_wa_types::inbound::EventKind;

use crate::conformance::stage::OrFinding;
use crate::inbox::{EventId, Fingerprint, InboxStore, Kept, NewDelivery, NewEvent, Page};
use crate::outbox::{Digest, NewSend, Purpose};
use crate::tracking::Facts;
use crate::{Clock, ManualClock, Moment};

/// A delivery with an event of each of these keys and conversations; either may be empty.
pub(super) fn delivery(clock: &ManualClock, events: &[(&str, &str)]) -> NewDelivery {
    let new = |(nth, (key, conversation)): (usize, &(&str, &str))| NewEvent {
        nth: u32::try_from(nth).unwrap_or(u32::MAX),
        fingerprint: (!key.is_empty()).then(|| fingerprint(key)),
        conversation: (!conversation.is_empty()).then(|| (*conversation).to_owned()),
        kind: EventKind::Message,
    };
    let keys: Vec<&str> = events.iter().map(|(key, _)| *key).collect();
    NewDelivery {
        received_at: clock.now(),
        raw: body(&keys).into(),
        events: events.iter().enumerate().map(new).collect(),
        facts: Facts::default(),
    }
}

pub(super) fn body(keys: &[&str]) -> String {
    format!("{{\"reason\": \"{}\"}}", keys.join(", "))
}

pub(super) fn fingerprint(key: &str) -> Fingerprint {
    Fingerprint::from_bytes(*Digest::of([key.as_bytes()]).as_bytes())
}

/// Keeps it, and gives the ids of what was new.
pub(super) async fn keep(
    store: &impl InboxStore,
    clock: &ManualClock,
    events: &[(&str, &str)],
) -> Result<Vec<EventId>, String> {
    let kept = store.keep(delivery(clock, events), Box::new(|_| ())).await;
    Ok(ids(&kept.or_finding("keeping a delivery")?))
}

pub(super) fn ids(kept: &Kept) -> Vec<EventId> {
    kept.events.iter().map(|(_, id)| *id).collect()
}

/// The ids on a page.
pub(super) fn on(page: &Page) -> Vec<EventId> {
    let events = page.deliveries.iter().flat_map(|delivery| &delivery.events);
    events.map(|event| event.id).collect()
}

/// A reply that a handler might want sent.
pub(super) fn send(key: &str) -> NewSend {
    NewSend {
        key: key.to_owned(),
        digest: Digest::of([key.as_bytes()]),
        reference: format!("reference of {key}"),
        sender: "+918000000001".to_owned(),
        recipient: "+919800000001".to_owned(),
        conversation: "919800000001".to_owned(),
        body: "{}".into(),
        fallback: None,
        purpose: Purpose::Service,
        priority: 0,
        not_before: Moment::default(),
        expires_at: None,
        needs_window: false,
        user_wrote_at: None,
        follows: None,
    }
}
