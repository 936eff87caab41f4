//! A cluster of three servers that each have a copy.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kaleyra_wa_store::conformance::{self, Place};
use kaleyra_wa_store::inbox::{EventId, InboxStore, Settlement};
use kaleyra_wa_store::{ManualClock, SqliteOptions, SqliteStore, StoreError, async_trait};
use kaleyra_wa_store_nats::{Durability, NatsOptions, NatsStore};

use crate::sample::{Folder, ids, keep, until};
use crate::server::Server;

fn options(servers: &[Server], name: &str) -> NatsOptions {
    let urls: Vec<String> = servers.iter().map(Server::url).collect();
    NatsOptions::new(urls.join(", ")).name(name).replicas(3)
}

/// Opens it, once the cluster has found its leader.
async fn opened(make: impl Fn() -> NatsOptions) -> NatsStore {
    let begun = Instant::now();
    loop {
        match make().open().await {
            Ok(store) => return store,
            Err(error) => assert!(begun.elapsed() < Duration::from_secs(60), "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

struct Named<'a> {
    servers: &'a [Server],
    name: String,
    outbox: SqliteStore,
}

#[async_trait]
impl Place for Named<'_> {
    type Store = NatsStore;

    async fn open(&self, clock: Arc<ManualClock>) -> Result<NatsStore, StoreError> {
        let options = options(self.servers, &self.name).alone();
        let options = options.outbox(self.outbox.clone());
        options.clock(clock).open().await
    }

    async fn close(&self, store: NatsStore) {
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_inbox_keeps_every_promise_in_three_copies() {
    let Some(servers) = Server::three() else {
        return;
    };
    opened(|| options(&servers, "first")).await.close().await;
    let folder = Folder::new();
    let report = conformance::inbox(|check| Named {
        servers: &servers,
        name: check.to_owned(),
        outbox: SqliteOptions::new(folder.path().join(format!("{check}.db")))
            .open()
            .unwrap(),
    })
    .await;
    report.assert_passed();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_three_servers_may_be_gone() {
    let Some(servers) = Server::three() else {
        return;
    };
    let store = opened(|| options(&servers, "inbox")).await;
    assert_eq!(store.durability(), Durability::Copies(3));
    assert!(store.durability().survives_power_cuts());
    let mut acknowledged = Vec::new();
    for (nth, server) in servers.iter().enumerate() {
        server.kill();
        let mut refused = 0;
        for event in 0..5 {
            let key = format!("{nth}-{event}");
            loop {
                match keep(&store, "1", &key).await {
                    Ok(kept) => {
                        acknowledged.extend(kept.events.first().map(|(_, id)| *id));
                        break;
                    }
                    // The others look for a leader.
                    Err(error) => assert!(error.is_temporary() && refused < 60, "{error}"),
                }
                refused += 1;
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
        server.run();
        until("all three are there again", async || {
            tokio::time::sleep(Duration::from_millis(500)).await;
            store.stats().await.is_ok()
        })
        .await;
    }
    until("all are there", async || {
        let page = store.load(EventId::default(), 100).await;
        // One that was kept and not acknowledged is there, and known.
        page.is_ok_and(|page| {
            let found = ids(&page);
            found.len() == 15 && acknowledged.iter().all(|id| found.contains(id))
        })
    })
    .await;
    let page = store.load(EventId::default(), 100).await.unwrap();
    for id in ids(&page) {
        assert_eq!(store.take(id).await.unwrap(), Some(1));
        let handled = Settlement::Handled { sends: Vec::new() };
        assert!(store.settle(id, 1, handled).await.unwrap());
    }
    assert_eq!(store.stats().await.unwrap().handled, 15);
    store.close().await;
}
