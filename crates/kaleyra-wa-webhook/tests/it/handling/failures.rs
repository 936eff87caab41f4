//! What becomes of an event whose handler fails.

use std::time::Duration;

use kaleyra_wa_webhook::{HandlerError, HandlerFailure, MemorySink, MemorySinkBuilder, handler_fn};
use tokio::time::Instant;

use super::{Log, accept, burying, callback, finish, id, next, quick, send, serving, text};

fn one(id: &str) -> String {
    callback(&[text("919800000001", id)])
}

#[tokio::test]
async fn a_panic_is_retried_and_the_sink_goes_on() {
    let log = Log::default();
    let seen = log.clone();
    let handler = handler_fn(move |event| {
        let seen = seen.clone();
        async move {
            if id(&event) == "A" && event.attempt() < 3 {
                panic!("the first two times");
            }
            seen.note(format!("{} {}", id(&event), event.attempt()));
            Ok(())
        }
    });
    let sink = quick(MemorySink::builder(handler).parallel(1).retry_panics()).build();
    let server = serving(&sink).await;
    assert_eq!(send(&server, &one("A")).await.status, 200);
    assert_eq!(send(&server, &one("B")).await.status, 200);
    finish(&sink).await;
    assert_eq!(log.lines(), ["A 3", "B 1"]);
}

#[tokio::test]
async fn each_failure_ends_as_a_dead_letter_of_its_kind() {
    // What was stopped is tried again only where that was asked for by name.
    each_failure(|builder| builder, ["1 panic", "1 panic", "1 timeout"]).await;
    let asked = |builder: MemorySinkBuilder| builder.retry_panics().retry_timeouts();
    each_failure(asked, ["2 panic", "2 panic", "2 timeout"]).await;
}

async fn each_failure(set: fn(MemorySinkBuilder) -> MemorySinkBuilder, stopped: [&str; 3]) {
    let handler = handler_fn(|event| {
        // Before the future as well as in it.
        assert_ne!(id(&event), "early panic");
        async move {
            match id(&event).as_str() {
                "error" => Err("no".into()),
                "late panic" => panic!("no"),
                "permanent" => Err(HandlerError::permanent(std::fmt::Error)),
                _ => std::future::pending().await,
            }
        }
    });
    let builder = quick(set(MemorySink::builder(handler)).attempts(2));
    let (builder, mut letters) = burying(builder.handler_timeout(Duration::from_millis(20)));
    let sink = builder.build();
    for (id, expect) in [
        ("error", "2 error"),
        ("early panic", stopped[0]),
        ("late panic", stopped[1]),
        ("permanent", "1 error"),
        ("too slow", stopped[2]),
    ] {
        accept(&sink, &one(id)).await.unwrap();
        assert_eq!(next(&mut letters).await, format!("{id} {expect}"));
    }
    finish(&sink).await;
}

#[tokio::test]
async fn which_failures_are_repeated_is_up_to_the_user() {
    let handler = handler_fn(|event| async move {
        match id(&event).as_str() {
            "in doubt" => Err(std::fmt::Error.into()),
            "refused" => Err(std::io::Error::from(std::io::ErrorKind::PermissionDenied).into()),
            "cut off" => Err(std::io::Error::from(std::io::ErrorKind::BrokenPipe).into()),
            "worse" => panic!("no"),
            _ => Err("later".into()),
        }
    });
    let builder = quick(MemorySink::builder(handler).attempts(3).retry_panics())
        .retry_error(|error: &std::io::Error| error.kind() != std::io::ErrorKind::PermissionDenied)
        .retry_if(|failure| {
            assert!(!matches!(failure, HandlerFailure::Panicked), "here, too");
            failure.downcast_ref::<std::fmt::Error>().is_none()
        });
    let (builder, mut letters) = burying(builder);
    let sink = builder.build();
    for (id, expect) in [
        ("in doubt", "in doubt 1 error"),
        ("refused", "refused 1 error"),
        ("cut off", "cut off 3 error"),
        ("another", "another 3 error"),
        ("worse", "worse 1 panic"),
    ] {
        accept(&sink, &one(id)).await.unwrap();
        assert_eq!(next(&mut letters).await, expect);
    }
    finish(&sink).await;
}

#[tokio::test(start_paused = true)]
async fn pauses_are_kept_and_hold_up_nobody_else() {
    let log = Log::default();
    let (seen, begun) = (log.clone(), Instant::now());
    let handler = handler_fn(move |event| {
        seen.note(format!(
            "{} at {}",
            id(&event),
            begun.elapsed().as_secs() / 100
        ));
        let fails = id(&event).starts_with("fails") && event.attempt() == 1;
        async move { if fails { Err("later".into()) } else { Ok(()) } }
    });
    let hundred = Duration::from_secs(100);
    // One worker: it is not held up either.
    let sink = MemorySink::builder(handler)
        .parallel(1)
        .backoff(hundred, hundred)
        .build();
    accept(
        &sink,
        &callback(&[text("1", "fails"), text("1", "behind it")]),
    )
    .await
    .unwrap();
    tokio::time::sleep(Duration::from_secs(50)).await;
    accept(
        &sink,
        &callback(&[text("2", "fails too"), text("3", "healthy")]),
    )
    .await
    .unwrap();
    sink.shutdown(Duration::from_secs(1_000)).await.unwrap();
    assert_eq!(
        log.lines(),
        [
            "fails at 0",
            "fails too at 0",
            "healthy at 0",
            "fails at 1",
            "behind it at 1",
            "fails too at 1"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_shorter_pause_is_not_held_up_by_a_longer_one() {
    let log = Log::default();
    let (seen, begun) = (log.clone(), Instant::now());
    let handler = handler_fn(move |event| {
        if event.attempt() > 1 {
            seen.note(format!("{} at {}", id(&event), begun.elapsed().as_secs()));
        }
        let fails = event.attempt() == 1;
        async move { if fails { Err("later".into()) } else { Ok(()) } }
    });
    let minute = Duration::from_secs(60);
    let sink = MemorySink::builder(handler).backoff(minute, minute).build();
    accept(&sink, &one("first")).await.unwrap();
    tokio::time::sleep(Duration::from_secs(59)).await;
    accept(&sink, &callback(&[text("2", "second")]))
        .await
        .unwrap();
    sink.shutdown(2 * minute).await.unwrap();
    assert_eq!(log.lines(), ["first at 60", "second at 119"]);
}
