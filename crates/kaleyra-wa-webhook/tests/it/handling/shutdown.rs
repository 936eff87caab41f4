//! The end: all is handled, or somebody gets it.

use std::time::{Duration, Instant};

use kaleyra_wa_webhook::{MemorySink, MemorySinkBuilder, handler_fn};

use super::{Gate, Log, accept, burying, callback, id, next, send, serving, text};

const SHORT: Duration = Duration::from_millis(50);

/// A sink with one event that is being handled, one behind it, one that rests, and one that no worker is free for.
async fn stuck(builder: impl FnOnce(MemorySinkBuilder) -> MemorySinkBuilder) -> MemorySink {
    let (gate, mut arrived) = Gate::new();
    let handler = handler_fn(move |event| {
        let gate = gate.clone();
        async move {
            match id(&event).as_str() {
                "rests" => Err("later".into()),
                _ => {
                    gate.pass(&event).await;
                    Ok(())
                }
            }
        }
    });
    let hour = Duration::from_secs(60 * 60);
    let sink = MemorySink::builder(handler).parallel(1).backoff(hour, hour);
    let sink = builder(sink).build();
    let messages = [
        text("1", "rests"),
        text("2", "is handled"),
        text("2", "is behind it"),
        text("3", "is ready"),
    ];
    accept(&sink, &callback(&messages)).await.unwrap();
    assert_eq!(next(&mut arrived).await, "is handled");
    sink
}

#[tokio::test]
async fn it_waits_for_all_and_takes_nothing_new() {
    let log = Log::default();
    let (gate, mut arrived) = Gate::new();
    let (seen, door) = (log.clone(), gate.clone());
    let handler = handler_fn(move |event| {
        let (seen, door) = (seen.clone(), door.clone());
        async move {
            door.pass(&event).await;
            seen.note(id(&event));
            Ok(())
        }
    });
    let sink = MemorySink::builder(handler).parallel(2).build();
    let server = serving(&sink).await;
    for at in 0..10 {
        let body = callback(&[text(&format!("{}", at % 4), &format!("{at}"))]);
        assert_eq!(send(&server, &body).await.status, 200);
    }
    next(&mut arrived).await;

    let late = callback(&[text("1", "late")]);
    let (outcome, ()) = tokio::join!(sink.shutdown(Duration::from_secs(20)), async {
        assert_eq!(send(&server, &late).await.status, 503);
        gate.open();
    });
    outcome.unwrap();
    assert_eq!(log.lines().len(), 10);
    assert_eq!(send(&server, &late).await.status, 503);
}

#[tokio::test]
async fn what_is_left_at_the_deadline_is_a_dead_letter() {
    let mut letters = None;
    let sink = stuck(|builder| {
        let (builder, receiver) = burying(builder);
        letters = Some(receiver);
        builder
    })
    .await;
    let begun = Instant::now();
    let unfinished = sink.shutdown(SHORT).await.unwrap_err();
    assert!(begun.elapsed() >= SHORT, "not given its time");
    assert!(begun.elapsed() < MemorySink::DEAD_LETTER_GRACE);
    assert_eq!((unfinished.dead_letters, unfinished.left.len()), (4, 0));
    assert_eq!(
        unfinished.to_string(),
        "not all events were handled before the shutdown: 4 became dead letters, 0 are left"
    );

    let mut letters = letters.unwrap();
    let mut found = Vec::new();
    while let Ok(letter) = letters.try_recv() {
        found.push(letter);
    }
    found.sort();
    assert_eq!(
        found,
        [
            "is behind it 1 shutdown",
            "is handled 1 shutdown",
            "is ready 1 shutdown",
            "rests 2 shutdown"
        ]
    );
    assert_eq!(sink.depth(), Default::default());
}

#[tokio::test]
async fn what_nobody_takes_comes_back() {
    let forgetful = |builder: MemorySinkBuilder| builder;
    let broken = |builder: MemorySinkBuilder| {
        builder.on_dead_letter(|_| async { panic!("the disk is full") })
    };
    for sink in [stuck(forgetful).await, stuck(broken).await] {
        let unfinished = sink.shutdown(SHORT).await.unwrap_err();
        assert_eq!(unfinished.dead_letters, 0);
        let mut left: Vec<_> = unfinished.left.iter().map(id).collect();
        left.sort();
        assert_eq!(left, ["is behind it", "is handled", "is ready", "rests"]);
        sink.shutdown(SHORT).await.expect("told twice");
    }
}

#[tokio::test(start_paused = true)]
async fn a_graveyard_that_does_not_answer_does_not_hold_it_up() {
    let sink = stuck(|builder| builder.on_dead_letter(|_| std::future::pending())).await;
    let begun = tokio::time::Instant::now();
    let unfinished = sink.shutdown(Duration::from_secs(1)).await.unwrap_err();
    assert_eq!(
        begun.elapsed().as_secs(),
        1 + MemorySink::DEAD_LETTER_GRACE.as_secs()
    );
    assert_eq!(unfinished.left.len(), 4);
    assert_eq!(sink.depth(), Default::default());
}

#[tokio::test]
async fn one_that_waits_for_room_is_refused() {
    let sink = stuck(|builder| {
        builder
            .max_events(1)
            .admission_timeout(Duration::from_secs(20))
    })
    .await;
    let body = callback(&[text("4", "late")]);
    let (outcome, unfinished) = tokio::join!(accept(&sink, &body), sink.shutdown(SHORT));
    assert_eq!(outcome.unwrap_err().to_string(), "the sink is shut down");
    assert_eq!(unfinished.unwrap_err().left.len(), 4);
}
