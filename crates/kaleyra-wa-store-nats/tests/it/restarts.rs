//! What is known after the server was killed.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use kaleyra_wa_store::StoreErrorKind;
use kaleyra_wa_store::inbox::{EventId, EventQuery, EventState, InboxStore, Settlement};
use kaleyra_wa_store_nats::{Durability, NatsOptions};

use crate::sample::{Folder, delivery, ids, keep, until};
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
    tokio::time::sleep(Duration::from_millis(300)).await;
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

/// Where a message may be small, a body takes many, and fewer events fit beside it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_of_many_small_messages_is_kept_whole_or_refused() {
    let Some(server) = Server::configured(|_| "max_payload: 65536".to_owned()) else {
        return;
    };
    let store = NatsOptions::new(server.url()).open().await.unwrap();
    let body: Vec<u8> = (0..8_000_000u32).map(|it| (it % 251) as u8).collect();
    let keys: Vec<String> = (0..900).map(|it| format!("k{it}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let large = delivery("1", &keys, body.clone());
    let kept = store.keep(large, Box::new(|_| ())).await.unwrap();
    assert_eq!((kept.events.len(), kept.duplicates), (900, 0));
    let record = store.event(kept.events[899].1).await.unwrap().unwrap();
    assert!(record.raw.unwrap() == body);
    let too_large = delivery("1", &["new"], vec![b' '; 1_000 * 65_536]);
    let error = store.keep(too_large, Box::new(|_| ())).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Invalid);
    assert!(error.to_string().contains("raise max_payload"), "{error}");
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_does_not_wait_long_for_a_server_that_is_gone() {
    let Some(server) = Server::start() else {
        return;
    };
    let options = NatsOptions::new(server.url()).timeout(Duration::from_secs(1));
    let store = options.open().await.unwrap();
    assert_eq!(store.share(), 64);
    server.kill();
    let begun = Instant::now();
    store.close().await;
    // A second for each of its partitions would be more than a minute.
    assert!(
        begun.elapsed() < Duration::from_secs(40),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(
        keep(&store, "1", "a").await.unwrap_err().kind(),
        StoreErrorKind::Closed
    );
}

fn copy(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    let copied = Command::new("cp")
        .arg("-r")
        .args([from, to])
        .status()
        .unwrap();
    assert!(copied.success());
}

/// What a power cut leaves of a server that did not sync: an earlier stream of events, and outcomes of later ones.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_lost_what_it_had_acknowledged_is_noticed() {
    let Some(server) = Server::start() else {
        return;
    };
    let options = || NatsOptions::new(server.url());
    let store = options().open().await.unwrap();
    let first = keep(&store, "1", "a").await.unwrap().events[0].1;
    server.kill();
    let stream = server.stream("KWA_inbox");
    let folder = Folder::new();
    let saved = folder.path().join("stream");
    copy(&stream, &saved);
    server.run();
    until("it responds", async || store.stats().await.is_ok()).await;
    let second = keep(&store, "2", "b").await.unwrap().events[0].1;
    assert_eq!(store.take(second).await.unwrap(), Some(1));
    let handled = || Settlement::Handled { sends: Vec::new() };
    assert!(store.settle(second, 1, handled()).await.unwrap());
    server.kill();
    copy(&saved, &stream);
    server.run();

    // Its number is given again, and what is in memory is about the other.
    let mut failure = None;
    until("it is noticed", async || {
        let error = keep(&store, "2", "c").await.unwrap_err();
        let is_noticed = error.kind() == StoreErrorKind::Corrupt;
        failure = Some(error);
        is_noticed
    })
    .await;
    let error = failure.unwrap().to_string();
    assert!(error.contains("start this process again"), "{error}");
    assert!(store.take(first).await.is_err());
    drop(store);

    let store = options().open().await.unwrap();
    let page = store.load(EventId::default(), 10).await.unwrap();
    assert_eq!(ids(&page), [first, second]);
    let record = store.event(second).await.unwrap().unwrap();
    assert_eq!(record.state, EventState::Waiting);
    assert_eq!(store.take(second).await.unwrap(), Some(1));
    assert!(store.settle(second, 1, handled()).await.unwrap());
    assert_eq!(store.live().await.unwrap(), 1);
    store.close().await;
}
