//! The log of handlers tells kind, type, attempt and failure, and nothing that is personal.

use kaleyra_wa_webhook::{HandlerError, MemorySink, Router, handler_fn};
use serde_json::json;

use super::{accept, quick};
use crate::fixtures::MEDIA_REPLY;
use crate::silence::{Log, assert_silent};

#[tokio::test]
async fn handling_is_told_without_contents() {
    let log = Log::default();
    let _guard = log.listen();

    let failing = handler_fn(async |event| match event.attempt() {
        1 => Err(HandlerError::from(std::io::Error::other(
            "canary 919800000001",
        ))),
        _ => Err("canary 919800000001".into()),
    });
    let sink = quick(MemorySink::builder(failing).attempts(2)).build();
    accept(&sink, MEDIA_REPLY).await.unwrap();
    accept(&sink, MEDIA_REPLY).await.unwrap();
    sink.shutdown(crate::server::PATIENCE).await.unwrap();

    // What says it is a type, and is a number; what no route wants.
    let odd = json!({"meta_object": {"field": "messages", "value": {"messages": [
        {"from": "919800000001", "id": "wamid.ODD", "type": "919800000001"},
        {"from": "919800000001", "id": "wamid.ODDER", "type": "text", "text": 919800000001u64}
    ]}}});
    let sink = MemorySink::new(Router::new(()));
    accept(&sink, &odd.to_string()).await.unwrap();
    let shown = format!("{sink:?} {:?}", MemorySink::builder(Router::new(())));
    sink.shutdown(crate::server::PATIENCE).await.unwrap();

    let log = log.text();
    assert_silent(&log);
    assert_silent(&shown);
    for told in [
        "kaleyra.event.kind=\"message\"",
        "kaleyra.event.type=\"image\"",
        "kaleyra.event.type=\"other\"",
        "kaleyra.event.attempt=2",
        "kaleyra.trace_id=\"trace-media\"",
        "kaleyra.waba_id=\"300000000000001\"",
        "the handler failed with std::io::error::Error",
        "the handler failed with &str",
        "left out a repeated event",
        "an event is a dead letter",
        "meta_object.value.messages[1].text",
    ] {
        assert!(log.contains(told), "no {told} in {log}");
    }
}
