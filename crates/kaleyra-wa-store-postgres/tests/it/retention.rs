//! What is old goes, as fast as it comes.

use std::time::{Duration, Instant};

use kaleyra_wa_store::Retention;
use kaleyra_wa_store::inbox::InboxStore;
use kaleyra_wa_store_postgres::tokio_postgres::{self, NoTls};
use kaleyra_wa_store_postgres::{PostgresOptions, PostgresStore};

use crate::sample::until;
use crate::server::Server;

/// So many events, each with a body of 1 kB.
const EVENTS: u64 = 30_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_old_goes_faster_than_anything_can_come() {
    let Some(server) = Server::start() else {
        return;
    };
    PostgresStore::connect(&server.url())
        .await
        .unwrap()
        .close()
        .await;
    let (client, connection) = tokio_postgres::connect(&server.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    let sql = format!(
        "INSERT INTO kwa.delivery(id, received_at, raw) SELECT n, 1, convert_to(repeat('x', 1000), 'UTF8') FROM generate_series(1, {EVENTS}) n;
         INSERT INTO kwa.event(id, delivery, nth, key, conversation, shard, kind, state, attempt, settled_at)
         SELECT n, n, 0, sha256(n::text::bytea), 'c' || n % 1000, n % 256, 'message', 8, 1, 1 FROM generate_series(1, {EVENTS}) n;
         SELECT setval('kwa.event_id', {EVENTS})"
    );
    client.batch_execute(&sql).await.unwrap();
    let mut retention = Retention::default();
    retention.handled = Duration::from_secs(60);
    retention.bodies = Duration::from_secs(60);
    let url = server.url();
    let begun = Instant::now();
    let store = PostgresOptions::new(&url)
        .retention(retention)
        .open()
        .await
        .unwrap();
    until("all that is old is gone", async || {
        let stats = store.stats().await.unwrap();
        stats.handled == 0 && stats.deliveries == 0
    })
    .await;
    let took = begun.elapsed();
    println!("{EVENTS} events pruned in {took:?}");
    // The first look comes at once; at 50 events a second it would be ten minutes.
    assert!(took < Duration::from_secs(120), "{took:?}");
}
