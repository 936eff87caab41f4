//! Folders that go away, and deliveries to keep.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use kaleyra_wa_store::inbox::{Fingerprint, InboxStore, Kept, NewDelivery, NewEvent};
use kaleyra_wa_store::tracking::Facts;
use kaleyra_wa_store::types::inbound::EventKind;
use kaleyra_wa_store::{Moment, StoreError};

/// A folder of one test, gone with it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        Self::within(&std::env::temp_dir())
    }

    /// In this folder, or in the usual place where there is no such folder.
    pub(crate) fn within(parent: &Path) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let name = format!("kwa-store-{}-{number}", std::process::id());
        let usual = std::env::temp_dir();
        let parent = if parent.is_dir() { parent } else { &usual };
        let path = parent.join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
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

/// A delivery with one event of each of these keys and conversations.
pub(crate) fn delivery(events: &[(&str, &str)]) -> NewDelivery {
    let events = events
        .iter()
        .enumerate()
        .map(|(nth, (key, conversation))| NewEvent {
            nth: u32::try_from(nth).unwrap(),
            fingerprint: (!key.is_empty()).then(|| fingerprint(key)),
            conversation: (!conversation.is_empty()).then(|| (*conversation).to_owned()),
            kind: EventKind::Message,
        });
    NewDelivery {
        received_at: Moment::from_millis(1_722_863_329_000),
        raw: format!("{{\"status\":\"{}\"}}", "x".repeat(100)).into(),
        events: events.collect(),
        facts: Facts::default(),
    }
}

pub(crate) fn fingerprint(key: &str) -> Fingerprint {
    let mut bytes = [0; 16];
    bytes[..key.len()].copy_from_slice(key.as_bytes());
    Fingerprint::from_bytes(bytes)
}

pub(crate) async fn keep(
    store: &dyn InboxStore,
    events: &[(&str, &str)],
) -> Result<Kept, StoreError> {
    store.keep(delivery(events), Box::new(|_| ())).await
}
