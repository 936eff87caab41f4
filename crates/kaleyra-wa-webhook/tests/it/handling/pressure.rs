//! Back-pressure: what does not fit is refused whole, and nothing is lost by it.

use std::time::Duration;

use kaleyra_wa_webhook::{MemorySink, MemorySinkBuilder, handler_fn};
use tokio::sync::mpsc;

use super::{Gate, Log, accept, callback, finish, id, next, send, serving, text};
use crate::server::PATIENCE;

/// A sink whose handlers stand before a gate.
fn gated(
    settings: impl FnOnce(MemorySinkBuilder) -> MemorySinkBuilder,
) -> (MemorySink, Gate, mpsc::UnboundedReceiver<String>, Log) {
    let log = Log::default();
    let (gate, arrived) = Gate::new();
    let (seen, door) = (log.clone(), gate.clone());
    let handler = handler_fn(move |event| {
        let (seen, door) = (seen.clone(), door.clone());
        async move {
            door.pass(&event).await;
            seen.note(id(&event));
            Ok(())
        }
    });
    let builder = MemorySink::builder(handler).admission_timeout(Duration::ZERO);
    (settings(builder).build(), gate, arrived, log)
}

fn one(id: &str) -> String {
    callback(&[text("919800000001", id)])
}

#[tokio::test]
async fn a_full_queue_is_503_and_the_repetition_is_handled_once() {
    let (sink, gate, _arrived, log) = gated(|sink| sink.max_events(2));
    let server = serving(&sink).await;
    assert_eq!(send(&server, &one("A")).await.status, 200);
    assert_eq!(send(&server, &one("B")).await.status, 200);
    let refused = send(&server, &one("C")).await;
    assert_eq!(
        (refused.status, refused.header("retry-after")),
        (503, Some("5"))
    );

    // What is known already needs no room.
    assert_eq!(send(&server, &one("A")).await.status, 200);
    assert_eq!(sink.depth().events, 2);

    gate.open();
    // As a sender does it.
    while send(&server, &one("C")).await.status != 200 {}
    finish(&sink).await;
    assert_eq!(log.lines(), ["A", "B", "C"]);
}

#[tokio::test]
async fn half_a_delivery_is_not_taken() {
    let (sink, gate, mut arrived, log) = gated(|sink| sink.max_events(3));
    accept(&sink, &callback(&[text("1", "A"), text("2", "B")]))
        .await
        .unwrap();
    let both = callback(&[text("3", "C"), text("4", "D")]);
    let error = accept(&sink, &both).await.unwrap_err();
    assert_eq!(error.to_string(), "the queue is full");
    assert_eq!(sink.depth().events, 2);
    // Of one that is known in part, the rest is what needs room.
    accept(&sink, &callback(&[text("1", "A"), text("3", "C")]))
        .await
        .unwrap();

    gate.open();
    for _ in 0..3 {
        next(&mut arrived).await;
    }
    while accept(&sink, &both).await.is_err() {
        tokio::task::yield_now().await;
    }
    finish(&sink).await;
    assert_eq!(log.sorted(), ["A", "B", "C", "D"]);
}

#[tokio::test]
async fn bytes_are_bounded_until_the_last_event_of_a_delivery_is_gone() {
    let body = callback(&[text("1", "A"), text("2", "B")]);
    let length = body.len();
    let (sink, gate, mut arrived, _log) = gated(|sink| sink.max_bytes(length + 1));
    accept(&sink, &body).await.unwrap();
    accept(&sink, &one("C")).await.unwrap_err();
    assert_eq!(sink.depth().bytes, length);

    next(&mut arrived).await;
    gate.let_in(1);
    while sink.depth().events == 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(sink.depth().bytes, length);
    accept(&sink, &one("C")).await.unwrap_err();
    gate.open();
    finish(&sink).await;
}

#[tokio::test]
async fn what_is_larger_than_the_queue_waits_until_that_is_empty() {
    let (sink, gate, _arrived, log) = gated(|sink| sink.max_events(2).max_bytes(10));
    let large = callback(&["A", "B", "C"].map(|id| text("1", id)));
    accept(&sink, &large).await.unwrap();
    assert_eq!(sink.depth().events, 3);
    accept(&sink, &one("D")).await.unwrap_err();
    gate.open();
    finish(&sink).await;
    assert_eq!(log.lines(), ["A", "B", "C"]);
}

#[tokio::test]
async fn with_patience_a_delivery_waits_for_room() {
    let (sink, gate, mut arrived, log) =
        gated(|sink| sink.max_events(1).admission_timeout(PATIENCE));
    let server = serving(&sink).await;
    assert_eq!(send(&server, &one("A")).await.status, 200);
    next(&mut arrived).await;

    let open = async {
        // Both wait: nothing of them is in.
        for _ in 0..100 {
            assert_eq!(sink.depth().events, 1);
            tokio::task::yield_now().await;
        }
        gate.open();
    };
    let (b, c) = (one("B"), one("C"));
    let (b, c, ()) = tokio::join!(send(&server, &b), send(&server, &c), open);
    assert_eq!((b.status, c.status), (200, 200));
    finish(&sink).await;
    assert_eq!(log.sorted(), ["A", "B", "C"]);
}

#[tokio::test]
async fn a_small_one_does_not_overtake_a_large_one_that_waits() {
    let (sink, gate, mut arrived, log) =
        gated(|sink| sink.max_events(2).admission_timeout(PATIENCE));
    accept(&sink, &callback(&[text("1", "A"), text("2", "B")]))
        .await
        .unwrap();
    for _ in 0..2 {
        next(&mut arrived).await;
    }
    let large = callback(&[text("3", "C"), text("3", "D")]);
    let small = callback(&[text("3", "E")]);
    let open = async {
        gate.let_in(1);
        while log.lines().is_empty() {
            tokio::task::yield_now().await;
        }
        // There is room for the small one now.
        for _ in 0..100 {
            assert!(sink.depth().events <= 2);
            tokio::task::yield_now().await;
        }
        assert_eq!(sink.depth().events, 1);
        gate.open();
    };
    // They are polled in this order.
    let (large, small, ()) =
        tokio::join!(biased; accept(&sink, &large), accept(&sink, &small), open);
    large.and(small).unwrap();
    finish(&sink).await;
    assert_eq!(log.lines()[2..], ["C", "D", "E"]);
}

#[tokio::test(start_paused = true)]
async fn patience_ends() {
    let (sink, gate, _arrived, _log) =
        gated(|sink| sink.max_events(1).admission_timeout(Duration::from_secs(3)));
    accept(&sink, &one("A")).await.unwrap();
    let begun = tokio::time::Instant::now();
    accept(&sink, &one("B")).await.unwrap_err();
    assert_eq!(begun.elapsed().as_secs(), 3);
    gate.open();
    finish(&sink).await;
}

#[tokio::test]
async fn without_a_runtime_nothing_is_taken() {
    let (sink, ..) = gated(|sink| sink);
    let without = std::thread::spawn(move || {
        // A runtime of somebody else's: none of tokio's is current here.
        let mut accepting = Box::pin(async move { accept(&sink, &one("A")).await });
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match accepting.as_mut().poll(&mut context) {
            std::task::Poll::Ready(outcome) => outcome,
            std::task::Poll::Pending => panic!("it waits"),
        }
    });
    let error = without.join().unwrap().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the sink is used outside of a tokio runtime"
    );
}

/// On the only thread that there is.
#[tokio::test]
async fn handlers_that_never_wait_leave_time_to_answer() {
    const EVENTS: usize = 500;
    let log = Log::default();
    let seen = log.clone();
    let sink = MemorySink::new(handler_fn(move |event| {
        std::thread::sleep(Duration::from_millis(1));
        seen.note(id(&event));
        async { Ok(()) }
    }));
    let server = serving(&sink).await;
    let messages: Vec<_> = (0..EVENTS).map(|n| text("1", &n.to_string())).collect();
    accept(&sink, &callback(&messages)).await.unwrap();
    server.assert_alive().await;
    let handled = log.lines().len();
    assert!(handled < EVENTS / 2, "{handled} were handled before");
    finish(&sink).await;
}
