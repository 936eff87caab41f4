//! The figures that are kept with the feature `metrics`.

use kaleyra_wa_webhook::{MemorySink, handler_fn};
use metrics_util::debugging::DebuggingRecorder;

use super::{accept, callback, id, quick, text};
use crate::metrics::figures;

#[test]
fn events_are_counted_by_kind_and_the_depth_comes_back_to_nothing() {
    let recorder = DebuggingRecorder::new();
    // A local recorder is that of one thread: so is this runtime.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            let handler = handler_fn(|event| async move {
                match id(&event).as_str() {
                    "fails" => Err("no".into()),
                    _ => Ok(()),
                }
            });
            let sink = quick(MemorySink::builder(handler).attempts(3)).build();
            for _ in 0..2 {
                accept(&sink, &callback(&[text("1", "A"), text("2", "B")]))
                    .await
                    .unwrap();
            }
            accept(&sink, &callback(&[text("3", "fails")]))
                .await
                .unwrap();
            accept(&sink, "{}").await.unwrap();
            sink.shutdown(crate::server::PATIENCE).await.unwrap();
        });
    });
    let expect = [
        ("events_dead_lettered_total kind=message", 1.0),
        ("events_duplicate_total kind=message", 2.0),
        ("events_handled_total kind=message", 2.0),
        ("events_handled_total kind=other", 1.0),
        ("events_retried_total kind=message", 2.0),
        ("handler_seconds kind=message,outcome=error", 3.0),
        ("handler_seconds kind=message,outcome=ok", 2.0),
        ("handler_seconds kind=other,outcome=ok", 1.0),
        ("queue_events", 0.0),
    ];
    let expect = expect.map(|(name, value)| (format!("kaleyra_wa_webhook_{name}"), value));
    assert_eq!(figures(&recorder), expect.into());
}
