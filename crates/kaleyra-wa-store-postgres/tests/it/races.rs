//! Transactions that meet: each is held in its midst by the test.

use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_store::inbox::InboxStore;
use kaleyra_wa_store::outbox::{Follows, OutboxStore, SendState, Takeoff};
use kaleyra_wa_store::tracking::Facts;
use kaleyra_wa_store::{Change, Moment};
use kaleyra_wa_store_postgres::tokio_postgres::{self, Client, NoTls};
use kaleyra_wa_store_postgres::{PostgresOptions, PostgresStore};
use kaleyra_wa_types::inbound::{Callback, Stage};
use tokio::time::sleep;

use crate::sample::{SENDER, delivery, send};
use crate::server::Server;

async fn client(server: &Server) -> Client {
    let (client, connection) = tokio_postgres::connect(&server.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Waits until somebody waits for a lock.
async fn somebody_waits(server: &Server) {
    let client = client(server).await;
    for _ in 0..1_000 {
        let waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
        if !client.query(waiting, &[]).await.unwrap().is_empty() {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("nobody waits for a lock");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_that_is_queued_while_the_first_lands_is_let_go() {
    let Some(server) = Server::start() else {
        return;
    };
    let store = PostgresStore::connect(&server.url()).await.unwrap();
    store.enqueue(send("first", "1")).await.unwrap();
    let flown = store.fly(Takeoff::new(SENDER, 9)).await.unwrap();
    assert_eq!(flown.flights.len(), 1);
    // It lands, in a transaction that looks for followers, finds none, and is not committed yet.
    let landing = client(&server).await;
    landing
        .batch_execute("BEGIN; UPDATE kwa.send SET state = 8")
        .await
        .unwrap();
    let mut follower = send("second", "1");
    follower.follows = Some(Follows::new("first", Stage::Accepted));
    let queueing = tokio::spawn({
        let store = store.clone();
        async move { store.enqueue(follower).await }
    });
    somebody_waits(&server).await;
    landing.batch_execute("COMMIT").await.unwrap();
    queueing.await.unwrap().unwrap();
    let flown = store.fly(Takeoff::new(SENDER, 9)).await.unwrap();
    let flown: Vec<_> = flown.flights.iter().map(|it| &it.reference[..]).collect();
    assert_eq!(flown, ["second"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_cancelled_while_it_would_expire_is_not_told_of_as_expired() {
    let Some(server) = Server::start() else {
        return;
    };
    let store = PostgresStore::connect(&server.url()).await.unwrap();
    let mut late = send("late", "1");
    late.expires_at = Some(Moment::from_millis(1));
    store.enqueue(late).await.unwrap();
    let mut changes = store.changes();
    let cancelling = client(&server).await;
    let sql = "BEGIN; UPDATE kwa.send SET state = 12";
    cancelling.batch_execute(sql).await.unwrap();
    let flying = tokio::spawn({
        let store = store.clone();
        async move { store.fly(Takeoff::new(SENDER, 9)).await }
    });
    somebody_waits(&server).await;
    cancelling.batch_execute("COMMIT").await.unwrap();
    let flown = flying.await.unwrap().unwrap();
    assert_eq!((flown.passed, flown.flights.len()), (0, 0));
    let state = store.find_send("late").await.unwrap().unwrap().state;
    assert_eq!(state, SendState::Cancelled);
    let told = tokio::time::timeout(Duration::from_millis(100), changes.next()).await;
    assert!(
        !matches!(told, Ok(Some(Change::Send { .. }))),
        "nothing was told of it"
    );
}

/// That a message was delivered.
fn facts(number: usize) -> Facts {
    let body = format!(
        r#"{{"meta_object":{{"field":"messages","value":{{"statuses":[{{"id":"wamid.{number}","status":"delivered",
            "timestamp":"1722863329","recipient_id":"919800000001"}}]}}}},"extra_info":{{"ref":"reference {number}"}}}}"#
    );
    let callback = Callback::from_slice(body.as_bytes()).unwrap();
    Facts::of(&callback, Moment::from_millis(1_722_863_329_000))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn receivers_that_note_the_same_facts_in_different_orders_lose_none() {
    let Some(server) = Server::start() else {
        return;
    };
    let url = server.url();
    let open = async || {
        let options = PostgresOptions::new(&url).receive_only();
        Arc::new(options.open().await.unwrap())
    };
    let receivers = [open().await, open().await, open().await];
    const FACTS: usize = 40;
    let mut keeping = tokio::task::JoinSet::new();
    for (nth, store) in receivers.iter().enumerate() {
        let store = Arc::clone(store);
        keeping.spawn(async move {
            for round in 0..15 {
                // Many wait at once, and so are in one batch: in an order of their own.
                let mut batch = tokio::task::JoinSet::new();
                for step in 0..FACTS {
                    let number = (step * (2 * nth + 3) + round) % FACTS;
                    let mut delivery = delivery(&format!("{nth}"));
                    delivery.facts = facts(number);
                    let store = Arc::clone(&store);
                    batch.spawn(async move { store.keep(delivery, Box::new(|_| ())).await });
                }
                for kept in batch.join_all().await {
                    kept.unwrap();
                }
            }
        });
    }
    keeping.join_all().await;
    let kept = receivers[0].stats().await.unwrap();
    assert_eq!(kept.waiting, 3 * 15 * FACTS as u64);
}
