//! What is counted of an outbox: seen by a recorder.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use kaleyra_wa_outbox::SendState;
use kaleyra_wa_store::outbox::OutboxStore as _;
use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};

use crate::server::Server;
use crate::support::{Folder, SOON, USER, client, reaches, store};

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

// One thread, so that the recorder of this test sees the outbox.
#[tokio::test]
async fn what_is_sent_refused_and_passed_over_is_counted() {
    let seen = Seen::default();
    let _guard = metrics::set_default_local_recorder(&seen);
    let (server, folder) = (Server::start(), Folder::new());
    let kept = store(&folder);
    let outbox = kaleyra_wa_outbox::Outbox::builder(client(&server.url), kept.clone())
        .rate(10_000)
        .start()
        .await
        .unwrap();
    // Its window is closed.
    outbox.enqueue("a", USER, "x").await.unwrap();
    reaches(&outbox, "a", SendState::Skipped).await;
    let template = || kaleyra_wa_client::types::outbound::template::Template::new("t", "en");
    outbox.enqueue("b", USER, template()).await.unwrap();
    reaches(&outbox, "b", SendState::Accepted).await;
    server.refuse("WA400");
    outbox.enqueue("c", USER, template()).await.unwrap();
    reaches(&outbox, "c", SendState::Rejected).await;
    server.refuse("E110");
    outbox.enqueue("d", USER, template()).await.unwrap();
    while outbox.paused().await.unwrap().is_none() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    outbox.shutdown(SOON).await;
    assert_eq!(kept.queued("+918000000001").await.unwrap(), 1);
    for (name, value) in [
        ("kaleyra_wa_outbox_sends_total outcome=accepted", 1.0),
        ("kaleyra_wa_outbox_sends_total outcome=rejected", 1.0),
        ("kaleyra_wa_outbox_sends_total outcome=again", 1.0),
        ("kaleyra_wa_outbox_passed_total", 1.0),
        ("kaleyra_wa_outbox_wait_seconds", 3.0),
        ("kaleyra_wa_outbox_rate", 10_000.0),
        ("kaleyra_wa_outbox_pauses_total what=sender", 1.0),
    ] {
        assert_eq!(seen.value(name), value, "{name}");
    }
    // It was counted at the start, while the first was queued or not yet.
    assert!((0.0..=1.0).contains(&seen.value("kaleyra_wa_outbox_queued")));
}
