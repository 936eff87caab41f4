//! What is old is deleted, however much of it there is.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use kaleyra_wa_store::inbox::{EventId, InboxStore, Settlement};
use kaleyra_wa_store::{ManualClock, Moment, Retention};
use kaleyra_wa_store_nats::{NatsOptions, NatsStore, async_nats};

use crate::sample::{delivery, keep, until};
use crate::server::Server;

const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

async fn handle(store: &NatsStore, ids: &[EventId]) {
    let handled = ids.iter().map(async |id| {
        assert_eq!(store.take(*id).await.unwrap(), Some(1));
        let handled = Settlement::Handled { sends: Vec::new() };
        assert!(store.settle(*id, 1, handled).await.unwrap());
    });
    join_all(handled).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_old_is_deleted_by_itself_however_much_it_is() {
    let Some(server) = Server::start() else {
        return;
    };
    let clock = Arc::new(ManualClock::new(Moment::from_millis(1_722_863_329_000)));
    let store = NatsOptions::new(server.url())
        .clock(Arc::clone(&clock))
        .lease(Duration::from_secs(6))
        .open()
        .await
        .unwrap();
    let mut ids = Vec::new();
    for batch in 0..4 {
        // Two events share a body each.
        let keeps = (0..200).map(|nth| {
            let keys = [format!("{batch}-{nth}a"), format!("{batch}-{nth}b")];
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            let new = delivery(&format!("{batch}-{nth}"), &keys, b"{}".to_vec());
            store.keep(new, Box::new(|_| ()))
        });
        for kept in join_all(keeps).await {
            ids.extend(kept.unwrap().events.iter().map(|(_, id)| *id));
        }
    }
    assert_eq!(ids.len(), 1_600);
    // The second of a conversation after the first.
    for nth in [0, 1] {
        let every_other: Vec<EventId> = ids.iter().skip(nth).step_by(2).copied().collect();
        handle(&store, &every_other).await;
    }
    let again = keep(&store, "0-0", "0-0a").await.unwrap();
    assert_eq!(again.duplicates, 1);
    // Nothing is old enough, and one waits.
    let waits = keep(&store, "another", "waits").await.unwrap().events[0].1;
    let pruned = store.prune(Retention::default(), 10).await.unwrap();
    assert_eq!((pruned.events, pruned.is_done), (0, true));
    let before = store.stats().await.unwrap();
    assert_eq!((before.handled, before.deliveries), (1_600, 2_401));

    clock.advance(WEEK + Duration::from_secs(1));
    // What is asked for is no more than the limit.
    let pruned = store.prune(Retention::default(), 10).await.unwrap();
    assert_eq!((pruned.events, pruned.is_done), (10, false));
    until("all that is old is gone", async || {
        let stats = store.stats().await.unwrap();
        stats.handled == 0 && stats.deliveries == 1
    })
    .await;
    assert_eq!(store.take(waits).await.unwrap(), Some(1));
    // It is not known any more.
    let again = keep(&store, "0-0", "0-0a").await.unwrap();
    assert_eq!(again.events.len(), 1);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_reads_leaves_nothing_on_the_server() {
    let Some(server) = Server::start() else {
        return;
    };
    let store = NatsStore::connect(&server.url()).await.unwrap();
    for nth in 0..50 {
        keep(&store, "1", &format!("k{nth}")).await.unwrap();
        store.stats().await.unwrap();
    }
    // By itself, a consumer goes away after half a minute.
    let begun = Instant::now();
    let client = async_nats::connect(server.url()).await.unwrap();
    let js = async_nats::jetstream::new(client);
    until("what read is gone", async || {
        let mut count = 0;
        for name in ["KWA_inbox", "KWA_inbox_STATE"] {
            let mut stream = js.get_stream(name).await.unwrap();
            count += stream.info().await.unwrap().state.consumer_count;
        }
        // One follows what others keep.
        count <= 2
    })
    .await;
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
    store.close().await;
}
