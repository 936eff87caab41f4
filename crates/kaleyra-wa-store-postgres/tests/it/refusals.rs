//! Databases that can't be used as they are, and what is said about them; and names that can.

use kaleyra_wa_store::inbox::{EventId, InboxStore, Retention, Settlement};
use kaleyra_wa_store::outbox::{OutboxStore, Takeoff};
use kaleyra_wa_store::{StoreError, StoreErrorKind};
use kaleyra_wa_store_postgres::tokio_postgres::{self, Client, NoTls};
use kaleyra_wa_store_postgres::{PostgresOptions, PostgresStore};

use crate::sample::{SENDER, keep, send};
use crate::server::Server;

async fn administrator(server: &Server) -> Client {
    let (client, connection) = tokio_postgres::connect(&server.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn refused(url: &str) -> StoreError {
    let opened = PostgresStore::connect(url).await;
    opened.expect_err("it is refused")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_can_t_be_used_is_refused_with_what_to_do() {
    let Some(server) = Server::start() else {
        return;
    };
    let admin = administrator(&server).await;
    admin
        .batch_execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
        .await
        .unwrap();
    admin.batch_execute("CREATE ROLE poor LOGIN").await.unwrap();
    let at = |user: &str, database: &str| {
        format!(
            "postgres://{user}:s3cret@127.0.0.1:{}/{database}",
            server.port()
        )
    };
    for (url, kind, why) in [
        (
            at("test", "latin"),
            StoreErrorKind::Invalid,
            "ENCODING 'UTF8'",
        ),
        (
            at("test", "nowhere"),
            StoreErrorKind::Invalid,
            "create it first",
        ),
        (
            at("nobody", "postgres"),
            StoreErrorKind::Invalid,
            "SQLSTATE 28",
        ),
        (
            at("poor", "postgres"),
            StoreErrorKind::ReadOnly,
            "grant it CREATE",
        ),
    ] {
        let error = refused(&url).await;
        assert_eq!(error.kind(), kind, "{error}");
        let told = error.to_string();
        assert!(told.contains(why), "{told}");
        assert!(
            !told.contains("s3cret") && !told.contains("127.0.0.1"),
            "{told}"
        );
    }

    // The role may make nothing but in a schema that was made for it.
    admin
        .batch_execute("CREATE SCHEMA theirs AUTHORIZATION poor")
        .await
        .unwrap();
    let url = at("poor", "postgres");
    let store = PostgresOptions::new(&url)
        .schema("theirs")
        .open()
        .await
        .unwrap();
    keep(&store, "1").await;
    store.close().await;

    // And it can use what another role made, where it may.
    PostgresStore::connect(&server.url())
        .await
        .unwrap()
        .close()
        .await;
    admin
        .batch_execute(
            "GRANT USAGE ON SCHEMA kwa TO poor; GRANT ALL ON ALL TABLES IN SCHEMA kwa TO poor;
             GRANT ALL ON ALL SEQUENCES IN SCHEMA kwa TO poor",
        )
        .await
        .unwrap();
    let store = PostgresStore::connect(&url).await.unwrap();
    keep(&store, "1").await;
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schema_may_have_any_name_that_is_one() {
    let Some(server) = Server::start() else {
        return;
    };
    for name in ["it's", "a \"b\" \\ ; --", "ünïcode", "KWA", "kwa"] {
        let options = PostgresOptions::new(&server.url()).schema(name);
        let store = options.open().await.expect(name);
        store.begin_handling().await.unwrap();
        store.recover(5).await.unwrap();
        store.load(EventId::default(), 10).await.unwrap();
        let id = keep(&store, "1").await;
        assert_eq!(store.take(id).await.unwrap(), Some(1), "{name}");
        let sends = vec![send("reply", "1")];
        let handled = Settlement::Handled { sends };
        assert!(store.settle(id, 1, handled).await.unwrap(), "{name}");
        let flown = store.fly(Takeoff::new(SENDER, 9)).await.unwrap();
        assert_eq!(flown.flights.len(), 1, "{name}");
        store.prune(Retention::default(), 10).await.unwrap();
        let stats = store.stats().await.unwrap();
        assert_eq!((stats.handled, stats.bytes > 0), (1, true), "{name}");
        store.close().await;
    }
    for name in ["", "a.b", "a$b", "a\0", "a\nb", &"a".repeat(51), "pg_kwa"] {
        let opened = PostgresOptions::new(&server.url()).schema(name).open();
        let error = opened.await.expect_err(name);
        assert_eq!(error.kind(), StoreErrorKind::Invalid, "{name}");
    }
}
