//! What is counted and measured, by a recorder that keeps it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kaleyra_wa_client::transport::{
    Phase, Request, Response, Transport, TransportError, TransportErrorKind, async_trait,
};
use kaleyra_wa_client::{Client, RetryPolicy};
use metrics::{
    Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};

use crate::fixtures::{ACCEPTED, USER, answer, client};

/// Keeps counts, and how often each time was measured.
#[derive(Default)]
struct Kept {
    counters: Mutex<BTreeMap<String, Arc<AtomicU64>>>,
    histograms: Mutex<BTreeMap<String, Arc<Times>>>,
}

#[derive(Default)]
struct Times(AtomicU64);

impl HistogramFn for Times {
    fn record(&self, seconds: f64) {
        assert!((0.0..60.0).contains(&seconds), "{seconds}");
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn named(key: &Key) -> String {
    let labels: Vec<_> = key
        .labels()
        .map(|label| format!("{}={}", label.key(), label.value()))
        .collect();
    format!("{}{{{}}}", key.name(), labels.join(","))
}

impl Recorder for Kept {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let mut counters = self.counters.lock().unwrap();
        Counter::from_arc(counters.entry(named(key)).or_default().clone())
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        let mut histograms = self.histograms.lock().unwrap();
        Histogram::from_arc(histograms.entry(named(key)).or_default().clone())
    }
}

/// Runs this alone, and gives all that was counted and measured meanwhile.
fn measured<F: Future<Output = ()>>(run: F) -> Vec<(String, u64)> {
    let kept = Kept::default();
    metrics::with_local_recorder(&kept, || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(run);
    });
    let counters = kept.counters.into_inner().unwrap();
    let counts = counters
        .into_iter()
        .map(|(name, count)| (name, count.load(Ordering::Relaxed)));
    let histograms = kept.histograms.into_inner().unwrap();
    let times = histograms
        .into_iter()
        .map(|(name, times)| (name, times.0.load(Ordering::Relaxed)));
    let mut found: Vec<_> = counts.chain(times).collect();
    found.sort();
    found
}

/// Takes one step for each request: a response, none for ever (0), or a fault.
struct Script(&'static [Result<(u16, &'static str), Phase>], Mutex<usize>);

#[async_trait]
impl Transport for Script {
    async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
        let step = {
            let mut at = self.1.lock().unwrap();
            *at += 1;
            self.0[*at - 1]
        };
        match step {
            Ok((0, _)) => std::future::pending().await,
            Ok((status, body)) => Ok(answer(status, body)),
            Err(phase) => Err(TransportError::new(phase, TransportErrorKind::Timeout)),
        }
    }
}

fn scripted(steps: &'static [Result<(u16, &'static str), Phase>]) -> Client {
    let soon = RetryPolicy::default().longest_wait(Duration::ZERO);
    client(Script(steps, Mutex::new(0))).with_retry(soon)
}

#[test]
fn sends_by_outcome_with_their_times_and_tries() {
    let found = measured(async {
        let client = scripted(&[
            Ok((202, ACCEPTED)),
            Ok((202, "")),
            Ok((400, "")),
            Err(Phase::InFlight),
            Err(Phase::Connect),
            Err(Phase::Connect),
            Err(Phase::Connect),
            Err(Phase::Connect),
            Ok((202, ACCEPTED)),
            Ok((0, "never")),
        ]);
        for _ in 0..6 {
            let _ = client.send(USER, "Hello").await;
        }
        let _ = client.send("98000", "Hello").await;
        let sending = client.send(USER, "Hello").into_future();
        let _ = tokio::time::timeout(Duration::from_millis(1), sending).await;
        // One that was never begun is none.
        drop(client.send(USER, "Hello").into_future());
    });
    let requests =
        |outcome| format!("kaleyra_wa_client_requests_total{{operation=send,outcome={outcome}}}");
    let mut expected = vec![
        (requests("accepted"), 1),
        (requests("dropped"), 1),
        (requests("indeterminate"), 1),
        (requests("not_sent"), 2),
        (requests("ok"), 2),
        (requests("rejected"), 1),
        (
            "kaleyra_wa_client_retries_total{operation=send}".to_owned(),
            3,
        ),
        (
            "kaleyra_wa_client_request_duration_seconds{operation=send}".to_owned(),
            8,
        ),
    ];
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn every_operation_has_its_name() {
    let found = measured(async {
        let client = scripted(&[
            Ok((200, "")),
            Ok((200, r#"{"code":"WA200","data":{}}"#)),
            Ok((200, r#"{"code":"WA200","data":{}}"#)),
            Ok((200, r#"{"code":"WA200","data":{}}"#)),
            Ok((503, "")),
            Ok((200, r#"{"code":"WA200","data":{}}"#)),
        ]);
        client.mark_read("wamid.A").await.unwrap();
        client.block([USER]).await.unwrap();
        client.unblock([USER]).await.unwrap();
        client.blocked_users().await.unwrap();
        client.phone_number_details().await.unwrap();
    });
    let names = [
        "block",
        "blocked_users",
        "mark_read",
        "phone_number_details",
        "unblock",
    ];
    let mut expected: Vec<_> = names
        .map(|name| {
            (
                format!("kaleyra_wa_client_requests_total{{operation={name},outcome=ok}}"),
                1,
            )
        })
        .into();
    expected.push((
        "kaleyra_wa_client_retries_total{operation=phone_number_details}".to_owned(),
        1,
    ));
    expected.extend(names.map(|name| {
        (
            format!("kaleyra_wa_client_request_duration_seconds{{operation={name}}}"),
            1,
        )
    }));
    expected.sort();
    assert_eq!(found, expected);
}
