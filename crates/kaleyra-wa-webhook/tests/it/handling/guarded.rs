//! Whatever panics around a handler costs neither a worker nor a lane: what comes next is handled.

use std::fmt;
use std::future::Future;

use kaleyra_wa_webhook::{HandlerError, MemorySink, handler_fn};

use super::{Log, accept, callback, finish, id, quick, text};

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("on drop");
    }
}

impl fmt::Debug for Bomb {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("when shown")
    }
}

impl fmt::Display for Bomb {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("when shown")
    }
}

impl std::error::Error for Bomb {}

/// One worker and one conversation, in which the first event fails and others follow.
async fn goes_on() {
    let log = Log::default();
    let seen = log.clone();
    let handler = handler_fn(move |event| {
        seen.note(format!("{} {}", id(&event), event.attempt()));
        async move {
            match id(&event).as_str() {
                "error" => Err(Bomb.into()),
                "permanent" => Err(HandlerError::permanent(Bomb)),
                "thrown" => std::panic::panic_any(Bomb),
                _ => Ok(()),
            }
        }
    });
    let sink = quick(MemorySink::builder(handler).parallel(1).attempts(2)).build();
    for id in ["error", "permanent", "thrown", "last"] {
        accept(&sink, &callback(&[text("919800000001", id)]))
            .await
            .unwrap();
    }
    accept(&sink, &callback(&[text("919800000002", "another")]))
        .await
        .unwrap();
    finish(&sink).await;
    let expect = [
        "another 1",
        "error 1",
        "error 2",
        "last 1",
        "permanent 1",
        "thrown 1",
    ];
    assert_eq!(log.sorted(), expect);
}

fn run(test: impl Future<Output = ()>) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(test);
}

#[tokio::test]
async fn an_error_whose_drop_panics() {
    goes_on().await;
}

#[test]
fn a_subscriber_of_spans_that_panics() {
    struct Panics;

    impl tracing::Subscriber for Panics {
        fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
            true
        }
        fn new_span(&self, attributes: &tracing::span::Attributes<'_>) -> tracing::span::Id {
            // One that can't be made, and one that can't be entered.
            assert_ne!(attributes.metadata().name(), "callback");
            tracing::span::Id::from_u64(1)
        }
        fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {
            panic!("record")
        }
        fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
        fn event(&self, _: &tracing::Event<'_>) {
            panic!("event")
        }
        fn enter(&self, _: &tracing::span::Id) {
            panic!("enter")
        }
        fn exit(&self, _: &tracing::span::Id) {
            panic!("exit")
        }
        fn try_close(&self, _: tracing::span::Id) -> bool {
            panic!("close")
        }
    }

    tracing::subscriber::with_default(Panics, || {
        run(async {
            goes_on().await;
            let (server, mut deliveries) = crate::server::Running::collecting().await;
            server.assert_alive().await;
            assert_eq!(deliveries.try_recv().unwrap().raw, "{}");
        });
    });
}

#[cfg(feature = "metrics")]
#[test]
fn a_recorder_of_figures_that_panics() {
    use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, SharedString, Unit};

    struct Panics;

    impl metrics::Recorder for Panics {
        fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {
            panic!("describe")
        }
        fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {
            panic!("describe")
        }
        fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {
            panic!("describe")
        }
        fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
            panic!("counter")
        }
        fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
            panic!("gauge")
        }
        fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
            panic!("histogram")
        }
    }

    metrics::with_local_recorder(&Panics, || {
        run(async {
            goes_on().await;
            let (server, mut deliveries) = crate::server::Running::collecting().await;
            server.assert_alive().await;
            assert_eq!(deliveries.try_recv().unwrap().raw, "{}");
        });
    });
}
