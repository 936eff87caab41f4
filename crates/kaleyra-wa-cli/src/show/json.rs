//! Events as lines of JSON.

use std::time::SystemTime;

use kaleyra_wa_types::callback::{Callback, Event};
use serde::Serialize;
use serde_json::{Map, Value};

use super::event::rfc3339;
use super::line::Line;

/// One event. The order is the documented one.
#[derive(Serialize)]
struct EventJson<'a> {
    kind: &'static str,
    #[serde(rename = "type")]
    type_name: &'a str,
    id: Option<&'a str>,
    from: Option<&'a str>,
    body: Value,
    extra_info: &'a Value,
    received_at: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    contacts: &'a Value,
    metadata: &'a Value,
    #[serde(skip_serializing_if = "Map::is_empty")]
    kaleyra: &'a Map<String, Value>,
}

/// Each event of the callback as one line of JSON.
pub(crate) fn json_lines(
    callback: &Callback,
    received_at: SystemTime,
) -> serde_json::Result<Vec<Line>> {
    // What is around the events is taken as it came, so that a shape that can't be read is there as well.
    let whole = serde_json::to_value(callback)?;
    let value = &whole["meta_object"]["value"];
    let kaleyra: Map<String, Value> = ["status", "message_id", "code", "reason"]
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), whole.get(name)?.clone())))
        .collect();
    let received_at = rfc3339(received_at);
    let line = |event: Event<'_>| {
        let error = match &event {
            Event::Malformed(part) => Some(format!("{}: {}", part.path, part.reason)),
            _ => None,
        };
        Line::json(&EventJson {
            kind: event.kind().as_str(),
            type_name: event.type_name(),
            id: event.id(),
            from: event.user(),
            body: event.body().to_value().unwrap_or_default(),
            extra_info: &whole["extra_info"],
            received_at: &received_at,
            error,
            contacts: &value["contacts"],
            metadata: &value["metadata"],
            kaleyra: &kaleyra,
        })
    };
    callback.events().map(line).collect()
}
