//! A worker that is stopped for longer than its lease, and goes on then.

use std::fs;
use std::time::{Duration, Instant};

use kaleyra_wa_store::inbox::{EventQuery, EventState, InboxStore};
use kaleyra_wa_store::outbox::{OutboxStore, SendQuery};
use kaleyra_wa_store_postgres::PostgresOptions;
use rustix::process::{Pid, Signal, kill_process};

use crate::child::{Role, address, start};
use crate::cluster::post_once;
use crate::sample::until;
use crate::server::Server;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_stopped_beyond_its_lease_settles_nothing() {
    let Some(server) = Server::start() else {
        return;
    };
    let folder = std::env::temp_dir().join(format!("kwa-paused-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let lease = Duration::from_secs(2);
    let run = |role, name| start(role, name, &folder, &server.url(), lease);
    let mut children = vec![run(Role::Receiver, "receiver"), run(Role::Worker, "first")];
    let log = || fs::read_to_string(folder.join("log")).unwrap_or_default();

    let options = PostgresOptions::new(&server.url()).receive_only();
    let store = options.open().await.unwrap();
    until("the receiver listens", async || {
        address(&folder, "receiver").is_some()
    })
    .await;
    let address = address(&folder, "receiver").unwrap();
    assert_eq!(post_once(&address, "1", "slow-1"), Some(200));
    until("the first has it", async || log() == "slow-1 first\n").await;
    let first = Pid::from_child(&children[1]);
    kill_process(first, Signal::STOP).unwrap();
    children.push(run(Role::Worker, "second"));
    until("the second has it", async || {
        log().ends_with("slow-1 second\n")
    })
    .await;
    fs::write(folder.join("go"), "").unwrap();
    until("the second settled it", async || {
        store.stats().await.unwrap().handled == 1
    })
    .await;

    // Now the first ends its attempt, too.
    kill_process(first, Signal::CONT).unwrap();
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(2) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let events = store.events(EventQuery::new()).await.unwrap();
    assert_eq!(
        (events.len(), events[0].state, events[0].attempt),
        (1, EventState::Handled, 2)
    );
    let sends = store.sends(SendQuery::new()).await.unwrap();
    assert_eq!(sends.len(), 1);
    assert_eq!(sends[0].body.as_deref(), Some(&b"second"[..]));
    // It is a worker again.
    assert_eq!(post_once(&address, "2", "2-1"), Some(200));
    until("what comes next is handled", async || {
        store.stats().await.unwrap().handled == 2
    })
    .await;
    for child in &mut children {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    fs::remove_dir_all(&folder).unwrap();
}
