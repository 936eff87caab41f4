//! A stream that is full.

use std::time::SystemTime;

use kaleyra_wa_inbox::Inbox;
use kaleyra_wa_inbox::webhook::{ReceivedCallback, Sink, handler_fn};
use kaleyra_wa_store::inbox::{InboxStore, Settlement};
use kaleyra_wa_store::{Change, StoreErrorKind};
use kaleyra_wa_store_nats::NatsOptions;

use crate::sample::{delivery, keep};
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
