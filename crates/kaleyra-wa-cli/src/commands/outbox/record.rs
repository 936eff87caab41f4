//! Messages as they are shown.

use jiff::Timestamp;
use kaleyra_wa_store::Moment;
use kaleyra_wa_store::outbox::SendRecord;
use kaleyra_wa_store::tracking::MessageRecord;
use serde::Serialize;
use serde_json::{Value, json};

/// A moment as RFC 3339 has it.
pub(crate) fn time(moment: Moment) -> String {
    Timestamp::from_millisecond(moment.as_millis())
        .map_or_else(|_| moment.as_millis().to_string(), |at| at.to_string())
}

/// A message, as JSON.
#[derive(Serialize)]
pub(crate) struct SendJson<'a> {
    id: i64,
    key: &'a str,
    reference: &'a str,
    recipient: &'a str,
    purpose: &'static str,
    state: &'static str,
    attempt: u32,
    queued_at: String,
    not_before: Option<String>,
    expires_at: Option<String>,
    next_at: Option<String>,
    flown_at: Option<String>,
    landed_at: Option<String>,
    as_template: bool,
    http: Option<u16>,
    code: Option<&'a str>,
    message_id: Option<&'a str>,
    retry_of: Option<i64>,
    reason: Option<&'a str>,
    message: Option<Value>,
}

impl<'a> SendJson<'a> {
    pub(crate) fn of(send: &'a SendRecord) -> Self {
        let due = |moment: &Moment| moment.as_millis() > 0;
        Self {
            id: send.id.get(),
            key: &send.key,
            reference: &send.reference,
            recipient: &send.recipient,
            purpose: send.purpose.as_str(),
            state: send.state.as_str(),
            attempt: send.attempt,
            queued_at: time(send.queued_at),
            not_before: Some(send.not_before).filter(due).map(time),
            expires_at: send.expires_at.map(time),
            next_at: send.next_at.filter(due).map(time),
            flown_at: send.flown_at.map(time),
            landed_at: send.landed_at.map(time),
            as_template: send.as_fallback,
            http: send.http,
            code: send.code.as_deref(),
            message_id: send.message_id.as_deref(),
            retry_of: send.retry_of.map(|id| id.get()),
            reason: send.reason.as_deref(),
            message: send.message.as_ref().map(message_json),
        }
    }
}

/// What callbacks said, as JSON.
pub(crate) fn message_json(message: &MessageRecord) -> Value {
    json!({
        "stage": message.stage().map(|stage| stage.as_str()),
        "accepted_at": message.accepted_at.map(time),
        "sent_at": message.sent_at.map(time),
        "delivered_at": message.delivered_at.map(time),
        "read_at": message.read_at.map(time),
        "failed_at": message.failed_at.map(time),
        "code": message.code,
        "title": message.title,
        "ids": message.ids,
    })
}
