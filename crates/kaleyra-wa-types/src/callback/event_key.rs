//! What tells a repeated event.

use serde_json::Value;

use super::{Event, EventKind, KaleyraStatus, Status, StatusName, StatusType};
use crate::wire::opaque::opaque;

opaque! {
    /// What is the same whenever one event is delivered again, and different for any two events.
    ///
    /// It holds message ids and numbers.
    personal struct EventKey
}

impl Event<'_> {
    /// What tells a repeated event; `None` where nothing in it does, so that only the whole body can be compared.
    ///
    /// | event | made of |
    /// | --- | --- |
    /// | message | its id, even of a malformed one |
    /// | status | id, status, recipient; of a payment or a call also the type and the time |
    /// | Kaleyra's status | id, status, code |
    pub fn key(&self) -> Option<EventKey> {
        match self {
            Self::Message(message) => key("message", [message.id.as_str()]),
            Self::Malformed(part) if part.kind == EventKind::Message => {
                key("message", [part.body.get("id").and_then(Value::as_str)?])
            }
            Self::Status(status) => status_key(status),
            Self::KaleyraStatus(status) => kaleyra_status_key(status),
            Self::Error(_) | Self::Field(_) | Self::Malformed(_) | Self::Other(_) => None,
        }
    }
}

fn status_key(status: &Status) -> Option<EventKey> {
    let id = status.id.as_ref()?.as_str();
    let name = status.status.as_ref()?.meaning();
    let party = status.party();
    let group = party.and_then(|party| party.group_id).unwrap_or_default();
    let user = party.and_then(|party| party.user()).unwrap_or_default();
    match &status.kind {
        None | Some(StatusType::Message) => key("status", [id, name.as_str(), group, user]),
        // A refund comes as one more `captured` of the same message: its time is what differs.
        Some(kind) => {
            let time = status.timestamp.as_ref().map(|time| time.as_str());
            let time = time.unwrap_or_default();
            key(
                "status",
                [id, name.as_str(), group, user, kind.as_str(), time],
            )
        }
    }
}

fn kaleyra_status_key(status: &KaleyraStatus<'_>) -> Option<EventKey> {
    let id = status.message_id?.as_str();
    let name = status.status.map(StatusName::meaning);
    let name = name.as_ref().map_or("", StatusName::as_str);
    let code = status.code.map_or("", |code| code.as_str());
    key("kaleyra", [id, name, code])
}

/// Puts a key together; the first part must not be empty.
fn key<const N: usize>(kind: &str, parts: [&str; N]) -> Option<EventKey> {
    parts.first().filter(|id| !id.is_empty())?;
    let mut key = String::with_capacity(
        parts
            .iter()
            .fold(kind.len(), |sum, part| sum + 1 + part.len()),
    );
    key.push_str(kind);
    for part in parts {
        key.push('/');
        key.push_str(part);
    }
    Some(key.into())
}
