//! JetStream through the suite that any store can be run through.

use std::sync::Arc;

use kaleyra_wa_store::conformance::{self, Place};
use kaleyra_wa_store::{ManualClock, SqliteOptions, SqliteStore, StoreError, async_trait};
use kaleyra_wa_store_nats::{NatsOptions, NatsStore};

use crate::sample::Folder;
use crate::server::Server;

/// A store on the server, with an outbox beside it.
struct Named {
    url: String,
    name: String,
    outbox: SqliteStore,
}

#[async_trait]
impl Place for Named {
    type Store = NatsStore;

    async fn open(&self, clock: Arc<ManualClock>) -> Result<NatsStore, StoreError> {
        let options = NatsOptions::new(&self.url).name(&self.name);
        let options = options.outbox(self.outbox.clone());
        options.clock(clock).alone().open().await
    }

    async fn close(&self, store: NatsStore) {
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_inbox_keeps_every_promise() {
    let Some(server) = Server::start() else {
        return;
    };
    let folder = Folder::new();
    let report = conformance::inbox(|check| Named {
        url: server.url(),
        name: check.to_owned(),
        outbox: SqliteOptions::new(folder.path().join(format!("{check}.db")))
            .open()
            .unwrap(),
    })
    .await;
    report.assert_passed();
    assert!(report.outcomes().len() > 10);
}
