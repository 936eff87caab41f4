//! What a request to send says, in words.

use serde_json::Value;

use super::words::{quoted, short};

/// What a request to send says, in words: `to +91…: text "Hello", quotes wamid…, ref "order-17"`.
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
        ("text", _) => quoted(&text(&message["text"]["body"])),
        ("image" | "audio" | "video" | "document" | "sticker", _) => file_says(&message[kind]),
        _ => message[kind].to_string(),
    };
    let mut says = format!("to {to}: {kind} {said}");
    if let Some(answered) = message["context"]["message_id"].as_str() {
        says += &format!(", quotes {}", short(answered));
    }
    for name in ["ref", "ref1", "ref2", "wa_source"] {
        if let Some(value) = request["extra_info"][name].as_str() {
            says += &format!(", {name} {}", quoted(value));
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
        Some(caption) => format!("{from} {}", quoted(caption)),
        None => from.to_owned(),
    }
}
