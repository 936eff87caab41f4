//! Deliveries and sends to try the store with.

use std::time::{Duration, Instant};

use kaleyra_wa_store::Moment;
use kaleyra_wa_store::inbox::{EventId, InboxStore, NewDelivery, NewEvent};
use kaleyra_wa_store::outbox::{Digest, NewSend, Purpose};
use kaleyra_wa_store::tracking::Facts;
use kaleyra_wa_store_postgres::PostgresStore;
use kaleyra_wa_types::inbound::EventKind;

pub(crate) const SENDER: &str = "+918000000001";

/// A delivery with an event of this conversation.
pub(crate) fn delivery(conversation: &str) -> NewDelivery {
    NewDelivery {
        received_at: Moment::from_millis(1_722_863_329_000),
        raw: r#"{"status": "not sent"}"#.into(),
        events: vec![NewEvent {
            nth: 0,
            fingerprint: None,
            conversation: Some(conversation.to_owned()),
            kind: EventKind::Message,
        }],
        facts: Facts::default(),
    }
}

/// Keeps an event of this conversation, and gives its id.
pub(crate) async fn keep(store: &PostgresStore, conversation: &str) -> EventId {
    let delivery = delivery(conversation);
    let kept = store.keep(delivery, Box::new(|_| ())).await.unwrap();
    kept.events[0].1
}

/// A send of this key.
pub(crate) fn send(key: &str, conversation: &str) -> NewSend {
    NewSend {
        digest: Digest::of([key.as_bytes()]),
        reference: key.to_owned(),
        key: key.to_owned(),
        sender: SENDER.to_owned(),
        recipient: format!("+{conversation}"),
        conversation: conversation.to_owned(),
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

/// Waits until it is so; for long, since the machine may be slow.
pub(crate) async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    const LONGEST: Duration = Duration::from_secs(180);
    let begun = Instant::now();
    while !is_so().await {
        assert!(
            begun.elapsed() < LONGEST,
            "in {LONGEST:?} it did not come to this: {what}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
