//! An event with the delivery that it came in.

use std::time::SystemTime;

use kaleyra_wa_webhook::types::inbound::Event;
use kaleyra_wa_webhook::{IncomingEvent, ReceivedCallback};
use serde_json::{Value, json};

use super::text;

fn events(body: &Value) -> Vec<IncomingEvent> {
    let raw = body.to_string().into();
    IncomingEvent::all(ReceivedCallback::from_raw(raw, SystemTime::now()).unwrap())
}

fn conversations(body: &Value) -> Vec<Option<String>> {
    let events = events(body);
    let conversations = events.iter().map(IncomingEvent::conversation);
    conversations
        .map(|it| it.map(|it| it.as_str().to_owned()))
        .collect()
}

#[test]
fn each_is_what_the_delivery_has_at_its_place() {
    let bodies = [
        json!({"meta_object": {"field": "messages", "value": {
            "messages": [text("1", "A"), {"id": 5, "text": 5}, text("1", "B"), {"type": 1, "text": 2}, text("2", "C")],
            "statuses": [{"id": "D", "status": "sent"}, {"id": [1]}, {"id": "E", "status": "read"}],
            "errors": [{"code": 1}, 7, {"code": 2}],
            "contacts": [8]
        }}, "extra_info": 9}),
        json!({"meta_object": {"field": "account_update", "value": {"messages": [text("1", "A")]}}}),
        json!({"status": "not sent", "message_id": "A"}),
        json!({"something": "else"}),
        json!({}),
    ];
    for body in bodies {
        let events = events(&body);
        assert!(!events.is_empty());
        let delivery = events[0].delivery().clone();
        let expect: Vec<Event<'_>> = delivery.events().collect();
        assert_eq!(
            events.iter().map(IncomingEvent::event).collect::<Vec<_>>(),
            expect
        );
        for event in &events {
            let message = match event.event() {
                Event::Message(message) => Some(message),
                _ => None,
            };
            assert_eq!(event.message(), message);
        }
    }
}

#[test]
fn conversations_are_named_by_whatever_identity_there_is() {
    let body = |value: Value| json!({"meta_object": {"field": "messages", "value": value}});
    for (value, expect) in [
        (json!({"messages": [text("1", "A")]}), Some("1")),
        (
            json!({"messages": [{"id": "A", "from": "1", "from_user_id": "IN.1"}]}),
            Some("1"),
        ),
        (
            json!({"messages": [{"id": "A", "from_user_id": "IN.1"}]}),
            Some("IN.1"),
        ),
        (
            json!({"messages": [{"id": "A", "from": "1", "group_id": "G"}]}),
            Some("G"),
        ),
        (
            json!({"messages": [{"id": "A", "from": "9", "to": "1"}]}),
            Some("1"),
        ),
        (
            json!({"messages": [{"id": "A", "from": "1", "text": 5}]}),
            Some("1"),
        ),
        (json!({"messages": [{"id": "A"}]}), None),
        (json!({"messages": [5]}), None),
        (
            json!({"statuses": [{"id": "A", "recipient_id": "1"}]}),
            Some("1"),
        ),
        (
            json!({"statuses": [{"id": "A", "recipient_user_id": "IN.1"}]}),
            Some("IN.1"),
        ),
        (
            json!({"statuses": [{"id": "A", "recipient_id": "G", "recipient_type": "group",
                "recipient_participant_id": "1"}]}),
            Some("G"),
        ),
        (json!({"errors": [{"code": 1}]}), None),
    ] {
        let found = conversations(&body(value.clone()));
        assert_eq!(found, [expect.map(str::to_owned)], "{value}");
    }
    assert_eq!(
        conversations(&json!({"status": "not sent", "message_id": "A"})),
        [None]
    );
}
