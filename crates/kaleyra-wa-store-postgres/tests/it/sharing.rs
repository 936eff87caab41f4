//! Several processes on one store, here as stores of their own in one process.

use kaleyra_wa_store::StoreErrorKind;
use kaleyra_wa_store::inbox::{EventId, InboxStore, Settlement};
use kaleyra_wa_store::outbox::{Hold, OutboxStore, Takeoff};
use kaleyra_wa_store_postgres::tokio_postgres::{self, NoTls};
use kaleyra_wa_store_postgres::{PostgresOptions, PostgresStore};

use crate::sample::{SENDER, keep, send, until};
use crate::server::Server;

/// A store that handles events.
async fn worker(server: &Server) -> PostgresStore {
    let store = PostgresStore::connect(&server.url()).await.unwrap();
    store.begin_handling().await.unwrap();
    store
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_handles_nothing_has_no_share() {
    let Some(server) = Server::start() else {
        return;
    };
    let open = async || PostgresStore::connect(&server.url()).await.unwrap();
    let (reader, first, second) = (open().await, open().await, open().await);
    let id = keep(&reader, "1").await;
    first.begin_handling().await.unwrap();
    first.recover(5).await.unwrap();
    assert_eq!((reader.share(), first.share()), (0, 256));
    assert_eq!(reader.take(id).await.unwrap(), None);
    assert_eq!(first.take(id).await.unwrap(), Some(1));

    // Its handlers end while the store is in use: another one begins with all of it, and does again what was not done.
    first.end_handling().await.unwrap();
    second.begin_handling().await.unwrap();
    second.recover(5).await.unwrap();
    until("the other has all", async || second.share() == 256).await;
    assert_eq!((reader.share(), first.share()), (0, 0));
    let handled = || Settlement::Handled { sends: Vec::new() };
    assert!(!first.settle(id, 1, handled()).await.unwrap());
    assert_eq!(second.take(id).await.unwrap(), Some(2));
    assert!(second.settle(id, 2, handled()).await.unwrap());

    // And it may begin anew.
    second.end_handling().await.unwrap();
    first.begin_handling().await.unwrap();
    until("it has all again", async || first.share() == 256).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_is_left_by_who_sends_nothing_more() {
    let Some(server) = Server::start() else {
        return;
    };
    let a = PostgresStore::connect(&server.url()).await.unwrap();
    let b = PostgresStore::connect(&server.url()).await.unwrap();
    a.enqueue_all(vec![send("a", "1"), send("b", "2")])
        .await
        .unwrap();
    assert_eq!(
        a.fly(Takeoff::new(SENDER, 1)).await.unwrap().flights.len(),
        1
    );
    // What it does not know of is no reason to wait.
    b.end_sending(SENDER).await.unwrap();
    assert_eq!(
        b.fly(Takeoff::new(SENDER, 1)).await.unwrap().hold,
        Some(Hold::Elsewhere)
    );
    a.end_sending(SENDER).await.unwrap();
    let first = a.find_send("a").await.unwrap().unwrap();
    assert_eq!(first.state.as_str(), "uncertain");
    assert!(b.fly(Takeoff::new(SENDER, 9)).await.unwrap().has_taken_over);
    let flown = b.fly(Takeoff::new(SENDER, 9)).await.unwrap();
    assert_eq!(flown.flights.len(), 1);
    assert_eq!(flown.flights[0].reference, "b");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_is_to_be_alone_waits_for_what_a_restart_of_the_server_leaves_unclear() {
    let Some(server) = Server::start() else {
        return;
    };
    let first = PostgresStore::connect(&server.url()).await.unwrap();
    // Both end at the same moment, and the row of the first is left.
    server.kill();
    drop(first);
    server.run();
    let url = server.url();
    let store = PostgresOptions::new(&url).alone().open().await.unwrap();
    let second = PostgresOptions::new(&url).alone().open().await.unwrap_err();
    assert_eq!(second.kind(), StoreErrorKind::Owned);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_have_equal_shares_and_take_over_those_of_who_is_gone() {
    let Some(server) = Server::start() else {
        return;
    };
    let a = worker(&server).await;
    assert_eq!(a.share(), 256);
    a.load(EventId::default(), 10).await.unwrap();
    let url = server.url();
    let receiver = PostgresOptions::new(&url)
        .receive_only()
        .open()
        .await
        .unwrap();
    let (b, c) = (worker(&server).await, worker(&server).await);
    until("equal shares", async || {
        let shares = [a.share(), b.share(), c.share()];
        shares.iter().sum::<usize>() == 256 && shares.iter().all(|share| *share <= 86)
    })
    .await;
    assert_eq!(receiver.share(), 0);

    // Whoever kept it, each event is one worker's to take.
    for number in 0..30 {
        let id = keep(&receiver, &format!("conversation {number}")).await;
        let mut taken = 0;
        for store in [&a, &b, &c, &receiver] {
            taken += usize::from(store.take(id).await.unwrap().is_some());
        }
        assert_eq!(taken, 1);
    }
    // One in good order, and one as at a crash.
    c.close().await;
    drop(b);
    until("all is taken over", async || a.share() == 256).await;
    assert_eq!(a.losses(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_others_keep_is_told_to_whose_it_is() {
    let Some(server) = Server::start() else {
        return;
    };
    let url = server.url();
    let worker = worker(&server).await;
    worker.load(EventId::default(), 10).await.unwrap();
    let receiver = PostgresOptions::new(&url)
        .receive_only()
        .open()
        .await
        .unwrap();
    let mut moved = worker.watch();
    moved.mark_unchanged();
    let first = keep(&receiver, "1").await;
    let second = keep(&receiver, "2").await;
    let mut seen = Vec::new();
    while seen.len() < 2 {
        moved.changed().await.unwrap();
        let page = worker.load_requeued(EventId::default(), 10).await.unwrap();
        assert!(page.is_last);
        seen.extend(
            page.deliveries
                .iter()
                .flat_map(|it| &it.events)
                .map(|it| it.id),
        );
    }
    assert_eq!(seen, [first, second]);
    let page = worker.load_requeued(EventId::default(), 10).await.unwrap();
    assert!(page.deliveries.is_empty(), "it is told once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_process_sends_for_a_number() {
    let Some(server) = Server::start() else {
        return;
    };
    let a = PostgresStore::connect(&server.url()).await.unwrap();
    let b = PostgresStore::connect(&server.url()).await.unwrap();
    b.enqueue_all(vec![send("a", "1"), send("b", "2")])
        .await
        .unwrap();
    let flown = a.fly(Takeoff::new(SENDER, 1)).await.unwrap();
    assert_eq!(flown.flights.len(), 1);
    let refused = b.fly(Takeoff::new(SENDER, 1)).await.unwrap();
    assert!(refused.flights.is_empty());
    assert_eq!(refused.hold, Some(Hold::Elsewhere));
    drop(a);
    let mut flown = refused;
    until("another may send", async || {
        flown = b.fly(Takeoff::new(SENDER, 9)).await.unwrap();
        flown.hold.is_none()
    })
    .await;
    // First it has to learn what was sent meanwhile, and counts for its limits.
    assert!(flown.has_taken_over);
    assert!(flown.flights.is_empty());
    let flown = b.fly(Takeoff::new(SENDER, 9)).await.unwrap();
    assert!(!flown.has_taken_over);
    // What was in flight is in doubt, and is not sent again.
    assert_eq!(flown.flights.len(), 1);
    assert_eq!(flown.flights[0].reference, "b");
    let doubtful = b.find_send("a").await.unwrap().unwrap();
    assert_eq!(doubtful.state.as_str(), "uncertain");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_postgres_can_not_hold_is_kept_all_the_same() {
    let Some(server) = Server::start() else {
        return;
    };
    let store = worker(&server).await;
    // JSON has zero bytes in strings, and Postgres has none.
    let id = keep(&store, "a\0b").await;
    assert_eq!(store.take(id).await.unwrap(), Some(1));
    let failure = "bad\0luck".to_owned();
    assert!(
        store
            .settle(id, 1, Settlement::Dead { failure })
            .await
            .unwrap()
    );
    let record = store.event(id).await.unwrap().unwrap();
    assert_eq!(record.failure.as_deref(), Some("bad\u{FFFD}luck"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_ours_is_not_touched() {
    let Some(server) = Server::start() else {
        return;
    };
    let (client, connection) = tokio_postgres::connect(&server.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    let sql = "CREATE SCHEMA other; CREATE TABLE other.meta(name TEXT, value TEXT);
               CREATE SCHEMA another; CREATE TABLE another.things(id INT)";
    client.batch_execute(sql).await.unwrap();
    let open = async |schema: &str| {
        let url = server.url();
        PostgresOptions::new(&url)
            .schema(schema)
            .open()
            .await
            .unwrap_err()
            .kind()
    };
    assert_eq!(open("other").await, StoreErrorKind::NotAStore);
    assert_eq!(open("another").await, StoreErrorKind::NotAStore);

    let store = PostgresStore::connect(&server.url()).await.unwrap();
    let url = server.url();
    let second = PostgresOptions::new(&url).alone().open().await.unwrap_err();
    assert_eq!(second.kind(), StoreErrorKind::Owned);
    store.close().await;
    client
        .batch_execute("UPDATE kwa.meta SET value = '99' WHERE name = 'version'")
        .await
        .unwrap();
    assert_eq!(open("kwa").await, StoreErrorKind::NewerVersion);
}
