//! What is counted: seen by a recorder.

use std::collections::BTreeMap;

use http_body_util::Full;
use hyper::service::Service;
use kaleyra_wa_webhook::bytes::Bytes;
use kaleyra_wa_webhook::http::Request;
use kaleyra_wa_webhook::{SinkError, WebhookService, sink_fn};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};

use crate::fixtures::{BUTTON, MEDIA_REPLY};
use crate::server::{SECRET, receiver};

/// Every figure by its name and labels: the sum of a counter, the last of a gauge, how many times a histogram measured.
pub(crate) fn figures(recorder: &DebuggingRecorder) -> BTreeMap<String, f64> {
    let kept = recorder.snapshotter().snapshot().into_vec().into_iter();
    kept.map(|(key, _, _, value)| {
        let key = key.key();
        let labels: Vec<_> = key
            .labels()
            .map(|label| format!("{}={}", label.key(), label.value()))
            .collect();
        let value = match value {
            DebugValue::Counter(sum) => sum as f64,
            DebugValue::Gauge(last) => last.into_inner(),
            DebugValue::Histogram(seconds) => {
                assert!(seconds.iter().all(|it| (0.0..100.0).contains(&**it)));
                seconds.len() as f64
            }
        };
        let name = format!("{} {}", key.name(), labels.join(","));
        (name.trim_end().to_owned(), value)
    })
    .collect()
}

// One thread, so that the recorder of this test sees its service.
#[tokio::test]
async fn answers_events_and_unknown_fields_are_counted() {
    let recorder = DebuggingRecorder::new();
    let _guard = metrics::set_default_local_recorder(&recorder);
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

    let expect = [
        ("kaleyra_wa_webhook_deliveries_total status=200", 3.0),
        ("kaleyra_wa_webhook_deliveries_total status=400", 1.0),
        ("kaleyra_wa_webhook_deliveries_total status=401", 1.0),
        ("kaleyra_wa_webhook_deliveries_total status=503", 1.0),
        (
            "kaleyra_wa_webhook_delivery_duration_seconds status=200",
            3.0,
        ),
        (
            "kaleyra_wa_webhook_delivery_duration_seconds status=400",
            1.0,
        ),
        (
            "kaleyra_wa_webhook_delivery_duration_seconds status=401",
            1.0,
        ),
        (
            "kaleyra_wa_webhook_delivery_duration_seconds status=503",
            1.0,
        ),
        ("kaleyra_wa_webhook_events_total kind=message", 2.0),
        ("kaleyra_wa_webhook_events_total kind=other", 1.0),
        ("kaleyra_wa_webhook_unknown_fields_total", 1.0),
    ];
    let expect = expect.map(|(name, value)| (name.to_owned(), value));
    assert_eq!(figures(&recorder), BTreeMap::from(expect));
}
