//! From one store to another, and back.

use std::collections::BTreeMap;

use kaleyra_wa_store::SqliteStore;
use kaleyra_wa_store::inbox::{
    EventId, EventQuery, EventRecord, EventState, InboxStore, MovedDelivery, Settlement,
};
use kaleyra_wa_store::tracking::Facts;
use kaleyra_wa_store_nats::async_nats::jetstream;
use kaleyra_wa_store_nats::{NatsOptions, NatsStore, async_nats};

use crate::sample::{Folder, delivery, until};
use crate::server::Server;

/// All that is kept, as it can be taken over: by delivery, which have a body of their own here.
async fn all(store: &dyn InboxStore) -> Vec<MovedDelivery> {
    let mut deliveries = BTreeMap::<_, MovedDelivery>::new();
    let query = EventQuery::new().with_bodies();
    for event in store.events(query).await.unwrap() {
        let place = event.raw.clone().unwrap_or_default();
        let delivery = deliveries.entry(place).or_insert_with(|| MovedDelivery {
            received_at: event.received_at,
            raw: event.raw.clone(),
            facts: Facts::default(),
            events: Vec::new(),
        });
        delivery.events.push(event);
    }
    let mut deliveries: Vec<MovedDelivery> = deliveries.into_values().collect();
    deliveries.sort_by_key(|it| it.events[0].id);
    deliveries
}

/// What has to be the same on each side.
fn told(events: &[EventRecord]) -> Vec<String> {
    let told = events.iter().map(|it| {
        format!(
            "{:?} {} {} {:?} {} {:?} {:?} {:?}",
            it.conversation,
            it.kind,
            it.state,
            it.failure,
            it.attempt,
            it.received_at,
            it.settled_at,
            it.raw
        )
    });
    told.collect()
}

async fn events(store: &dyn InboxStore) -> Vec<EventRecord> {
    let query = EventQuery::new().with_bodies();
    store.events(query).await.unwrap()
}

/// A file with an event in each state, and a delivery of two events.
async fn old(folder: &Folder) -> (SqliteStore, Vec<EventId>) {
    let file = SqliteStore::open(folder.path().join("old.db")).unwrap();
    let mut ids = Vec::new();
    for nth in 0..5 {
        // The last has nothing that tells its repetition.
        let key = if nth < 4 {
            format!("k{nth}")
        } else {
            String::new()
        };
        let raw = format!(r#"{{"nth": {nth}}}"#).into_bytes();
        let new = delivery(&format!("user {nth}"), &[&key], raw);
        let kept = file.keep(new, Box::new(|_| ())).await.unwrap();
        ids.push(kept.events[0].1);
    }
    let two = delivery("user 0", &["a", "b"], br#"{"two": true}"#.to_vec());
    let two = file.keep(two, Box::new(|_| ())).await.unwrap();
    ids.extend(two.events.iter().map(|(_, id)| *id));

    assert_eq!(file.take(ids[0]).await.unwrap(), Some(1));
    let handled = Settlement::Handled { sends: Vec::new() };
    assert!(file.settle(ids[0], 1, handled).await.unwrap());
    assert_eq!(file.take(ids[1]).await.unwrap(), Some(1));
    let failure = "it failed".to_owned();
    let dead = Settlement::Dead { failure };
    assert!(file.settle(ids[1], 1, dead).await.unwrap());
    assert!(file.discard(ids[2]).await.unwrap());
    // Being handled when it is exported.
    assert_eq!(file.take(ids[3]).await.unwrap(), Some(1));
    assert!(file.discard(ids[5]).await.unwrap());
    (file, ids)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_states_come_along_and_nothing_twice() {
    let Some(server) = Server::start() else {
        return;
    };
    let folder = Folder::new();
    let (file, _) = old(&folder).await;
    // A worker that is there already hears of what comes.
    let worker = NatsStore::connect(&server.url()).await.unwrap();
    worker.recover(5).await.unwrap();
    let options = NatsOptions::new(server.url()).receive_only();
    let shared = options.open().await.unwrap();
    let moved = shared.take_over(all(&file).await).await.unwrap();
    assert_eq!((moved.added, moved.waiting, moved.duplicates), (7, 3, 0));
    let again = shared.take_over(all(&file).await).await.unwrap();
    assert_eq!((again.added, again.waiting, again.duplicates), (0, 0, 7));
    let (mut old, new) = (events(&file).await, events(&shared).await);
    old[3].state = EventState::Waiting;
    assert_eq!(told(&old), told(&new));
    let stats = shared.stats().await.unwrap();
    let counts = (stats.waiting, stats.handled, stats.dead, stats.dropped);
    assert_eq!(counts, (3, 1, 1, 2));

    // What is handled is a repetition here, too; what waits is handled, and nothing else is.
    let repeated = delivery("user 0", &["k0"], b"{}".to_vec());
    let kept = shared.keep(repeated, Box::new(|_| ())).await.unwrap();
    assert_eq!(kept.duplicates, 1);
    until("the worker has heard of all", async || {
        worker.live().await.unwrap() == 3
    })
    .await;
    let mut waiting = Vec::new();
    until("the worker is told of all", async || {
        let page = worker.load(EventId::default(), 10).await.unwrap();
        let found = page.deliveries.into_iter().flat_map(|it| it.events);
        waiting = found.map(|event| event.id).collect();
        waiting.len() == 3
    })
    .await;
    waiting.sort();
    assert_eq!(waiting, [new[3].id, new[4].id, new[6].id]);
    assert_eq!(worker.take(new[3].id).await.unwrap(), Some(2));
    assert_eq!(worker.take(new[4].id).await.unwrap(), Some(1));
    assert_eq!(worker.take(new[0].id).await.unwrap(), None);
    assert!(shared.requeue(new[1].id).await.unwrap());
    until("what was put back can be taken", async || {
        worker.take(new[1].id).await.unwrap() == Some(1)
    })
    .await;

    // And back into a file.
    let back = SqliteStore::open(folder.path().join("new.db")).unwrap();
    let moved = back.take_over(all(&shared).await).await.unwrap();
    assert_eq!((moved.added, moved.waiting), (7, 4));
    let again = back.take_over(all(&shared).await).await.unwrap();
    assert_eq!((again.added, again.duplicates), (0, 7));
    worker.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_broken_off_is_not_handled_again_and_is_made_good() {
    let Some(server) = Server::start() else {
        return;
    };
    let folder = Folder::new();
    let (file, _) = old(&folder).await;
    let options = NatsOptions::new(server.url()).receive_only();
    let shared = options.open().await.unwrap();
    shared.take_over(all(&file).await).await.unwrap();
    let before = events(&shared).await;
    // As where it ended between the two streams.
    let client = async_nats::connect(server.url()).await.unwrap();
    let states = jetstream::new(client).get_stream("KWA_inbox_STATE").await;
    let states = states.unwrap();
    states.purge().filter("kwa.inbox.s.e.>").await.unwrap();
    assert_eq!(told(&events(&shared).await), told(&before));
    let worker = NatsStore::connect(&server.url()).await.unwrap();
    worker.recover(5).await.unwrap();
    assert_eq!(worker.live().await.unwrap(), 3);
    assert_eq!(worker.take(before[0].id).await.unwrap(), None);
    assert_eq!(worker.take(before[3].id).await.unwrap(), Some(2));

    let again = shared.take_over(all(&file).await).await.unwrap();
    assert_eq!((again.added, again.duplicates), (0, 7));
    let stats = shared.stats().await.unwrap();
    let counts = (stats.running, stats.handled, stats.dead, stats.dropped);
    assert_eq!(counts, (1, 1, 1, 2));
    worker.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_without_its_body_is_known_and_never_handled() {
    let Some(server) = Server::start() else {
        return;
    };
    let folder = Folder::new();
    let (file, _) = old(&folder).await;
    let mut deliveries = all(&file).await;
    for delivery in &mut deliveries {
        delivery.raw = None;
    }
    let worker = NatsStore::connect(&server.url()).await.unwrap();
    worker.recover(5).await.unwrap();
    let moved = worker.take_over(deliveries).await.unwrap();
    assert_eq!((moved.added, moved.waiting), (7, 0));
    let found = events(&worker).await;
    assert!(found.iter().all(|event| event.raw.is_none()));
    assert!(!worker.requeue(found[1].id).await.unwrap());
    let repeated = delivery("user 0", &["k0"], b"{}".to_vec());
    let kept = worker.keep(repeated, Box::new(|_| ())).await.unwrap();
    assert_eq!(kept.duplicates, 1);
    worker.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_than_a_batch_or_a_message_may_have_comes_along() {
    let Some(server) = Server::start() else {
        return;
    };
    let folder = Folder::new();
    let file = SqliteStore::open(folder.path().join("old.db")).unwrap();
    let keys: Vec<String> = (0..2_000).map(|nth| format!("k{nth}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let raw = vec![b' '; 3 * 1_024 * 1_024];
    let new = delivery("user", &keys, raw.clone());
    file.keep(new, Box::new(|_| ())).await.unwrap();
    let mut query = EventQuery::new();
    query.limit = 5_000;
    let delivery = MovedDelivery {
        received_at: None,
        raw: Some(raw.clone().into()),
        facts: Facts::default(),
        events: file.events(query).await.unwrap(),
    };
    assert_eq!(delivery.events.len(), 2_000);
    let options = NatsOptions::new(server.url()).receive_only();
    let shared = options.open().await.unwrap();
    let moved = shared.take_over(vec![delivery]).await.unwrap();
    assert_eq!((moved.added, moved.waiting), (2_000, 2_000));
    let mut query = EventQuery::new();
    query.limit = 5_000;
    let found = shared.events(query).await.unwrap();
    let nths: Vec<u32> = found.iter().map(|event| event.nth).collect();
    assert_eq!(nths, (0..2_000).collect::<Vec<u32>>());
    let last = shared.event(found[1_999].id).await.unwrap().unwrap();
    assert_eq!(last.raw.as_deref(), Some(&raw[..]));
}

/// The text of a failure and the body are in one message, unless they are too large together.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_failure_beside_a_large_body_comes_along() {
    let Some(server) = Server::start() else {
        return;
    };
    let raw = vec![b' '; 1_048_576 - 4_096];
    let mut event = EventRecord::default();
    event.id = EventId::new(1);
    event.kind = "message".to_owned();
    event.state = EventState::Dead;
    event.attempt = 5;
    event.failure = Some("\u{1}".repeat(2_000));
    let dead = MovedDelivery {
        received_at: None,
        raw: Some(raw.clone().into()),
        facts: Facts::default(),
        events: vec![event.clone()],
    };
    let shared = NatsStore::connect(&server.url()).await.unwrap();
    let moved = shared.take_over(vec![dead]).await.unwrap();
    assert_eq!((moved.added, moved.waiting), (1, 0));
    let found = events(&shared).await;
    assert_eq!(found[0].failure, event.failure);
    assert!(found[0].raw.as_deref() == Some(&raw[..]));
    shared.close().await;
}
