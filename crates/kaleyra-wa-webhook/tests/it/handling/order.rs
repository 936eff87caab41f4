//! Order within a conversation, parallelism across.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kaleyra_wa_webhook::{MemorySink, handler_fn};
use serde_json::json;
use tokio::sync::Barrier;

use super::{Gate, Log, accept, callback, finish, id, next, quick, send, serving, text};

#[tokio::test]
async fn a_conversation_waits_for_its_first_and_for_no_other() {
    let log = Log::default();
    let (gate, mut arrived) = Gate::new();
    let (seen, door) = (log.clone(), gate.clone());
    let sink = MemorySink::new(handler_fn(move |event| {
        let (seen, door) = (seen.clone(), door.clone());
        async move {
            if event
                .conversation()
                .is_some_and(|it| it.as_str() == "919800000001")
            {
                door.pass(&event).await;
            }
            seen.note(id(&event));
            Ok(())
        }
    }));
    let server = serving(&sink).await;
    // A status of the response belongs to the conversation as well.
    let status = json!({"meta_object": {"field": "messages", "value": {"statuses": [
        {"id": "3", "status": "read", "recipient_id": "919800000001"}
    ]}}});
    for body in [
        callback(&[text("919800000001", "1"), text("919800000001", "2")]),
        status.to_string(),
        callback(&[text("919800000002", "other"), text("919800000001", "4")]),
    ] {
        assert_eq!(send(&server, &body).await.status, 200);
    }

    assert_eq!(next(&mut arrived).await, "1");
    while log.lines() != ["other"] {
        tokio::task::yield_now().await;
    }
    assert_eq!(sink.depth().events, 4);
    assert_eq!(sink.depth().conversations, 1);
    assert!(
        arrived.try_recv().is_err(),
        "two of one conversation at once"
    );
    gate.open();
    finish(&sink).await;
    assert_eq!(log.lines(), ["other", "1", "2", "3", "4"]);
}

#[tokio::test]
async fn order_survives_retries() {
    let log = Log::default();
    let seen = log.clone();
    let handler = handler_fn(move |event| {
        seen.note(id(&event));
        let fails = event.attempt() < 3;
        async move { if fails { Err("not yet".into()) } else { Ok(()) } }
    });
    let sink = quick(MemorySink::builder(handler)).build();
    let messages = ["1", "2", "3"].map(|id| text("919800000001", id));
    accept(&sink, &callback(&messages)).await.unwrap();
    finish(&sink).await;
    assert_eq!(log.lines(), ["1", "1", "1", "2", "2", "2", "3", "3", "3"]);
}

#[tokio::test]
async fn conversations_and_those_without_one_are_handled_at_the_same_time() {
    // Passes only when all eight handlers stand before it.
    let barrier = Arc::new(Barrier::new(8));
    let meeting = barrier.clone();
    let handler = handler_fn(move |_| {
        let meeting = meeting.clone();
        async move {
            meeting.wait().await;
            Ok(())
        }
    });
    let sink = MemorySink::builder(handler).parallel(8).build();
    let server = serving(&sink).await;
    let messages: Vec<_> = (0..4)
        .map(|user| text(&format!("91980000000{user}"), &format!("wamid.{user}")))
        .collect();
    let errors = json!([{"code": 1}, {"code": 1}, {"code": 1}, {"code": 1}]);
    let body = json!({"meta_object": {"field": "messages",
        "value": {"messages": messages, "errors": errors}}});
    assert_eq!(send(&server, &body.to_string()).await.status, 200);
    finish(&sink).await;
}

#[tokio::test]
async fn no_more_are_handled_at_a_time_than_is_allowed() {
    let running = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let (now, peak) = (running.clone(), most.clone());
    let handler = handler_fn(move |_| {
        let (now, peak) = (now.clone(), peak.clone());
        async move {
            peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            now.fetch_sub(1, Ordering::SeqCst);
            Ok(())
        }
    });
    let sink = MemorySink::builder(handler).parallel(3).build();
    for user in 0..50 {
        let message = text(&format!("9198000000{user:02}"), &format!("wamid.{user}"));
        accept(&sink, &callback(&[message])).await.unwrap();
    }
    finish(&sink).await;
    assert_eq!(most.load(Ordering::SeqCst), 3);
}
