//! What is counted: seen by a recorder.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use http_body_util::Full;
use hyper::service::Service;
use kaleyra_wa_webhook::bytes::Bytes;
use kaleyra_wa_webhook::http::Request;
use kaleyra_wa_webhook::{SinkError, WebhookService, sink_fn};
use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};

use crate::fixtures::{BUTTON, MEDIA_REPLY};
use crate::server::{SECRET, receiver};

/// Sums of counters and numbers of measurements, by name and labels.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<BTreeMap<String, u64>>>);

struct One(Seen, String);

impl One {
    fn add(&self, value: u64) {
        let mut seen = self.0.0.lock().unwrap();
        *seen.entry(self.1.clone()).or_default() += value;
    }
}

impl CounterFn for One {
    fn increment(&self, value: u64) {
        self.add(value);
    }

    fn absolute(&self, _: u64) {}
}

impl HistogramFn for One {
    fn record(&self, value: f64) {
        assert!((0.0..60.0).contains(&value), "{value} s");
        self.add(1);
    }
}

impl Seen {
    fn one(&self, key: &Key) -> Arc<One> {
        let labels: Vec<_> = key
            .labels()
            .map(|label| format!("{}={}", label.key(), label.value()))
            .collect();
        Arc::new(One(
            self.clone(),
            format!("{} {}", key.name(), labels.join(",")),
        ))
    }
}

impl Recorder for Seen {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.one(key))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.one(key))
    }
}

// One thread, so that the recorder of this test sees its service.
#[tokio::test]
async fn answers_events_and_unknown_fields_are_counted() {
    let seen = Seen::default();
    let _guard = metrics::set_default_local_recorder(&seen);
    let sink = sink_fn(
        |delivery: kaleyra_wa_webhook::ReceivedCallback| async move {
            match delivery.raw == MEDIA_REPLY {
                true => Err(SinkError::new("full")),
                false => Ok(()),
            }
        },
    );
    let service = WebhookService::new(receiver(), sink);
    let odd = BUTTON.replacen("\"type\":", "\"shade\":\"canary\",\"type\":", 1);
    let request = |secret: &str, body: &str| {
        let request = Request::post("/").header("x-kaleyra-secret", secret);
        request
            .body(Full::new(Bytes::from(body.to_owned())))
            .unwrap()
    };
    for (secret, body) in [
        (SECRET, BUTTON),
        (SECRET, &*odd),
        (SECRET, "{}"),
        // Not taken, so not counted as events: it comes again.
        (SECRET, MEDIA_REPLY),
        ("wrong", BUTTON),
        (SECRET, "[]"),
    ] {
        service.call(request(secret, body)).await.unwrap();
    }
    let health = Request::get("/healthz").body(Full::<Bytes>::default());
    service.call(health.unwrap()).await.unwrap();

    let seen: Vec<_> = std::mem::take(&mut *seen.0.lock().unwrap())
        .into_iter()
        .collect();
    let expect = [
        ("kaleyra_wa_webhook_deliveries_total status=200", 3),
        ("kaleyra_wa_webhook_deliveries_total status=400", 1),
        ("kaleyra_wa_webhook_deliveries_total status=401", 1),
        ("kaleyra_wa_webhook_deliveries_total status=503", 1),
        ("kaleyra_wa_webhook_delivery_duration_seconds status=200", 3),
        ("kaleyra_wa_webhook_delivery_duration_seconds status=400", 1),
        ("kaleyra_wa_webhook_delivery_duration_seconds status=401", 1),
        ("kaleyra_wa_webhook_delivery_duration_seconds status=503", 1),
        ("kaleyra_wa_webhook_events_total kind=message", 2),
        ("kaleyra_wa_webhook_events_total kind=other", 1),
        ("kaleyra_wa_webhook_unknown_fields_total ", 1),
    ];
    assert_eq!(seen, expect.map(|(name, value)| (name.to_owned(), value)));
}
