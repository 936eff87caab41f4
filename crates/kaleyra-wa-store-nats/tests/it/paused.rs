//! A worker that is stopped for longer than its lease, and goes on then.

use std::fs;
use std::time::{Duration, Instant};

use kaleyra_wa_store::inbox::{EventQuery, EventState, InboxStore};
use kaleyra_wa_store_nats::NatsOptions;
use rustix::process::{Pid, Signal, kill_process};

use crate::child::{Role, address, start};
use crate::post::post_once;
use crate::sample::{Folder, until};
use crate::server::Server;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_stopped_beyond_its_lease_settles_nothing() {
    let Some(server) = Server::start() else {
        return;
    };
    let folder = Folder::new();
    let folder = folder.path();
    let lease = Duration::from_secs(2);
    let run = |role, name| start(role, name, folder, &server.url(), lease);
    let mut children = vec![run(Role::Receiver, "receiver"), run(Role::Worker, "first")];
    let log = || fs::read_to_string(folder.join("log")).unwrap_or_default();

    let options = NatsOptions::new(server.url()).receive_only();
    let store = options.open().await.unwrap();
    until("the receiver listens", async || {
        address(folder, "receiver").is_some()
    })
    .await;
    assert_eq!(post_once(folder, "receiver", "1", "slow-1"), Some(200));
    assert_eq!(post_once(folder, "receiver", "1", "next-1"), Some(200));
    until("the first has it", async || log() == "slow-1 first\n").await;
    let first = Pid::from_child(&children[1]);
    kill_process(first, Signal::STOP).unwrap();
    children.push(run(Role::Worker, "second"));
    until("the second has it", async || {
        log().ends_with("slow-1 second\n")
    })
    .await;

    // Now the first ends its attempt, before the second does, and would go on with what comes next.
    fs::write(folder.join("go"), "").unwrap();
    let second = Pid::from_child(&children[2]);
    kill_process(second, Signal::STOP).unwrap();
    kill_process(first, Signal::CONT).unwrap();
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(1) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!log().contains("next-1 first"), "{}", log());
    kill_process(second, Signal::CONT).unwrap();
    until("all is settled", async || {
        store.stats().await.unwrap().handled == 2
    })
    .await;
    let events = store.events(EventQuery::new()).await.unwrap();
    assert_eq!(events[0].state, EventState::Handled);
    assert!(
        events[0].attempt >= 2,
        "the first attempt counts, and no more"
    );
    // It is a worker again.
    for nth in 0..20 {
        let (from, id) = (format!("{nth}"), format!("more-{nth}"));
        assert_eq!(post_once(folder, "receiver", &from, &id), Some(200));
    }
    until("what comes next is handled", async || {
        store.stats().await.unwrap().handled == 22
    })
    .await;
    for child in &mut children {
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
