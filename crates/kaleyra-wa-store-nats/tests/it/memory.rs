//! How much memory a backlog takes.

use std::fs;
use std::process::Command;

use kaleyra_wa_inbox::Inbox;
use kaleyra_wa_inbox::webhook::{IncomingEvent, handler_fn};
use kaleyra_wa_store::inbox::InboxStore;
use kaleyra_wa_store_nats::NatsOptions;

use crate::sample::{delivery, until};
use crate::server::Server;

const EVENTS: usize = 20_000;
const BODY: usize = 4_000;

/// Of this process, in bytes.
fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<usize>().ok());
    kib.unwrap() * 1_024
}

/// In a process of its own: what other tests need beside it does not count.
#[cfg(target_os = "linux")]
#[test]
fn a_backlog_waits_in_the_stream_and_not_in_memory() {
    const ALONE: &str = "KWA_TEST_ALONE";
    if std::env::var_os(ALONE).is_some() {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
        return runtime.block_on(measure());
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    let name = "memory::a_backlog_waits_in_the_stream_and_not_in_memory";
    command.args(["--exact", name, "--nocapture"]);
    assert!(command.env(ALONE, "1").status().unwrap().success());
}

async fn measure() {
    let Some(server) = Server::start() else {
        return;
    };
    let store = NatsOptions::new(server.url()).open().await.unwrap();
    let stuck = handler_fn(|_: IncomingEvent| std::future::pending());
    let builder = Inbox::builder(stuck).parallel(4).max_events(100);
    let inbox = builder.start(store.clone()).await.unwrap();
    let before = resident();
    for batch in 0..EVENTS / 200 {
        let keeps = (0..200).map(|nth| {
            let key = format!("{batch}-{nth}");
            let body = format!(r#"{{"status": "{}"}}"#, "x".repeat(BODY));
            let conversation = format!("{}", nth % 50);
            let new = delivery(&conversation, &[&key], body.into_bytes());
            store.keep(new, Box::new(|_| ()))
        });
        for kept in futures_util::future::join_all(keeps).await {
            assert_eq!(kept.unwrap().events.len(), 1);
        }
    }
    until("all are known to wait", async || {
        store.live().await.unwrap() == EVENTS as u64
    })
    .await;
    let more = resident().saturating_sub(before);
    // The bodies are 80 MB.
    assert!(more < EVENTS * BODY / 2, "{} MB more", more / 1_000_000);
    assert!(inbox.depth().events <= 110, "{:?}", inbox.depth());
    inbox.shutdown(std::time::Duration::ZERO).await;
    store.close().await;
}
