//! Postgres through the suite that any store can be run through.

use std::sync::Arc;

use kaleyra_wa_store::conformance::{self, Place};
use kaleyra_wa_store::inbox::InboxStore;
use kaleyra_wa_store::{ManualClock, StoreError, async_trait};
use kaleyra_wa_store_postgres::{PostgresOptions, PostgresStore};

use crate::server::Server;

/// A schema on the server.
struct Schema {
    url: String,
    name: String,
}

#[async_trait]
impl Place for Schema {
    type Store = PostgresStore;

    async fn open(&self, clock: Arc<ManualClock>) -> Result<PostgresStore, StoreError> {
        let options = PostgresOptions::new(&self.url).schema(&self.name);
        let store = options.clock(clock).alone().open().await?;
        store.begin_handling().await?;
        Ok(store)
    }

    async fn close(&self, store: PostgresStore) {
        store.close().await;
    }
}

fn schema(server: &Server, check: &str) -> Schema {
    let (url, name) = (server.url(), format!("check of {check}"));
    Schema { url, name }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_inbox_keeps_every_promise() {
    let Some(server) = Server::start() else {
        return;
    };
    let report = conformance::inbox(|check| schema(&server, check)).await;
    report.assert_passed();
    assert!(report.outcomes().len() > 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outbox_keeps_every_promise() {
    let Some(server) = Server::start() else {
        return;
    };
    let report = conformance::outbox(|check| schema(&server, check)).await;
    report.assert_passed();
    assert!(report.outcomes().len() > 10);
}
