//! Entries as the log shows them.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Entry, Fact};
use crate::model::delivery_error::DeliveryError;
use crate::time::moment;

/// How much of a body the log shows; the entry itself has all of it.
const EXCERPT: usize = 2048;

impl Entry {
    /// The entry as JSON. Bodies are cut to 2,048 characters unless they are wanted `whole`; those that are no text show their
    /// length only.
    pub fn to_json(&self, whole: bool) -> Value {
        let mut members = Map::new();
        members.insert("number".to_owned(), self.number.into());
        members.insert("at".to_owned(), moment::format(self.at).into());
        members.insert("what".to_owned(), self.fact.name().into());
        if let Some(cause) = self.cause {
            members.insert("cause".to_owned(), cause.into());
        }
        if let Some(conversation) = &self.conversation {
            members.insert("business".to_owned(), conversation.business.as_str().into());
            members.insert("user".to_owned(), conversation.user.as_str().into());
        }
        if let Some(basis) = self.basis {
            members.insert("basis".to_owned(), basis.as_str().into());
            members.insert("source".to_owned(), basis.source().into());
        }
        if let Value::Object(fact) = self.fact.members(whole) {
            members.extend(fact);
        }
        Value::Object(members)
    }
}

impl Fact {
    fn members(&self, whole: bool) -> Value {
        match self {
            Self::Request(it) => json!({
                "method": it.method,
                "path": it.path,
                "headers": headers(&it.headers),
                "bytes": it.body.len(),
                "body": body(&it.body, whole),
            }),
            Self::Response(it) => json!({
                "status": it.status,
                "headers": headers(&it.headers),
                "bytes": it.body.len(),
                "body": body(&it.body, whole),
                "ms": millis(it.took),
            }),
            Self::Accepted(message) => json!({"message": message.to_json()}),
            Self::Uploaded(media) => json!({"media": media.to_json()}),
            Self::Blocked { added, failed } => json!({"added": added, "failed": failed}),
            Self::Unblocked { removed } => json!({"removed": removed}),
            Self::Read { what } => json!({"thing": what}),
            Self::KeyLeaked => json!({}),
            Self::Rejected { status, code, why } => json!({
                "status": status,
                "code": code.as_ref().map(|code| code.as_str()),
                "why": why,
            }),
            Self::Unanswered { fault } => json!({"fault": fault.to_string()}),
            Self::MarkedRead {
                message_id,
                is_typing,
            } => json!({"message_id": message_id, "typing": is_typing}),
            Self::UserWrote {
                message_id,
                type_name,
            } => json!({"message_id": message_id, "type": type_name}),
            Self::Phone { what } | Self::Changed { what } => json!({"change": what}),
            Self::Status(it) => json!({
                "message_id": it.wamid,
                "status": it.status,
                "error": it.error.as_ref().map(DeliveryError::to_json),
            }),
            Self::Callback(it) => json!({
                "kind": it.kind,
                "event": it.event,
                "message_id": it.about,
                "bytes": it.body.len(),
                "body": body(&it.body, whole),
            }),
            Self::Attempt(it) => json!({
                "attempt": it.attempt,
                "status": it.result.as_ref().ok(),
                "why": it.result.as_ref().err(),
                "headers": headers(&it.headers),
                "changed_body": it.changed_body.as_ref().map(|changed| body(changed, whole)),
                "answer": body(&it.answer, whole),
                "ms": millis(it.took),
            }),
            Self::CallbackPosted {
                kind,
                status,
                attempts,
            } => json!({"kind": kind, "status": status, "attempts": attempts}),
            Self::CallbackFailed {
                kind,
                why,
                attempts,
            } => json!({"kind": kind, "why": why, "attempts": attempts}),
            Self::FaultHit { rule, key } => json!({"rule": rule, "key": key}),
        }
    }
}

fn headers(headers: &[(String, String)]) -> Value {
    headers
        .iter()
        .map(|(name, value)| json!([name, value]))
        .collect()
}

fn body(bytes: &[u8], whole: bool) -> Value {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Value::Null;
    };
    let excerpt = match text.char_indices().nth(EXCERPT) {
        Some((end, _)) if !whole => &text[..end],
        _ => text,
    };
    excerpt.into()
}

fn millis(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e6).round() / 1e3
}
