//! The figures that are kept with the feature `metrics`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use kaleyra_wa_webhook::{MemorySink, handler_fn};
use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};

use super::{accept, callback, id, quick, text};

/// Keeps counters and gauges, and counts what goes into histograms.
#[derive(Default)]
struct Kept(Mutex<BTreeMap<String, Arc<AtomicU64>>>);

impl Kept {
    fn place(&self, key: &Key) -> Arc<AtomicU64> {
        let labels: Vec<_> = key.labels().map(|label| label.value().to_owned()).collect();
        let name = key.name().trim_start_matches("kaleyra_wa_webhook_");
        let name = format!("{name} {}", labels.join(" "));
        Arc::clone(self.0.lock().unwrap().entry(name).or_default())
    }
}

impl Recorder for Kept {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.place(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.place(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(Arc::new(Times(self.place(key))))
    }
}

struct Times(Arc<AtomicU64>);

impl HistogramFn for Times {
    fn record(&self, _: f64) {
        CounterFn::increment(&*self.0, 1);
    }
}

#[test]
fn events_are_counted_by_kind_and_the_depth_comes_back_to_nothing() {
    let kept = Kept::default();
    // A local recorder is that of one thread: so is this runtime.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    metrics::with_local_recorder(&kept, || {
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
    let kept = kept.0.into_inner().unwrap();
    let kept: Vec<_> = kept
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.load(Ordering::Relaxed)))
        .collect();
    assert_eq!(
        kept,
        [
            "events_dead_lettered_total message: 1",
            "events_duplicate_total message: 2",
            "events_handled_total message: 2",
            "events_handled_total other: 1",
            "events_retried_total message: 2",
            "handler_seconds message error: 3",
            "handler_seconds message ok: 2",
            "handler_seconds other ok: 1",
            "queue_events : 0",
        ]
    );
}
