//! What is counted of an inbox: seen by a recorder.

use std::collections::BTreeMap;

use kaleyra_wa_inbox::Inbox;
use kaleyra_wa_inbox::webhook::handler_fn;
use metrics_util::debugging::{DebugValue, DebuggingRecorder};

use crate::support::{Folder, SOON, idle, send};

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

// One thread, so that the recorder of this test sees the inbox; the store has a thread of its own.
#[tokio::test]
async fn what_comes_waits_and_is_left_out_is_counted() {
    let recorder = DebuggingRecorder::new();
    let _guard = metrics::set_default_local_recorder(&recorder);
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
    let figures = figures(&recorder);
    for (name, value) in [
        ("kaleyra_wa_inbox_events_kept_total", 2.0),
        ("kaleyra_wa_inbox_events_duplicate_total", 1.0),
        ("kaleyra_wa_inbox_lag_seconds", 2.0),
        ("kaleyra_wa_inbox_memory_events", 0.0),
        (handled, 2.0),
    ] {
        assert_eq!(figures.get(name), Some(&value), "{name} in {figures:?}");
    }
    // It was counted at the start, while none, one or both of them were there.
    assert!((0.0..=2.0).contains(&figures["kaleyra_wa_inbox_events"]));
}
