//! What is answered when something can't be kept, and that nothing is lost by that.

use std::time::Duration;

use kaleyra_wa_inbox::store::{Change, SqliteOptions};
use kaleyra_wa_inbox::webhook::{ReceivedCallback, Rejection, Sink, handler_fn};
use kaleyra_wa_inbox::{Inbox, Retention};

use crate::support::{Folder, SOON, callback, idle, message, send, until};

fn large(id: usize) -> ReceivedCallback {
    let padding = "x".repeat(20_000);
    let text = message("1", &format!("wamid.{id}")).replace("Hello", &padding);
    callback(&[text])
}

#[tokio::test]
async fn a_full_disk_is_503_and_it_recovers_by_itself() {
    let folder = Folder::new();
    let options = SqliteOptions::new(folder.file("a.db")).max_page_count(150);
    let store = options.refusal(Duration::from_millis(100)).open().unwrap();
    let inbox = Inbox::builder(handler_fn(async |_| Ok(())));
    let inbox = inbox.start(store.clone()).await.unwrap();
    let mut changes = inbox.changes();
    let (mut kept, mut id) = (0, 0);
    let error = loop {
        id += 1;
        match inbox.accept(large(id)).await {
            Ok(()) => kept += 1,
            Err(error) => break error,
        }
    };
    let Rejection::Unavailable { retry_after } = Rejection::from(error) else {
        panic!("no 503");
    };
    assert_eq!(retry_after.as_secs(), 30);
    let told = changes.next().await;
    assert!(
        matches!(told, Some(Change::Refusing { why: "full", .. })),
        "{told:?}"
    );
    // All that was acknowledged is handled, full or not.
    idle(inbox.store()).await;
    assert_eq!(inbox.store().stats().await.unwrap().handled, kept);
    let at_once = Retention::default()
        .handled(Duration::ZERO)
        .bodies(Duration::ZERO);
    inbox.store().prune(at_once, 1_000).await.unwrap();
    until(async || inbox.accept(large(id)).await.is_ok()).await;
    idle(inbox.store()).await;
    inbox.shutdown(SOON).await;
    store.close().await;
}

#[tokio::test]
async fn at_the_limit_what_was_handled_makes_room() {
    let folder = Folder::new();
    let retention = Retention::default().max_bytes(600_000);
    let inbox = Inbox::builder(handler_fn(async |_| Ok(()))).retention(retention);
    let inbox = inbox.open(folder.file("a.db")).await.unwrap();
    for id in 0..100 {
        until(async || inbox.accept(large(id)).await.is_ok()).await;
    }
    idle(inbox.store()).await;
    assert!(inbox.store().stats().await.unwrap().bytes < 1_000_000);
    inbox.shutdown(SOON).await;
}

#[tokio::test]
async fn what_comes_twice_at_the_same_time_is_handled_once() {
    let folder = Folder::new();
    let inbox = Inbox::open(folder.file("a.db"), handler_fn(async |_| Ok(())));
    let inbox = inbox.await.unwrap();
    let many = (0..50).map(|nth| {
        let inbox = inbox.clone();
        tokio::spawn(async move { send(&inbox, "1", &format!("{}", nth % 25)).await })
    });
    for task in many.collect::<Vec<_>>() {
        task.await.unwrap().unwrap();
    }
    idle(inbox.store()).await;
    assert_eq!(inbox.store().stats().await.unwrap().handled, 25);
    inbox.shutdown(SOON).await;
}

#[tokio::test]
async fn what_is_kept_when_nobody_waits_any_more_is_handled() {
    let folder = Folder::new();
    let inbox = Inbox::open(folder.file("a.db"), handler_fn(async |_| Ok(())));
    let inbox = inbox.await.unwrap();
    for nth in 0..20 {
        // The sender hangs up: the future is dropped at some point on its way.
        let id = nth.to_string();
        let accept = send(&inbox, "1", &id);
        let _ = tokio::time::timeout(Duration::from_micros(50 * nth), accept).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    idle(inbox.store()).await;
    for nth in 0..20 {
        send(&inbox, "1", &nth.to_string()).await.unwrap();
    }
    idle(inbox.store()).await;
    assert_eq!(inbox.store().stats().await.unwrap().handled, 20);
    inbox.shutdown(SOON).await;
}
