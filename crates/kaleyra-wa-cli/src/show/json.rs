//! Events as lines of JSON.

use std::time::SystemTime;

use kaleyra_wa_types::inbound::{Callback, Event};
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
    let around = Around::of(callback, received_at)?;
    callback.events().map(|event| around.line(&event)).collect()
}

/// What each event's line says of the callback that it came in.
pub(crate) struct Around {
    extra_info: Value,
    contacts: Value,
    metadata: Value,
    kaleyra: Map<String, Value>,
    received_at: String,
}

impl Around {
    /// What is around the events is taken as it came, so that a shape that can't be read is there as well.
    pub(crate) fn of(callback: &Callback, received_at: SystemTime) -> serde_json::Result<Self> {
        let mut whole = serde_json::to_value(callback)?;
        let kaleyra = ["status", "message_id", "code", "reason"]
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), whole.get(name)?.clone())))
            .collect();
        let mut take = |path: &str| whole.pointer_mut(path).map(Value::take).unwrap_or_default();
        Ok(Self {
            extra_info: take("/extra_info"),
            contacts: take("/meta_object/value/contacts"),
            metadata: take("/meta_object/value/metadata"),
            kaleyra,
            received_at: rfc3339(received_at),
        })
    }

    /// One event as a line of JSON.
    pub(crate) fn line(&self, event: &Event<'_>) -> serde_json::Result<Line> {
        let error = match event {
            Event::Malformed(part) => Some(format!("{}: {}", part.path, part.reason)),
            _ => None,
        };
        Line::json(&EventJson {
            kind: event.kind().as_str(),
            type_name: event.type_name(),
            id: event.id(),
            from: event.user(),
            body: event.body().to_value().unwrap_or_default(),
            extra_info: &self.extra_info,
            received_at: &self.received_at,
            error,
            contacts: &self.contacts,
            metadata: &self.metadata,
            kaleyra: &self.kaleyra,
        })
    }
}
