//! One event of a callback: a line for people, or a line of JSON.

use std::time::SystemTime;

use kaleyra_wa_types::callback::{Callback, Event, Message, MessageContent};
use serde_json::{Value, json};

use super::output::one_line;
use super::style::{Tone, tone};

/// The event as one line of JSON.
pub(crate) fn json_line(callback: &Callback, event: &Event<'_>, received_at: SystemTime) -> String {
    let mut line = json!({
        "kind": event.kind().as_str(),
        "type": event.type_name(),
        "id": event.id(),
        "from": event.user(),
        "body": event.body(),
        "extra_info": callback.extra_info,
        "received_at": rfc3339(received_at),
    });
    if let Event::Malformed(part) = event {
        line["error"] = json!(format!("{}: {}", part.path, part.reason));
    }
    line.to_string()
}

/// The event as a line for people: when, what, who, and what it says.
pub(crate) fn text_line(callback: &Callback, event: &Event<'_>, received_at: SystemTime) -> String {
    let time = tone(Tone::Quiet, clock(received_at));
    let what = format!(
        "{:<8}{:<12}",
        event.kind().as_str(),
        one_line(event.type_name())
    );
    let who = one_line(&who(callback, event));
    let said = one_line(&says(callback, event));
    let mut line = format!("{time}  {}{who}", tone(tone_of(event), what));
    if !said.is_empty() {
        line += &format!("  {said}");
    }
    let details = details(callback, event);
    if !details.is_empty() {
        line += &format!(
            "\n          {}",
            tone(Tone::Quiet, one_line(&details.join("  ")))
        );
    }
    line
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
pub(crate) fn says(callback: &Callback, event: &Event<'_>) -> String {
    match event {
        Event::Message(message) => message_says(message),
        Event::Status(status) => {
            let errors = status.errors.iter();
            let texts = errors.map(|error| {
                let code = error.code.as_ref().map_or("?", |code| code.as_str());
                format!(
                    "{code} {}",
                    error
                        .title
                        .as_deref()
                        .or(error.message.as_deref())
                        .unwrap_or_default()
                )
            });
            texts.collect::<Vec<_>>().join("; ")
        }
        Event::KaleyraStatus(status) => {
            let code = status.code.map_or("", |code| code.as_str());
            format!("{code} {}", status.reason.unwrap_or_default())
                .trim()
                .to_owned()
        }
        Event::Error(error) => error
            .title
            .clone()
            .or_else(|| error.message.clone())
            .unwrap_or_default(),
        Event::Malformed(part) => format!("can't be read: {}: {}", part.path, part.reason),
        Event::Field(_) => event.body()["value"].to_string(),
        _ => match serde_json::to_value(callback) {
            Ok(body) => body.to_string(),
            Err(_) => String::new(),
        },
    }
}

/// What a message says, in words.
pub(crate) fn message_says(message: &Message) -> String {
    let content = &message.content;
    if let Some(media) = content.media() {
        let caption = media
            .caption
            .map(|caption| format!(" {caption:?}"))
            .unwrap_or_default();
        return format!("{}{caption}", media.mime_type.unwrap_or("a file"));
    }
    match content {
        MessageContent::Text(text) => format!("{:?}", text.body),
        MessageContent::Button(button) => format!(
            "tapped {:?} (payload {:?})",
            button.text.as_deref().unwrap_or_default(),
            button.payload.as_deref().unwrap_or_default()
        ),
        MessageContent::Reaction(reaction) => match &reaction.emoji {
            Some(emoji) => format!("{emoji} on {}", short(reaction.message_id.as_str())),
            None => format!(
                "took the reaction back from {}",
                short(reaction.message_id.as_str())
            ),
        },
        MessageContent::Unknown(unknown) => {
            unknown.body().map(Value::to_string).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// What a request to send says, in words: `to +91…: text "Hello", quotes wamid…, ref order-17`.
pub(crate) fn sent_says(request: &Value) -> String {
    let message = &request["messaging_object"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let to = if message["to"].is_string() {
        text(&message["to"])
    } else {
        text(&message["recipient"])
    };
    let kind = message["type"].as_str().unwrap_or("text");
    let said = match (kind, message["status"].as_str()) {
        (_, Some("read")) => return format!("read receipt for {}", text(&message["message_id"])),
        ("text", _) => format!("{:?}", text(&message["text"]["body"])),
        ("image" | "audio" | "video" | "document" | "sticker", _) => file_says(&message[kind]),
        _ => message[kind].to_string(),
    };
    let mut says = format!("to {to}: {kind} {said}");
    if let Some(quoted) = message["context"]["message_id"].as_str() {
        says += &format!(", quotes {}", short(quoted));
    }
    for name in ["ref", "ref1", "ref2", "wa_source"] {
        if let Some(value) = request["extra_info"][name].as_str() {
            says += &format!(", {name} {value:?}");
        }
    }
    says
}

fn file_says(file: &Value) -> String {
    let from = file["link"]
        .as_str()
        .or(file["id"].as_str())
        .unwrap_or_default();
    match file["caption"].as_str() {
        Some(caption) => format!("{from} {caption:?}"),
        None => from.to_owned(),
    }
}

/// The end of a long id, by which a person tells it from others.
pub(crate) fn short(id: &str) -> String {
    let length = id.chars().count();
    if length <= 16 {
        id.to_owned()
    } else {
        format!("…{}", id.chars().skip(length - 12).collect::<String>())
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
    if let Event::Message(message) = event
        && !matches!(message.content, MessageContent::Reaction(_))
    {
        add("answers", message.replies_to().map(|id| id.as_str()));
    }
    if let Some(extra_info) = &callback.extra_info {
        add("ref", extra_info.reference.as_deref());
        add("ref1", extra_info.reference1.as_deref());
        add("ref2", extra_info.reference2.as_deref());
        add("media", extra_info.media_url.as_deref());
    }
    details
}
