//! What is known after the server was killed.

use kaleyra_wa_store::inbox::{EventId, EventQuery, EventState, InboxStore, Settlement};
use kaleyra_wa_store_nats::{Durability, NatsOptions};

use crate::sample::{delivery, ids, keep, until};
use crate::server::Server;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn duplicates_are_known_after_the_server_was_killed_however_long_ago_they_came() {
    let Some(server) = Server::start() else {
        return;
    };
    let store = NatsOptions::new(server.url()).open().await.unwrap();
    assert_eq!(store.durability(), Durability::Process);
    assert!(!store.durability().survives_power_cuts());
    let first = keep(&store, "1", "a").await.unwrap().events[0].1;
    let second = keep(&store, "1", "b").await.unwrap().events[0].1;
    assert_eq!(store.take(first).await.unwrap(), Some(1));
    let handled = Settlement::Handled { sends: Vec::new() };
    assert!(store.settle(first, 1, handled).await.unwrap());
    // The server's own window for duplicates is over by now: it is a tenth of a second.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    server.kill();
    server.run();
    until("the server responds", async || store.stats().await.is_ok()).await;
    for key in ["a", "b"] {
        let again = keep(&store, "1", key).await.unwrap();
        assert_eq!((again.events.len(), again.duplicates), (0, 1));
    }
    let page = store.load(EventId::default(), 10).await.unwrap();
    assert_eq!(ids(&page), [second]);
    // The connection was lost for a moment, and nothing else.
    assert_eq!(store.take(second).await.unwrap(), Some(1));
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_that_is_larger_than_a_message_or_a_batch_may_be_is_kept_whole() {
    let Some(server) = Server::start() else {
        return;
    };
    let store = NatsOptions::new(server.url()).open().await.unwrap();
    let body: Vec<u8> = (0..3_000_000u32).map(|it| (it % 251) as u8).collect();
    let keys: Vec<String> = (0..2_000).map(|it| format!("k{it}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let large = delivery("1", &keys, body.clone());
    let kept = store.keep(large.clone(), Box::new(|_| ())).await.unwrap();
    assert_eq!((kept.events.len(), kept.duplicates), (2_000, 0));
    let again = store.keep(large, Box::new(|_| ())).await.unwrap();
    assert_eq!((again.events.len(), again.duplicates), (0, 2_000));
    for nth in [0, 1_999] {
        let record = store.event(kept.events[nth].1).await.unwrap().unwrap();
        assert_eq!(
            (record.nth as usize, record.state),
            (nth, EventState::Waiting)
        );
        assert!(record.raw.unwrap() == body);
    }
    until("the inbox is told", async || {
        let (mut after, mut seen) = (EventId::default(), 0);
        loop {
            let page = store.load(after, 500).await.unwrap();
            let ids = ids(&page);
            seen += ids.len();
            after = ids.last().copied().unwrap_or(after);
            if page.is_last {
                return seen == 2_000;
            }
        }
    })
    .await;
    let query = EventQuery::new().with_bodies().limit(10);
    let records = store.events(query).await.unwrap();
    assert_eq!(records.len(), 10);
    store.close().await;
}
