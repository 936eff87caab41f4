//! How often the server is asked, which is what the time of a store on another machine is made of.

use std::sync::atomic::Ordering;

use kaleyra_wa_store::inbox::InboxStore;
use kaleyra_wa_store::outbox::{Landing, OutboxStore, SendState, Takeoff};
use kaleyra_wa_store::tracking::Facts;
use kaleyra_wa_store::{Change, Moment};
use kaleyra_wa_store_postgres::{PostgresOptions, PostgresStore};
use kaleyra_wa_types::inbound::{Callback, Stage};

use crate::proxy::Proxy;
use crate::sample::{SENDER, delivery, send};
use crate::server::Server;

async fn counted(server: &Server) -> (Proxy, PostgresStore) {
    let proxy = Proxy::start(server.port()).await;
    let store = PostgresOptions::new(&server.url_at(proxy.port));
    let store = store.receive_only().open().await.unwrap();
    (proxy, store)
}

/// What callbacks say of these messages, in this order.
fn facts(stages: &[(String, &str)]) -> Facts {
    let mut all = Facts::default();
    for (reference, stage) in stages {
        let body = format!(
            r#"{{"meta_object": {{"field": "messages", "value": {{"statuses": [
                {{"id": "wamid.{reference}", "status": "{stage}", "timestamp": "1722863329", "recipient_id": "919800000001"}}]}}}},
              "extra_info": {{"ref": "{reference}"}}}}"#
        );
        let callback = Callback::from_slice(body.as_bytes()).unwrap();
        let facts = Facts::of(&callback, Moment::from_millis(1_722_863_330_000));
        all.messages.extend(facts.messages);
        all.windows.extend(facts.windows);
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_of_callbacks_takes_few_statements() {
    const MESSAGES: usize = 100;
    let Some(server) = Server::start() else {
        return;
    };
    let (proxy, store) = counted(&server).await;
    let reference = |nth: usize| format!("message-{nth:03}");
    let sends = (0..MESSAGES).map(|nth| send(&reference(nth), &format!("{nth}")));
    store.enqueue_all(sends.collect()).await.unwrap();
    let flown = store.fly(Takeoff::new(SENDER, MESSAGES)).await.unwrap();
    assert_eq!(flown.flights.len(), MESSAGES);
    for flight in flown.flights {
        let landing = Landing::Accepted {
            http: Some(202),
            message_id: None,
        };
        store.land(flight.id, 1, landing).await.unwrap();
    }
    let stages = ["sent", "delivered", "read"];
    let told: Vec<_> = (0..MESSAGES)
        .flat_map(|nth| stages.map(|stage| (reference(nth), stage)))
        .collect();
    let mut delivery = delivery("1");
    delivery.facts = facts(&told);
    let mut changes = store.changes();
    let before = proxy.told.load(Ordering::SeqCst);
    store.keep(delivery, Box::new(|_| ())).await.unwrap();
    let trips = proxy.told.load(Ordering::SeqCst) - before;
    assert!(trips < MESSAGES, "{trips} for {} facts", told.len());
    // Each is told of, and in the order of what happened to a message.
    let mut seen = Vec::new();
    while seen.len() < 3 * MESSAGES {
        let change = changes.next().await.unwrap();
        if let Change::Message {
            reference, stage, ..
        } = change
        {
            seen.push((reference, stage));
        }
    }
    for nth in 0..MESSAGES {
        let of = seen.iter().filter(|(name, _)| *name == reference(nth));
        let of: Vec<Stage> = of.map(|(_, stage)| *stage).collect();
        assert_eq!(of, [Stage::Sent, Stage::Delivered, Stage::Read]);
        let record = store.message(&reference(nth)).await.unwrap().unwrap();
        assert_eq!(record.reached, Some(Stage::Read));
        assert_eq!(record.ids, [format!("status.id wamid.{}", reference(nth))]);
        assert!(record.sent_at.is_some() && record.delivered_at.is_some());
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_for_its_turn_costs_a_look_nothing() {
    const WAITING: usize = 1_500;
    let Some(server) = Server::start() else {
        return;
    };
    let (proxy, store) = counted(&server).await;
    let sends = (0..WAITING).map(|nth| send(&format!("{nth}"), &format!("{}", nth % 3)));
    store.enqueue_all(sends.collect()).await.unwrap();
    // In their order, one of each conversation at a time.
    for look in 0..3 {
        let before = proxy.told.load(Ordering::SeqCst);
        let flown = store.fly(Takeoff::new(SENDER, 16)).await.unwrap();
        let trips = proxy.told.load(Ordering::SeqCst) - before;
        assert!(trips < 100, "{trips} for a look at {WAITING}");
        let flying: Vec<_> = flown.flights.iter().map(|it| &*it.reference).collect();
        let expected: Vec<_> = (0..3).map(|nth| format!("{}", look * 3 + nth)).collect();
        assert_eq!(flying, expected);
        for flight in &flown.flights {
            let landing = Landing::Accepted {
                http: Some(202),
                message_id: None,
            };
            assert!(store.land(flight.id, 1, landing).await.unwrap());
        }
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_has_its_turn_where_the_one_before_was_passed_over() {
    let Some(server) = Server::start() else {
        return;
    };
    let (_proxy, store) = counted(&server).await;
    let mut sends: Vec<_> = (0..4).map(|nth| send(&format!("{nth}"), "1")).collect();
    for late in &mut sends[..2] {
        late.expires_at = Some(Moment::from_millis(1));
    }
    store.enqueue_all(sends).await.unwrap();
    let flown = store.fly(Takeoff::new(SENDER, 16)).await.unwrap();
    let flying: Vec<_> = flown.flights.iter().map(|it| &*it.reference).collect();
    assert_eq!((flown.passed, flying), (2, vec!["2"]), "one at a time");
    let expired = store.find_send("1").await.unwrap().unwrap();
    assert_eq!(expired.state, SendState::Expired);
    store.close().await;
}
