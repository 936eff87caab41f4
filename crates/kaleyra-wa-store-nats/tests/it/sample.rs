//! Deliveries to try the store with, and folders that go away.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use kaleyra_wa_store::inbox::{
    EventId, Fingerprint, InboxStore, Kept, NewDelivery, NewEvent, Page,
};
use kaleyra_wa_store::tracking::Facts;
use kaleyra_wa_store::types::inbound::EventKind;
use kaleyra_wa_store::{Moment, StoreError};
use kaleyra_wa_store_nats::NatsStore;

/// A folder of one test, gone with it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let name = format!("kwa-nats-test-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A delivery with an event of each of these keys, all of one conversation.
pub(crate) fn delivery(conversation: &str, keys: &[&str], raw: Vec<u8>) -> NewDelivery {
    let events = keys.iter().enumerate().map(|(nth, key)| NewEvent {
        nth: u32::try_from(nth).unwrap(),
        fingerprint: (!key.is_empty()).then(|| fingerprint(key)),
        conversation: Some(conversation.to_owned()),
        kind: EventKind::Message,
    });
    NewDelivery {
        received_at: Moment::from_millis(1_722_863_329_000),
        raw: raw.into(),
        events: events.collect(),
        facts: Facts::default(),
    }
}

fn fingerprint(key: &str) -> Fingerprint {
    let mut bytes = [0; 16];
    bytes[..key.len()].copy_from_slice(key.as_bytes());
    Fingerprint::from_bytes(bytes)
}

/// Keeps an event of this conversation.
pub(crate) async fn keep(
    store: &NatsStore,
    conversation: &str,
    key: &str,
) -> Result<Kept, StoreError> {
    let raw = br#"{"status": "not sent"}"#.to_vec();
    store
        .keep(delivery(conversation, &[key], raw), Box::new(|_| ()))
        .await
}

pub(crate) fn ids(page: &Page) -> Vec<EventId> {
    let events = page.deliveries.iter().flat_map(|delivery| &delivery.events);
    events.map(|event| event.id).collect()
}

/// Waits until it is so.
pub(crate) async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "in a minute it did not come to this: {what}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
