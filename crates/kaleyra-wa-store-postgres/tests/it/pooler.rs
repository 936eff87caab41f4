//! `PgBouncer` between a store and its server, where it is installed: a pooler of sessions will do, one of transactions will not.

use std::fs::File;
use std::net::TcpListener;
use std::process::Child;
use std::time::Duration;

use kaleyra_wa_store::StoreErrorKind;
use kaleyra_wa_store::inbox::InboxStore;
use kaleyra_wa_store_postgres::PostgresOptions;

use crate::sample::{keep, until};
use crate::server::Server;

/// A pooler, gone when the test ends.
struct Pooler {
    port: u16,
    running: Child,
}

impl Pooler {
    fn start(server: &Server, mode: &str) -> Option<Self> {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let settings = format!(
            "[databases]\npostgres = host=127.0.0.1 port={} dbname=postgres user=test\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nauth_type = any\npool_mode = {mode}\nunix_socket_dir =\n",
            server.port()
        );
        let file = server.file(&format!("{mode}.ini"), settings.as_bytes());
        let log = File::create(server.file(&format!("{mode}.log"), b"")).unwrap();
        let found = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"];
        let Some(program) = found.iter().find(|it| std::path::Path::new(it).exists()) else {
            eprintln!("skipped: PgBouncer is not installed: apt-get install pgbouncer");
            return None;
        };
        let mut command = server.command(program);
        command
            .arg(file)
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        let running = command.spawn().unwrap();
        Some(Self { port, running })
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.running.kill();
        let _ = self.running.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_of_sessions_will_do_and_one_of_transactions_is_refused() {
    let Some(server) = Server::start() else {
        return;
    };
    for mode in ["session", "transaction"] {
        let Some(pooler) = Pooler::start(&server, mode) else {
            return;
        };
        let url = format!("{}?sslmode=disable", server.url_at(pooler.port));
        let mut opened = None;
        until("the pooler is up", async || {
            let options = PostgresOptions::new(&url).timeout(Duration::from_secs(20));
            let outcome = options.open().await;
            let is_up = !matches!(&outcome, Err(error) if error.is_temporary());
            opened = Some(outcome);
            is_up
        })
        .await;
        match opened.unwrap() {
            Ok(store) => {
                assert_eq!(mode, "session");
                store.begin_handling().await.unwrap();
                keep(&store, "1").await;
                assert_eq!(store.share(), 256);
                store.close().await;
            }
            Err(error) => {
                assert_eq!(mode, "transaction", "{error}");
                assert_eq!(error.kind(), StoreErrorKind::Invalid);
                assert!(
                    error.to_string().contains("pooler of transactions"),
                    "{error}"
                );
            }
        }
    }
}
