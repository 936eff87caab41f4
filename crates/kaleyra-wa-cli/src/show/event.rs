//! One event of a callback as lines for people.

use std::time::SystemTime;

use kaleyra_wa_types::inbound::{Callback, Event, Message, MessageContent, MetaError};
use serde_json::Value;

use super::line::Line;
use super::message::{advice_on, errors_say, message_says};
use super::style::Tone;

/// The event for people: when, what, who and what it says in a line, and what identifies it in a second.
pub(crate) fn text_lines(
    callback: &Callback,
    event: &Event<'_>,
    received_at: SystemTime,
) -> Vec<Line> {
    let what = format!("{:<8}{:<11} ", event.kind().as_str(), event.type_name());
    let mut line = Line::toned(Tone::Quiet, clock(received_at))
        .then("  ")
        .then_toned(tone_of(event), what)
        .then(who(callback, event));
    let said = says(event);
    if !said.is_empty() {
        line = line.then("  ").then(said);
    }
    let mut lines = vec![line];
    let details = details(callback, event);
    if !details.is_empty() {
        lines.push(Line::new("          ").then_toned(Tone::Quiet, details.join("  ")));
    }
    let indented = |text: String| Line::new("          ").then(text);
    lines.extend(advice(event).into_iter().map(indented));
    lines
}

/// A moment as RFC 3339 in UTC, to the millisecond.
pub(crate) fn rfc3339(moment: SystemTime) -> String {
    jiff::Timestamp::try_from(moment)
        .map_or_else(|_| String::new(), |moment| format!("{moment:.3}"))
}

/// The time of day, in UTC.
pub(crate) fn clock(moment: SystemTime) -> String {
    rfc3339(moment).get(11..19).unwrap_or_default().to_owned()
}

fn tone_of(event: &Event<'_>) -> Tone {
    match event {
        Event::Message(_) => Tone::User,
        Event::Status(_) => Tone::Business,
        Event::KaleyraStatus(_) | Event::Error(_) | Event::Malformed(_) => Tone::Bad,
        _ => Tone::Title,
    }
}

fn who(callback: &Callback, event: &Event<'_>) -> String {
    let user = event.user().unwrap_or_default();
    match event {
        Event::Message(message) => match callback
            .contact_of(message)
            .and_then(|contact| contact.name())
        {
            Some(name) => format!("{name} ({user})"),
            None => user.to_owned(),
        },
        _ => user.to_owned(),
    }
}

/// What the event says, in words.
pub(crate) fn says(event: &Event<'_>) -> String {
    match event {
        Event::Message(message) => message_says(message),
        Event::Status(status) => errors_say(&status.errors),
        Event::KaleyraStatus(status) => {
            let code = status.code.map_or("", |code| code.as_str());
            format!("{code} {}", status.reason.unwrap_or_default())
                .trim()
                .to_owned()
        }
        Event::Error(error) => errors_say([*error]),
        Event::Malformed(part) => format!("can't be read: {}: {}", part.path, part.reason),
        Event::Field(_) => change_says(&event.body().to_value().unwrap_or_default()["value"]),
        _ => event.body().to_string(),
    }
}

/// What is known about the codes in the event, and what to do about them.
fn advice(event: &Event<'_>) -> Vec<String> {
    let errors = |errors: &[MetaError]| {
        let known = errors.iter().filter_map(|error| {
            let code = error.code.as_ref()?;
            Some(advice_on(code.as_str(), error.info()?))
        });
        known.collect()
    };
    match event {
        Event::Message(message) => errors(&message.errors),
        Event::Status(status) => errors(&status.errors),
        Event::Error(error) => errors(std::slice::from_ref(*error)),
        Event::KaleyraStatus(status) => {
            let code = status.code.and_then(|code| Some((code, code.info()?)));
            code.map(|(code, info)| advice_on(code.as_str(), info))
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}

/// What a change about something else than messages says, its event's name first where it has one.
fn change_says(value: &Value) -> String {
    match value["event"].as_str() {
        Some(name) => format!("{name} {value}"),
        None => value.to_string(),
    }
}

/// The message that this one answers, unless its words name it already.
pub(crate) fn answered(message: &Message) -> Option<&str> {
    match message.content {
        MessageContent::Edit(_) | MessageContent::Reaction(_) | MessageContent::Revoke(_) => None,
        _ => message.replies_to().map(|id| id.as_str()),
    }
}

fn details(callback: &Callback, event: &Event<'_>) -> Vec<String> {
    let mut details = Vec::new();
    let mut add = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            details.push(format!("{name} {value}"));
        }
    };
    add("id", event.id());
    if let Event::Message(message) = event {
        add("answers", answered(message));
    }
    if let Some(extra_info) = &callback.extra_info {
        add("ref", extra_info.reference.as_deref());
        add("ref1", extra_info.reference1.as_deref());
        add("ref2", extra_info.reference2.as_deref());
        add("media", extra_info.media_url.as_deref());
        add(
            "reply_to",
            extra_info.reply_to.as_ref().map(|id| id.as_str()),
        );
        add(
            "trace_id",
            extra_info.trace_id.as_ref().map(|id| id.as_str()),
        );
        add("waba_id", extra_info.waba_id.as_ref().map(|id| id.as_str()));
    }
    details
}
