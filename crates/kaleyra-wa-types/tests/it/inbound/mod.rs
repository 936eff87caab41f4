//! What senders make of a callback, and what is right then.

mod bodies;
mod contacts;
mod duplicates;
mod events;
mod members;
mod scalars;

use kaleyra_wa_types::inbound::{Callback, Event};
use serde_json::{Value, json};

/// A callback about messages with this value.
fn callback(value: Value) -> Callback {
    let body = json!({"meta_object": {"field": "messages", "value": value}, "extra_info": {}});
    let callback = Callback::from_slice(body.to_string().as_bytes()).unwrap();
    assert_lossless(&callback, &body);
    callback
}

fn assert_lossless(callback: &Callback, came: &Value) {
    let written: Value = serde_json::from_slice(&callback.to_vec()).unwrap();
    assert_eq!(written, *came);
    assert_eq!(serde_json::to_value(callback).unwrap(), *came);
}

/// What each event is: its kind and type.
fn told(callback: &Callback) -> Vec<String> {
    let events: Vec<_> = callback.events().collect();
    for (nth, event) in events.iter().enumerate() {
        assert_eq!(callback.event(nth).as_ref(), Some(event));
    }
    assert_eq!(callback.event(events.len()), None);
    events.iter().map(tell).collect()
}

fn tell(event: &Event<'_>) -> String {
    format!("{} {}", event.kind(), event.type_name())
        .trim_end()
        .to_owned()
}

fn text(from: &str, id: &str) -> Value {
    json!({"from": from, "id": id, "timestamp": "1767225600", "type": "text", "text": {"body": "hello"}})
}
