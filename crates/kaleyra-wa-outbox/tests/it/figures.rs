//! What is counted of an outbox: seen by a recorder.

use std::collections::BTreeMap;

use kaleyra_wa_outbox::SendState;
use kaleyra_wa_store::outbox::OutboxStore as _;
use metrics_util::debugging::{DebugValue, DebuggingRecorder};

use crate::server::Server;
use crate::support::{Folder, SOON, USER, client, reaches, store};

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

// One thread, so that the recorder of this test sees the outbox.
#[tokio::test]
async fn what_is_sent_refused_and_passed_over_is_counted() {
    let recorder = DebuggingRecorder::new();
    let _guard = metrics::set_default_local_recorder(&recorder);
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
    let figures = figures(&recorder);
    for (name, value) in [
        ("kaleyra_wa_outbox_sends_total outcome=accepted", 1.0),
        ("kaleyra_wa_outbox_sends_total outcome=rejected", 1.0),
        ("kaleyra_wa_outbox_sends_total outcome=again", 1.0),
        ("kaleyra_wa_outbox_passed_total", 1.0),
        ("kaleyra_wa_outbox_wait_seconds", 3.0),
        ("kaleyra_wa_outbox_rate", 10_000.0),
        ("kaleyra_wa_outbox_pauses_total what=sender", 1.0),
    ] {
        assert_eq!(figures.get(name), Some(&value), "{name} in {figures:?}");
    }
    // It was counted at the start, while the first was queued or not yet.
    assert!((0.0..=1.0).contains(&figures["kaleyra_wa_outbox_queued"]));
}
