//! SQLite through the suite that any store can be run through.

use std::sync::Arc;

use kaleyra_wa_store::conformance::{self, Place};
use kaleyra_wa_store::{ManualClock, SqliteOptions, SqliteStore, StoreError, async_trait};

use crate::support::Folder;

#[async_trait]
impl Place for Folder {
    type Store = SqliteStore;

    async fn open(&self, clock: Arc<ManualClock>) -> Result<SqliteStore, StoreError> {
        SqliteOptions::new(self.file("store.db"))
            .clock(clock)
            .open()
    }

    async fn close(&self, store: SqliteStore) {
        store.close().await;
    }
}

#[tokio::test]
async fn an_inbox_keeps_every_promise() {
    let report = conformance::inbox(|_| Folder::new()).await;
    report.assert_passed();
    assert!(report.outcomes().len() > 10);
}

#[tokio::test]
async fn an_outbox_keeps_every_promise() {
    let report = conformance::outbox(|_| Folder::new()).await;
    report.assert_passed();
    assert!(report.outcomes().len() > 10);
}
