//! A kept event as it is shown.

use std::time::SystemTime;

use kaleyra_wa_store::Moment;
use kaleyra_wa_store::inbox::{EventRecord, EventState};
use kaleyra_wa_types::inbound::{Callback, EventKey};
use serde::Serialize;
use serde_json::Value;

use crate::show::event::rfc3339;
use crate::show::line::Line;
use crate::show::style::Tone;

/// A kept event with its body. The order is the documented one.
#[derive(Serialize)]
pub(super) struct RecordJson<'a> {
    id: i64,
    key: Option<EventKey>,
    kind: &'a str,
    #[serde(rename = "type")]
    type_name: Option<String>,
    conversation: Option<&'a str>,
    state: &'a str,
    attempt: u32,
    body: Option<Value>,
    received_at: Option<String>,
    due_at: Option<String>,
    settled_at: Option<String>,
    failure: Option<&'a str>,
}

/// A kept event as it can be imported again: the same, with the rest of what a store has.
#[derive(Serialize)]
pub(super) struct ExportedJson<'a> {
    #[serde(flatten)]
    record: RecordJson<'a>,
    nth: u32,
    fingerprint: Option<String>,
    delivery: i64,
    raw: Option<&'a str>,
}

impl<'a> ExportedJson<'a> {
    /// `delivery` is the number of the first event of its delivery; the body goes along with that one.
    pub(super) fn of(record: &'a EventRecord, callback: Option<&Callback>, delivery: i64) -> Self {
        let raw = record
            .raw
            .as_deref()
            .filter(|_| delivery == record.id.get());
        Self {
            record: RecordJson::of(record, callback),
            nth: record.nth,
            fingerprint: record.fingerprint.map(|it| it.to_string()),
            delivery,
            // What is no text was never read as JSON, and so never kept.
            raw: raw.and_then(|raw| std::str::from_utf8(raw).ok()),
        }
    }
}

impl<'a> RecordJson<'a> {
    /// With what the body says, where it is there; `callback` is the body, read.
    pub(super) fn of(record: &'a EventRecord, callback: Option<&Callback>) -> Self {
        let event = callback.and_then(|callback| callback.event(record.nth as usize));
        let is_due_later = record.state == EventState::Waiting && record.due_at.as_millis() > 0;
        Self {
            id: record.id.get(),
            key: event.as_ref().and_then(|event| event.key()),
            kind: &record.kind,
            type_name: event.as_ref().map(|event| event.type_name().to_owned()),
            conversation: record.conversation.as_deref(),
            state: record.state.as_str(),
            attempt: record.attempt,
            body: event.as_ref().and_then(|event| event.body().to_value()),
            received_at: record.received_at.map(time),
            due_at: is_due_later.then(|| time(record.due_at)),
            settled_at: record.settled_at.map(time),
            failure: record.failure.as_deref(),
        }
    }
}

/// A kept event without its body.
#[derive(Serialize)]
pub(super) struct ListedJson<'a> {
    id: i64,
    kind: &'a str,
    conversation: Option<&'a str>,
    state: &'a str,
    attempt: u32,
    received_at: Option<String>,
    settled_at: Option<String>,
    failure: Option<&'a str>,
}

impl<'a> ListedJson<'a> {
    pub(super) fn of(record: &'a EventRecord) -> Self {
        Self {
            id: record.id.get(),
            kind: &record.kind,
            conversation: record.conversation.as_deref(),
            state: record.state.as_str(),
            attempt: record.attempt,
            received_at: record.received_at.map(time),
            settled_at: record.settled_at.map(time),
            failure: record.failure.as_deref(),
        }
    }
}

/// The body of the delivery, read; it was readable when it was kept.
pub(super) fn callback_of(record: &EventRecord) -> Option<Callback> {
    Callback::from_slice(record.raw.as_ref()?).ok()
}

/// A line for people.
pub(super) fn listed(record: &EventRecord) -> Line {
    let tone = match record.state {
        EventState::Handled => Tone::Good,
        EventState::Dead => Tone::Bad,
        EventState::Waiting | EventState::Running => Tone::User,
        _ => Tone::Quiet,
    };
    let came = record.received_at.map_or_else(|| "-".repeat(24), time);
    let conversation = record.conversation.as_deref().unwrap_or("-");
    let mut line = Line::new(format!("{:>8}  ", record.id.get()))
        .then_toned(Tone::Quiet, came)
        .then_toned(tone, format!("  {:<8}", record.state.as_str()))
        .then(format!("{:<8} {conversation}", record.kind));
    if record.attempt > 1 {
        line = line.then(format!("  attempt {}", record.attempt));
    }
    if let Some(failure) = &record.failure {
        line = line.then("  ").then_toned(Tone::Bad, failure);
    }
    line
}

pub(super) fn time(moment: Moment) -> String {
    rfc3339(SystemTime::from(moment))
}
