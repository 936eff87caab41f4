//! What is counted of an inbox: seen by a recorder.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use kaleyra_wa_inbox::Inbox;
use kaleyra_wa_inbox::webhook::handler_fn;
use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};

use crate::support::{Folder, SOON, idle, send};

/// Sums of counters, numbers of measurements and the last of each gauge, by name and labels.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<BTreeMap<String, f64>>>);

struct One(Seen, String);

impl One {
    fn change(&self, change: impl Fn(f64) -> f64) {
        let mut seen = self.0.0.lock().unwrap();
        let value = seen.entry(self.1.clone()).or_default();
        *value = change(*value);
    }
}

impl CounterFn for One {
    fn increment(&self, by: u64) {
        self.change(|sum| sum + by as f64);
    }

    fn absolute(&self, _: u64) {}
}

impl GaugeFn for One {
    fn increment(&self, by: f64) {
        self.change(|last| last + by);
    }

    fn decrement(&self, by: f64) {
        self.change(|last| last - by);
    }

    fn set(&self, value: f64) {
        self.change(|_| value);
    }
}

impl HistogramFn for One {
    fn record(&self, value: f64) {
        assert!((0.0..100.0).contains(&value), "{value}");
        self.change(|times| times + 1.0);
    }
}

impl Seen {
    fn one(&self, key: &Key) -> Arc<One> {
        let labels = key
            .labels()
            .map(|it| format!("{}={}", it.key(), it.value()));
        let labels: Vec<_> = labels.collect();
        let name = format!("{} {}", key.name(), labels.join(","));
        Arc::new(One(self.clone(), name.trim().to_owned()))
    }

    fn value(&self, name: &str) -> f64 {
        let seen = self.0.lock().unwrap();
        *seen
            .get(name)
            .unwrap_or_else(|| panic!("no {name} in {seen:?}"))
    }
}

impl Recorder for Seen {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.one(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.one(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.one(key))
    }
}

// One thread, so that the recorder of this test sees the inbox; the store has a thread of its own.
#[tokio::test]
async fn what_comes_waits_and_is_left_out_is_counted() {
    let seen = Seen::default();
    let _guard = metrics::set_default_local_recorder(&seen);
    let folder = Folder::new();
    let inbox = Inbox::open(folder.file("bot.db"), handler_fn(async |_| Ok(())));
    let inbox = inbox.await.unwrap();
    for id in ["A", "B", "A"] {
        send(&inbox, "1", id).await.unwrap();
    }
    idle(inbox.store()).await;
    inbox.shutdown(SOON).await;
    send(&inbox, "1", "C").await.unwrap_err();
    let handled = "kaleyra_wa_webhook_events_handled_total kind=message";
    for (name, value) in [
        ("kaleyra_wa_inbox_events_kept_total", 2.0),
        ("kaleyra_wa_inbox_events_duplicate_total", 1.0),
        ("kaleyra_wa_inbox_lag_seconds", 2.0),
        ("kaleyra_wa_inbox_memory_events", 0.0),
        (handled, 2.0),
    ] {
        assert_eq!(seen.value(name), value, "{name}");
    }
    // It was counted at the start, while none, one or both of them were there.
    assert!((0.0..=2.0).contains(&seen.value("kaleyra_wa_inbox_events")));
}
