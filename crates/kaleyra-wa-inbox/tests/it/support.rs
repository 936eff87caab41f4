//! Folders that go away, callbacks, and what handlers saw.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use kaleyra_wa_inbox::webhook::{IncomingEvent, ReceivedCallback, Sink, SinkError};
use kaleyra_wa_inbox::{Inbox, InboxStore};

pub(crate) const SOON: Duration = Duration::from_secs(10);

/// A folder of one test, gone with it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let path = std::env::temp_dir().join(format!("kwa-inbox-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A message of this id from this user.
pub(crate) fn message(from: &str, id: &str) -> String {
    format!(r#"{{"from": "{from}", "id": "{id}", "type": "text", "text": {{"body": "Hello"}}}}"#)
}

/// A callback with these messages.
pub(crate) fn callback(messages: &[String]) -> ReceivedCallback {
    let body = format!(
        r#"{{"meta_object": {{"field": "messages", "value": {{"messages": [{}]}}}}}}"#,
        messages.join(", ")
    );
    ReceivedCallback::from_raw(body.into(), SystemTime::now()).unwrap()
}

pub(crate) async fn send(inbox: &Inbox, from: &str, id: &str) -> Result<(), SinkError> {
    inbox.accept(callback(&[message(from, id)])).await
}

/// What handlers saw, in its order: the id and the attempt.
#[derive(Clone, Default)]
pub(crate) struct Seen(Arc<Mutex<Vec<(String, u32)>>>);

impl Seen {
    pub(crate) fn note(&self, event: &IncomingEvent) {
        let id = event.event().id().unwrap_or_default().to_owned();
        self.0.lock().unwrap().push((id, event.attempt()));
    }

    pub(crate) fn all(&self) -> Vec<(String, u32)> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        self.all().into_iter().map(|(id, _)| id).collect()
    }
}

/// Waits until it is so.
pub(crate) async fn until(mut is_so: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting)
        .await
        .expect("it never came to be");
}

/// Waits until nothing is left to do.
pub(crate) async fn idle(store: &dyn InboxStore) {
    until(async || store.stats().await.unwrap().live() == 0).await;
}
