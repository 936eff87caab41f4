//! Limits of what can be tapped, of orders, places and address book entries: what breaks which, and where.

mod actions;
mod carousels;
mod false_alarms;
mod links;
mod misses;
mod orders;
mod parts;
mod plain;

use kaleyra_wa_types::outbound::{Content, MessagingObject, decode};
use kaleyra_wa_types::{PhoneNumber, SendRequest};
use serde_json::Value;

use crate::fixtures::one;

/// Puts `value` at `pointer` of a fixture's message and compares what is wrong with it then. Paths are those below the
/// content. `null` takes a field out.
fn check(fixture: &str, pointer: &str, value: impl Into<Value>, expected: &[&str]) {
    let mut came: Value =
        serde_json::from_slice(&one(&format!("requests/{fixture}.json"))).unwrap();
    let content = came["messaging_object"]["type"]
        .as_str()
        .unwrap()
        .to_owned();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = came["messaging_object"][&content]
        .pointer_mut(parent)
        .unwrap_or_else(|| panic!("{fixture} has no {pointer}"));
    match (parent, value.into()) {
        (Value::Object(members), Value::Null) => drop(members.remove(name)),
        (Value::Object(members), value) => drop(members.insert(name.to_owned(), value)),
        (Value::Array(elements), value) if name == "-" => elements.push(value),
        (Value::Array(elements), value) => elements[name.parse::<usize>().unwrap()] = value,
        _ => panic!("{fixture} has no {pointer}"),
    }
    let request: SendRequest = serde_json::from_value(came).unwrap();
    let root = format!("messaging_object.{content}");
    let found: Vec<String> = request
        .violations()
        .iter()
        .map(|violation| {
            let shown = violation.to_string();
            let below = shown.strip_prefix(&root).unwrap_or(&shown);
            below.trim_start_matches('.').to_owned()
        })
        .collect();
    assert_eq!(found, expected, "{fixture} {pointer}");
}

/// As [`check`], for many places below `root`; the expected paths are those below `below`.
fn check_all(cases: &[(&str, &str, Value, &[&str])], root: &str, below: &str) {
    for (fixture, pointer, value, expected) in cases {
        let expected: Vec<String> = expected
            .iter()
            .map(|violation| format!("{below}.{violation}"))
            .collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        check(
            fixture,
            &format!("{root}{pointer}"),
            value.clone(),
            &expected,
        );
    }
}

fn violations(content: impl Into<Content>) -> Vec<String> {
    let asha: PhoneNumber = "+919800000001".parse().unwrap();
    let request = SendRequest::new(MessagingObject::new(asha, content));
    let found = request.violations();
    found.iter().map(ToString::to_string).collect()
}

/// What something breaks that was read from the wire.
fn wire_violations(came: &Value) -> Vec<String> {
    let read = decode(came.to_string().as_bytes()).unwrap();
    assert_eq!(read.error(), None);
    read.violations().iter().map(ToString::to_string).collect()
}

fn long(length: usize) -> String {
    "\u{928}".repeat(length)
}
