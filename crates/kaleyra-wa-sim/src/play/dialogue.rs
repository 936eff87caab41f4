//! What a conversation looks like to the user: lines of text.

use kaleyra_wa_types::inbound::StatusName;
use serde_json::Value;

use crate::callback::UserMessage;
use crate::core::Core;
use crate::model::accepted_message::AcceptedMessage;
use crate::model::conversation::ConversationId;
use crate::state::conversations::Line;

/// What a message of the business says: its body, caption, or what stands for it.
pub(crate) fn business_text(core: &Core, message: &AcceptedMessage) -> String {
    let content = message.content();
    match message.type_name().unwrap_or_default() {
        "template" => core.render_template(content),
        "interactive" => text(&content["body"]["text"]),
        kind => plain_text(kind, content),
    }
}

/// What a user's message says.
pub(crate) fn user_text(message: &UserMessage) -> String {
    let content = message.content();
    match message.type_name() {
        "interactive" => {
            let kind = content["type"].as_str().unwrap_or_default();
            let reply = &content[kind];
            let said = reply["title"].as_str().or(reply["body"].as_str());
            text_or(said, kind)
        }
        "button" => text(&content["text"]),
        "edit" => text(&content["message"]["text"]["body"]),
        "system" => text(&content["body"]),
        kind => plain_text(kind, content),
    }
}

fn plain_text(kind: &str, content: &Value) -> String {
    match kind {
        "text" => text(&content["body"]),
        "reaction" => text(&content["emoji"]),
        "location" => text_or(content["name"].as_str(), ""),
        "contacts" => text_or(content[0]["name"]["formatted_name"].as_str(), ""),
        "order" => text(&content["text"]),
        _ => text(&content["caption"]),
    }
}

fn text(value: &Value) -> String {
    text_or(value.as_str(), "")
}

fn text_or(text: Option<&str>, otherwise: &str) -> String {
    text.unwrap_or(otherwise).to_owned()
}

/// The whole conversation, a line each: as a `.chat` file would have it, but for what only such a file knows.
pub(crate) fn dialogue(core: &Core, id: &ConversationId, user: &str, business: &str) -> String {
    let lines = core.state.conversations().lines(id);
    let lines = lines.iter().map(|line| match line {
        Line::User { message, .. } => said(user, message.type_name(), &user_text(message)),
        Line::Business { message, .. } => business_line(core, message, business),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A message of the business with what can be tapped on it, and why it failed where it did.
pub(crate) fn business_line(core: &Core, message: &AcceptedMessage, business: &str) -> String {
    let kind = message.type_name().unwrap_or_default();
    let mut line = said(business, kind, &business_text(core, message));
    let labels: Vec<String> = core
        .taps(message)
        .into_iter()
        .map(|tap| tap.label)
        .collect();
    if !labels.is_empty() {
        line.push_str(&format!("\n  buttons {}", labels.join(" | ")));
    }
    if let Some(code) = failure_code(core, message) {
        line.push_str(&format!("\n  failed {code}"));
    }
    line
}

/// The code that a message failed with, if it did.
pub(crate) fn failure_code(core: &Core, message: &AcceptedMessage) -> Option<String> {
    let steps = core.state.messages().statuses(message.wamid.as_str());
    let mut failed = steps
        .into_iter()
        .filter(|step| matches!(step.status, StatusName::Failed | StatusName::NotSent));
    Some(failed.next()?.error?.code)
}

fn said(who: &str, kind: &str, text: &str) -> String {
    // A message is one line of a transcript, however many it has.
    let text = text.replace('\n', "\\n");
    match kind {
        "text" | "interactive" | "button" => format!("{who}: {text}"),
        "reaction" if text.is_empty() => format!("{who} takes the reaction back"),
        "reaction" => format!("{who} reacts {text}"),
        _ if text.is_empty() => format!("{who} sends {kind}"),
        _ => format!("{who} sends {kind} \"{text}\""),
    }
}
