//! Responses that are lost after the server did what it was asked for.

use std::collections::BTreeSet;
use std::time::Duration;

use kaleyra_wa_store::inbox::{EventId, EventState, Fingerprint, InboxStore, Settlement};
use kaleyra_wa_store::outbox::{Landing, OutboxStore, SendState, Takeoff};
use kaleyra_wa_store_postgres::{PostgresOptions, PostgresStore};

use crate::proxy::{Network, Proxy};
use crate::sample::{SENDER, delivery, keep, send, until};
use crate::server::Server;

/// A server, and a store that reaches it over a network that can lose things.
async fn far(server: &Server) -> (Proxy, PostgresStore) {
    let proxy = Proxy::start(server.port()).await;
    let options = PostgresOptions::new(&server.url_at(proxy.port));
    // Its tables are made without haste.
    let url = server.url();
    PostgresStore::connect(&url).await.unwrap().close().await;
    let options = options.timeout(Duration::from_secs(6));
    let store = options.open().await.unwrap();
    store.begin_handling().await.unwrap();
    store.recover(5).await.unwrap();
    store.load(EventId::default(), 10).await.unwrap();
    // Its statements are prepared, so that what is lost is a response to them.
    let id = keep(&store, "0").await;
    assert_eq!(store.take(id).await.unwrap(), Some(1));
    let handled = Settlement::Handled { sends: Vec::new() };
    assert!(store.settle(id, 1, handled).await.unwrap());
    (proxy, store)
}

/// Waits until the store tells of this event as one that became ours to handle.
async fn told_of(store: &PostgresStore, wanted: EventId) {
    let mut told = BTreeSet::new();
    until("it is told of", async || {
        if let Ok(page) = store.load_requeued(EventId::default(), 10).await {
            let events = page.deliveries.iter().flat_map(|it| &it.events);
            told.extend(events.map(|event| event.id));
        }
        told.contains(&wanted)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attempt_whose_beginning_was_noted_unheard_is_made() {
    let Some(server) = Server::start() else {
        return;
    };
    let (proxy, store) = far(&server).await;
    let id = keep(&store, "1").await;
    proxy.set(Network::Deaf);
    assert!(store.take(id).await.is_err());
    proxy.set(Network::Whole);
    // It is this process's still, and it is the first attempt.
    let mut taken = None;
    until("the server is heard again", async || {
        taken = store.take(id).await.ok();
        taken.is_some()
    })
    .await;
    assert_eq!(taken, Some(Some(1)));
    assert_eq!(store.take(id).await.unwrap(), None, "it is in hand");
    let handled = Settlement::Handled { sends: Vec::new() };
    assert!(store.settle(id, 1, handled).await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attempt_that_nobody_makes_is_put_back() {
    let Some(server) = Server::start() else {
        return;
    };
    let (proxy, store) = far(&server).await;
    let id = keep(&store, "1").await;
    proxy.set(Network::Deaf);
    assert!(store.take(id).await.is_err());
    proxy.set(Network::Whole);
    told_of(&store, id).await;
    let record = store.event(id).await.unwrap().unwrap();
    assert_eq!((record.state, record.attempt), (EventState::Waiting, 0));
    assert_eq!(store.take(id).await.unwrap(), Some(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outcome_that_was_noted_unheard_is_noted_once() {
    let Some(server) = Server::start() else {
        return;
    };
    let (proxy, store) = far(&server).await;
    let id = keep(&store, "1").await;
    assert_eq!(store.take(id).await.unwrap(), Some(1));
    proxy.set(Network::DeafToCommits);
    let handled = || Settlement::Handled {
        sends: vec![send("reply", "1")],
    };
    assert!(store.settle(id, 1, handled()).await.is_err());
    proxy.set(Network::Whole);
    let mut settled = None;
    until("the server is heard again", async || {
        settled = store.settle(id, 1, handled()).await.ok();
        settled.is_some()
    })
    .await;
    assert_eq!(settled, Some(true), "it was settled by this attempt");
    assert!(!store.settle(id, 1, handled()).await.unwrap(), "and once");
    let stats = store.outbox_stats().await.unwrap();
    assert_eq!(stats.count(SendState::Queued), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_took_off_unheard_is_queued_again() {
    let Some(server) = Server::start() else {
        return;
    };
    let (proxy, store) = far(&server).await;
    // The second has to wait for the first.
    let sends = vec![send("a", "1"), send("b", "1")];
    store.enqueue_all(sends).await.unwrap();
    proxy.set(Network::DeafToCommits);
    assert!(store.fly(Takeoff::new(SENDER, 9)).await.is_err());
    proxy.set(Network::Whole);
    for name in ["a", "b"] {
        let mut flown = Vec::new();
        until("the server is heard again", async || {
            if let Ok(found) = store.fly(Takeoff::new(SENDER, 9)).await {
                flown = found.flights;
            }
            !flown.is_empty()
        })
        .await;
        assert_eq!(flown.len(), 1);
        assert_eq!((flown[0].reference.as_str(), flown[0].attempt), (name, 1));
        let landing = Landing::Accepted {
            http: Some(202),
            message_id: None,
        };
        assert!(store.land(flown[0].id, 1, landing).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_kept_unheard_is_handled_before_what_comes_after_it() {
    let Some(server) = Server::start() else {
        return;
    };
    let (proxy, store) = far(&server).await;
    let first = || {
        let mut delivery = delivery("1");
        delivery.events[0].fingerprint = Some(Fingerprint::from_bytes([7; 16]));
        delivery
    };
    proxy.set(Network::DeafToCommits);
    assert!(store.keep(first(), Box::new(|_| ())).await.is_err());
    proxy.set(Network::Whole);
    // It is sent again, and is there already; then comes the next of its conversation.
    let mut again = None;
    until("the server is heard again", async || {
        again = store.keep(first(), Box::new(|_| ())).await.ok();
        again.is_some()
    })
    .await;
    assert_eq!(again.unwrap().duplicates, 1);
    let here = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let told = std::sync::Arc::clone(&here);
    let on_kept = move |kept: &kaleyra_wa_store::inbox::Kept| {
        told.lock()
            .unwrap()
            .extend(kept.events.iter().map(|it| it.1));
    };
    let second = store.keep(delivery("1"), Box::new(on_kept)).await.unwrap();
    let second = second.events[0].1;
    let mut told = here.lock().unwrap().clone();
    until("both are told of", async || {
        if let Ok(page) = store.load_requeued(EventId::default(), 10).await {
            let events = page.deliveries.iter().flat_map(|it| &it.events);
            told.extend(events.map(|event| event.id));
        }
        told.contains(&second)
    })
    .await;
    assert!(told[0] < second, "the first is told of first: {told:?}");
}
