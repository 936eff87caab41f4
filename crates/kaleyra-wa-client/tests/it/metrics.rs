//! What is counted and measured, by a recorder that keeps it.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use kaleyra_wa_client::transport::{
    Phase, Request, Response, Transport, TransportError, TransportErrorKind, async_trait,
};
use kaleyra_wa_client::{Client, RetryPolicy};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};

use crate::fixtures::{ACCEPTED, USER, answer, client};

/// Every figure by its name and labels: the sum of a counter, the last of a gauge, how many times a histogram measured.
fn figures(recorder: &DebuggingRecorder) -> BTreeMap<String, f64> {
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

/// Runs this alone, and gives all that was counted and measured meanwhile.
fn measured<F: Future<Output = ()>>(run: F) -> BTreeMap<String, f64> {
    let recorder = DebuggingRecorder::new();
    metrics::with_local_recorder(&recorder, || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(run);
    });
    figures(&recorder)
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
    let expect = [
        ("requests_total operation=send,outcome=accepted", 1.0),
        ("requests_total operation=send,outcome=dropped", 1.0),
        ("requests_total operation=send,outcome=indeterminate", 1.0),
        ("requests_total operation=send,outcome=not_sent", 2.0),
        ("requests_total operation=send,outcome=ok", 2.0),
        ("requests_total operation=send,outcome=rejected", 1.0),
        ("retries_total operation=send", 3.0),
        ("request_duration_seconds operation=send", 8.0),
    ];
    let expect = expect.map(|(name, value)| (format!("kaleyra_wa_client_{name}"), value));
    assert_eq!(found, expect.into());
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
    let figures = names.into_iter().flat_map(|name| {
        [
            (format!("requests_total operation={name},outcome=ok"), 1.0),
            (format!("request_duration_seconds operation={name}"), 1.0),
        ]
    });
    let retries = "retries_total operation=phone_number_details".to_owned();
    let expect = figures.chain([(retries, 1.0)]);
    let expect = expect.map(|(name, value)| (format!("kaleyra_wa_client_{name}"), value));
    assert_eq!(found, expect.collect());
}
