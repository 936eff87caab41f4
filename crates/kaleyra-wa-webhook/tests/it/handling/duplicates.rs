//! Repetitions are handled once; what was not handled is no repetition.

use std::time::Duration;

use kaleyra_wa_webhook::{MemorySink, handler_fn};
use serde_json::json;

use super::{Gate, Log, accept, burying, callback, finish, id, next, send, serving, text};

fn one(id: &str) -> String {
    callback(&[text("919800000001", id)])
}

#[tokio::test]
async fn whatever_the_state_of_the_first() {
    let log = Log::default();
    let (gate, mut arrived) = Gate::new();
    let (seen, door) = (log.clone(), gate.clone());
    let sink = MemorySink::new(handler_fn(move |event| {
        let (seen, door) = (seen.clone(), door.clone());
        async move {
            door.pass(&event).await;
            seen.note(id(&event));
            Ok(())
        }
    }));
    let server = serving(&sink).await;
    // Twice in one delivery, and again while the one is handled and the other waits.
    let body = callback(&[text("1", "A"), text("1", "A"), text("1", "B")]);
    assert_eq!(send(&server, &body).await.status, 200);
    assert_eq!(next(&mut arrived).await, "A");
    assert_eq!(send(&server, &body).await.status, 200);
    assert_eq!(sink.depth().events, 2);
    gate.open();
    while sink.depth().events > 0 {
        tokio::task::yield_now().await;
    }
    // Again when both are done, and with something new.
    let body = callback(&[text("1", "A"), text("1", "C"), text("1", "B")]);
    assert_eq!(send(&server, &body).await.status, 200);
    finish(&sink).await;
    assert_eq!(log.lines(), ["A", "B", "C"]);
}

#[tokio::test(start_paused = true)]
async fn the_window_is_bounded_in_time_and_in_number() {
    let log = Log::default();
    let seen = log.clone();
    let handler = handler_fn(move |event| {
        seen.note(id(&event));
        async { Ok(()) }
    });
    let hour = Duration::from_secs(60 * 60);
    let sink = MemorySink::builder(handler)
        .duplicate_window(2, hour)
        .build();
    let minute = Duration::from_secs(60);
    for (body, wait) in [
        (one("A"), 59 * minute),
        (one("A"), minute), // known
        (one("A"), minute), // known no more
        (one("B"), minute),
        (one("A"), minute), // known
        (one("C"), minute), // instead of A
        (one("A"), minute),
    ] {
        accept(&sink, &body).await.unwrap();
        tokio::time::sleep(wait).await;
    }
    finish(&sink).await;
    assert_eq!(log.lines(), ["A", "A", "B", "C", "A"]);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_waits_longer_than_the_window_is_known_all_the_same() {
    let log = Log::default();
    let seen = log.clone();
    let handler = handler_fn(move |event| {
        seen.note(id(&event));
        let fails = event.attempt() == 1;
        async move { if fails { Err("later".into()) } else { Ok(()) } }
    });
    let (minute, hour) = (Duration::from_secs(60), Duration::from_secs(60 * 60));
    let sink = MemorySink::builder(handler)
        .duplicate_window(10, minute)
        .backoff(hour, hour)
        .build();
    accept(&sink, &one("A")).await.unwrap();
    tokio::time::sleep(30 * minute).await;
    accept(&sink, &one("A")).await.unwrap();
    sink.shutdown(2 * hour).await.unwrap();
    assert_eq!(log.lines(), ["A", "A"]);
}

#[tokio::test]
async fn a_dead_letter_that_comes_again_has_another_chance() {
    let handler = handler_fn(|_| async { Err("no".into()) });
    let (builder, mut letters) = burying(MemorySink::builder(handler).attempts(1));
    let sink = builder.build();
    for _ in 0..2 {
        accept(&sink, &one("A")).await.unwrap();
        assert_eq!(next(&mut letters).await, "A 1 error");
        while sink.depth().events > 0 {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn an_event_without_a_key_is_never_left_out() {
    let log = Log::default();
    let seen = log.clone();
    let sink = MemorySink::new(handler_fn(move |event| {
        assert_eq!(event.key(), None);
        seen.note("handled");
        async { Ok(()) }
    }));
    let error = json!({"meta_object": {"field": "messages", "value": {"errors": [{"code": 1}]}}});
    for _ in 0..2 {
        accept(&sink, &error.to_string()).await.unwrap();
    }
    finish(&sink).await;
    assert_eq!(log.lines().len(), 2);
}
