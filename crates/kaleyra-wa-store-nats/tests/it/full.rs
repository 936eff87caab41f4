//! A stream that is full.

use std::time::SystemTime;

use kaleyra_wa_inbox::Inbox;
use kaleyra_wa_inbox::webhook::{ReceivedCallback, Sink, handler_fn};
use kaleyra_wa_store::inbox::{InboxStore, Settlement};
use kaleyra_wa_store::{Change, StoreErrorKind};
use kaleyra_wa_store_nats::{NatsOptions, NatsStore};

use crate::sample::{delivery, keep, until};
use crate::server::Server;

const LIMIT: u64 = 200_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_no_room_is_refused_and_what_is_there_is_settled() {
    let Some(server) = Server::start() else {
        return;
    };
    let store = NatsOptions::new(server.url())
        .max_bytes(LIMIT)
        .open()
        .await
        .unwrap();
    let mut changes = store.changes();
    let mut kept = Vec::new();
    let error = loop {
        let large = delivery("1", &[&format!("k{}", kept.len())], vec![b'x'; 5_000]);
        match store.keep(large, Box::new(|_| ())).await {
            Ok(done) => kept.push(done.events[0].1),
            Err(error) => break error,
        }
        assert!(kept.len() < 100, "{LIMIT} bytes have more than that");
    };
    assert_eq!(error.kind(), StoreErrorKind::AtLimit, "{error}");
    assert!(kept.len() > 20, "{}", kept.len());
    assert!(matches!(
        changes.next().await,
        Some(Change::Refusing {
            why: "at_limit",
            ..
        })
    ));
    // All that was acknowledged is there, and outcomes can be written.
    let stats = store.stats().await.unwrap();
    assert_eq!(stats.waiting, kept.len() as u64);
    for id in &kept {
        assert_eq!(store.take(*id).await.unwrap(), Some(1));
        let handled = Settlement::Handled { sends: Vec::new() };
        assert!(store.settle(*id, 1, handled).await.unwrap());
    }
    // A sender is asked to come again.
    let inbox = Inbox::builder(handler_fn(async |_| Ok(())))
        .start(store.clone())
        .await
        .unwrap();
    let body = format!(
        r#"{{"status": "not sent", "reason": "{}"}}"#,
        "x".repeat(5_000)
    );
    let callback = ReceivedCallback::from_raw(body.into(), SystemTime::now()).unwrap();
    let error = inbox.accept(callback).await.unwrap_err();
    assert!(error.to_string().contains("raise the limit"), "{error}");
    inbox.shutdown(std::time::Duration::from_secs(5)).await;
    store.close().await;

    let store = NatsOptions::new(server.url())
        .max_bytes(LIMIT * 2)
        .open()
        .await
        .unwrap();
    assert_eq!(keep(&store, "1", "new").await.unwrap().events.len(), 1);
    store.close().await;
}

/// What the account may use is for both streams: nothing that is there is lost, and all goes on when there is room.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_is_full_refuses_outcomes_as_well_until_there_is_room() {
    let config = |limit: u32| {
        format!(
            "accounts {{ BOT {{ jetstream: {{ max_file: {limit} }}, users: [{{ user: bot, password: s3cret }}] }} }}\n"
        )
    };
    let Some(server) = Server::configured(|_| config(400_000)) else {
        return;
    };
    let address = format!("nats://bot:s3cret@127.0.0.1:{}", server.port());
    let store = NatsStore::connect(&address).await.unwrap();
    let mut kept = Vec::new();
    let error = loop {
        let key = format!("k{}", kept.len());
        // Each in a conversation of its own: they don't wait for each other.
        let large = delivery(&key, &[&key], vec![b'x'; 5_000]);
        match store.keep(large, Box::new(|_| ())).await {
            Ok(done) => kept.push(done.events[0].1),
            Err(error) => break error,
        }
        assert!(kept.len() < 200, "the account has no room for that");
    };
    assert_eq!(error.kind(), StoreErrorKind::Full, "{error}");
    assert!(error.is_temporary());
    assert_eq!(store.stats().await.unwrap().waiting, kept.len() as u64);
    // Attempts are written down before they are made, as far as there is room.
    let mut taken = 0;
    let error = loop {
        match store.take(kept[taken]).await {
            Ok(attempt) => assert_eq!(attempt, Some(1)),
            Err(error) => break error,
        }
        taken += 1;
        assert!(taken < kept.len(), "there is no room for all attempts");
    };
    assert_eq!(error.kind(), StoreErrorKind::Full, "{error}");
    std::fs::write(server.folder().join("nats.conf"), config(4_000_000)).unwrap();
    server.kill();
    server.run();
    until("there is room", async || {
        store.take(kept[taken]).await.is_ok_and(|it| it == Some(1))
    })
    .await;
    assert_eq!(store.stats().await.unwrap().live(), kept.len() as u64);
    let large = delivery("1", &["new"], vec![b'x'; 5_000]);
    let kept = store.keep(large, Box::new(|_| ())).await.unwrap();
    assert_eq!(kept.events.len(), 1);
    store.close().await;
}
