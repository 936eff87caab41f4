//! The batch law: each event of a delivery has its own fate.

use std::time::Instant;

use kaleyra_wa_webhook::{MemorySink, handler_fn};
use serde_json::json;

use super::{Log, accept, burying, callback, finish, id, next, path, quick, send, serving, text};
use crate::server::PATIENCE;

#[tokio::test]
async fn three_are_handled_once_one_is_shown_with_its_path_and_one_is_retried_alone() {
    let log = Log::default();
    let seen = log.clone();
    let handler = handler_fn(move |event| {
        let (id, path) = (id(&event), path(&event));
        seen.note(match &path {
            Some(path) => format!("{id} is malformed at {path}"),
            None => format!("{id} {}", event.attempt()),
        });
        async move {
            match id.as_str() {
                "wamid.FAILS" => Err("the table is gone".into()),
                _ => Ok(()),
            }
        }
    });
    let (builder, mut letters) = burying(quick(MemorySink::builder(handler).attempts(3)));
    let sink = builder.build();
    let server = serving(&sink).await;

    let malformed = json!({"from": "919800000002", "id": "wamid.ODD", "type": "text", "text": 5});
    let response = send(
        &server,
        &callback(&[
            text("919800000001", "wamid.ONE"),
            malformed,
            text("919800000002", "wamid.TWO"),
            text("919800000003", "wamid.FAILS"),
            // Behind the failing one in its own conversation.
            text("919800000003", "wamid.THREE"),
        ]),
    )
    .await;
    assert_eq!(response.status, 200);

    assert_eq!(next(&mut letters).await, "wamid.FAILS 3 error");
    finish(&sink).await;
    assert_eq!(
        log.sorted(),
        [
            "wamid.FAILS 1",
            "wamid.FAILS 2",
            "wamid.FAILS 3",
            "wamid.ODD is malformed at meta_object.value.messages[1].text",
            "wamid.ONE 1",
            "wamid.THREE 1",
            "wamid.TWO 1",
        ]
    );
    assert_eq!(log.lines().last().unwrap(), "wamid.THREE 1", "out of order");
    assert!(letters.try_recv().is_err());
}

/// Each is found at once: to walk past all others, for each of them, would take minutes.
#[tokio::test]
async fn thousands_that_cannot_be_read_take_no_time() {
    const EACH: usize = 4_000;
    let log = Log::default();
    let seen = log.clone();
    let sink = MemorySink::builder(handler_fn(move |event| {
        seen.note(path(&event).unwrap());
        async { Ok(()) }
    }));
    let sink = sink.max_events(EACH * 4).build();
    let [messages, statuses, errors, contacts] =
        [(); 4].map(|()| vec!["no object".repeat(30); EACH]);
    let body = json!({"meta_object": {"field": "messages", "value": {
        "messages": messages, "statuses": statuses, "errors": errors, "contacts": contacts,
    }}});
    let begun = Instant::now();
    accept(&sink, &body.to_string()).await.unwrap();
    finish(&sink).await;
    assert!(begun.elapsed() < PATIENCE / 2, "{:?}", begun.elapsed());
    let lines = log.sorted();
    assert_eq!(lines.len(), EACH * 4);
    assert_eq!(lines[0], "meta_object.value.contacts[0]");
}
