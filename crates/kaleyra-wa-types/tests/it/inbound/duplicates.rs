//! Fields that came twice: the last counts, and what was left out is told.

use kaleyra_wa_types::inbound::{Callback, Event, EventKind};

#[test]
fn what_was_left_out_is_told() {
    for (body, path, kind) in [
        (
            r#"{"meta_object":{"field":"messages","value":{"messages":[{"id":"wamid.C","type":"text","text":{"body":"one"}}],
                "messages":[{"id":"wamid.D","type":"text","text":{"body":"two"}}]}}}"#,
            "meta_object.value.messages",
            EventKind::Message,
        ),
        (
            r#"{"meta_object":{"value":{"messages":[{"id":"wamid.C","id":"wamid.D","type":"text","text":{"body":"two"}}]}}}"#,
            "meta_object.value.messages[0].id",
            EventKind::Message,
        ),
        (
            r#"{"extra_info":{"ref":"a"},"meta_object":{"value":{"messages":[{"id":"wamid.D","type":"text","text":{"body":"two"}}]}},"extra_info":{}}"#,
            "extra_info",
            EventKind::Other,
        ),
        (
            r#"{"entry":[{"changes":[{"value":{"statuses":[{"id":"x"}],"messages":[{"id":"wamid.D"}],"statuses":[]}}]}]}"#,
            "entry[0].changes[0].value.statuses",
            EventKind::Status,
        ),
        (
            r#"[{"meta_object":{"value":{"messages":[{"id":"wamid.D","shade":1,"shade":2}]}}}]"#,
            "[0].meta_object.value.messages[0].shade",
            EventKind::Message,
        ),
        (
            r#""{\"meta_object\":{\"value\":{\"messages\":[{\"id\":\"wamid.C\",\"id\":\"wamid.D\"}]}}}""#,
            "meta_object.value.messages[0].id",
            EventKind::Message,
        ),
    ] {
        let callback = Callback::from_slice(body.as_bytes()).unwrap();
        assert_eq!(callback.dropped_members().collect::<Vec<_>>(), [path]);
        let message = callback.messages().next().unwrap();
        assert_eq!(message.id.as_str(), "wamid.D", "{body}");
        let last = callback.events().last().unwrap();
        let Event::Malformed(part) = &last else {
            panic!("{last:?}")
        };
        assert_eq!((part.path.as_str(), part.kind), (path, kind));
        assert!(part.reason.contains("same name"), "{}", part.reason);
    }
    use kaleyra_wa_types::outbound::decode;
    for (body, path) in [
        (
            r#"{"to":"1","type":"text","text":{"body":"a","body":"b"}}"#,
            "text.body",
        ),
        (
            r#"{"messaging_object":{"type":"text","to":"1","text":{"body":"b"},"to":"2"}}"#,
            "messaging_object.to",
        ),
        (
            r#"{"status":"read","message_id":"a","message_id":"b"}"#,
            "message_id",
        ),
    ] {
        let decoded = decode(body.as_bytes()).unwrap();
        assert_eq!(decoded.dropped_members().collect::<Vec<_>>(), [path]);
    }
    let plain = br#"{"meta_object":{"value":{"messages":[{"id":"wamid.D","text":{"body":"1"}},{"id":"wamid.E"}]}}}"#;
    assert_eq!(
        Callback::from_slice(plain)
            .unwrap()
            .dropped_members()
            .count(),
        0
    );
}
