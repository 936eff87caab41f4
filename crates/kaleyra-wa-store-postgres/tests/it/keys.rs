//! What callbacks can have and Postgres can't: zero bytes in texts, and names that no index holds.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kaleyra_wa_inbox::Inbox;
use kaleyra_wa_inbox::webhook::{
    IncomingEvent, Receiver, SharedHeader, WebhookService, handler_fn, serve,
};
use kaleyra_wa_store::Moment;
use kaleyra_wa_store::inbox::{EventId, EventQuery, EventState, InboxStore, Settlement};
use kaleyra_wa_store::outbox::{OutboxStore, Queued, Takeoff};
use kaleyra_wa_store::tracking::Facts;
use kaleyra_wa_store_postgres::{PostgresOptions, PostgresStore};
use kaleyra_wa_types::inbound::Callback;
use tokio::net::TcpListener;

use crate::cluster::post_once;
use crate::sample::{SENDER, delivery, send, until};
use crate::server::Server;

/// So long that no index holds it, and such that it can't be compressed.
fn long() -> String {
    let mut chance: u64 = 7;
    let digits = (0..9_000).map(|_| {
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        char::from(b'!' + u8::try_from((chance >> 33) % 90).unwrap())
    });
    digits.filter(|it| !matches!(it, '"' | '\\')).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_no_index_holds_are_names() {
    let Some(server) = Server::start() else {
        return;
    };
    let store = PostgresStore::connect(&server.url()).await.unwrap();
    store.begin_handling().await.unwrap();
    store.recover(5).await.unwrap();
    store.load(EventId::default(), 10).await.unwrap();
    for name in [long(), "a\0b".to_owned(), "😀".repeat(1_000)] {
        let body = format!(
            r#"{{"meta_object": {{"field": "messages", "value": {{
                "messages": [{{"from": "{0}", "id": "wamid.A", "type": "text", "text": {{"body": "\u0000"}}}}],
                "statuses": [{{"id": "{0}", "status": "failed", "timestamp": "1722863329", "recipient_id": "{0}",
                               "errors": [{{"code": 131050, "title": "{0}"}}]}}]}}}},
              "extra_info": {{"ref": "{0}"}}}}"#,
            name.replace('\0', "\\u0000")
        );
        let callback = Callback::from_slice(body.as_bytes()).unwrap();
        let mut delivery = delivery(&name);
        delivery.facts = Facts::of(&callback, Moment::from_millis(1_722_863_330_000));
        assert_eq!(delivery.facts.messages[0].reference, name);
        delivery.raw = body.into();
        let raw = delivery.raw.clone();
        let kept = store.keep(delivery, Box::new(|_| ())).await.unwrap();
        let id = kept.events[0].1;
        let page = store.load_conversation(&name, id, 10).await.unwrap();
        assert_eq!(page.deliveries[0].raw, raw, "byte for byte");
        let query = EventQuery::new().conversation(&name);
        assert_eq!(store.events(query).await.unwrap().len(), 1);
        assert!(store.message(&name).await.unwrap().is_some());
        let known = store.conversation("", &name).await.unwrap();
        assert!(known.user_wrote_at.is_some());
        assert_eq!(known.opt_outs.len(), 1, "of one who wants no marketing");

        assert_eq!(store.take(id).await.unwrap(), Some(1));
        let mut reply = send(&name, &name);
        reply.body = name.clone().into();
        let handled = Settlement::Handled {
            sends: vec![reply.clone()],
        };
        assert!(store.settle(id, 1, handled).await.unwrap());
        let queued = store.find_send(&name).await.unwrap().unwrap();
        assert_eq!(
            store.enqueue(reply).await.unwrap(),
            Queued::Known(queued.id)
        );
        let other = send(&format!("{name}!"), "1");
        let other = store.enqueue(other).await.unwrap();
        assert!(matches!(other, Queued::New(_)), "{other:?}");
        store.cancel(queued.id).await.unwrap();
    }
    let flown = store
        .fly(Takeoff::new(format!("{SENDER}{}", long()), 9))
        .await;
    assert_eq!(flown.unwrap().flights.len(), 0);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_with_such_a_name_has_one_handler_at_a_time() {
    let Some(server) = Server::start() else {
        return;
    };
    let url = server.url();
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let handler = {
        let (running, most) = (Arc::clone(&running), Arc::clone(&most));
        handler_fn(move |_: IncomingEvent| {
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(100)).await;
                running.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            }
        })
    };
    // Two are read from the store, and two come while the first of them is handled.
    let from = format!(r"9\u0000{}", long());
    for is_worker in [false, true] {
        let options = PostgresOptions::new(&url);
        let options = if is_worker {
            options
        } else {
            options.receive_only()
        };
        let store = options.open().await.unwrap();
        let inbox = Inbox::builder(handler.clone()).parallel(4);
        let inbox = inbox.start(store.clone()).await.unwrap();
        let receiver = Receiver::new(SharedHeader::new("x-secret", "a long random text").unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let service = WebhookService::new(receiver, inbox.clone());
        let serving = tokio::spawn(serve(listener, service, std::future::pending()));
        for nth in 0..2 {
            let (address, from) = (address.clone(), from.clone());
            let id = format!("{is_worker}-{nth}");
            let post = move || post_once(&address, &from, &id);
            let status = tokio::task::spawn_blocking(post).await.unwrap();
            assert_eq!(status, Some(200), "it is kept");
        }
        if is_worker {
            until("all are handled", async || {
                store.stats().await.unwrap().handled == 4
            })
            .await;
        }
        serving.abort();
        inbox.shutdown(Duration::from_secs(10)).await;
        store.close().await;
    }
    assert_eq!(most.load(Ordering::SeqCst), 1);
    let store = PostgresOptions::new(&url)
        .receive_only()
        .open()
        .await
        .unwrap();
    let events = store.events(EventQuery::new()).await.unwrap();
    let names: Vec<_> = events.iter().map(|it| it.conversation.clone()).collect();
    assert!(names.iter().all(|name| name == &names[0]));
    assert!(events.iter().all(|it| it.state == EventState::Handled));
}
