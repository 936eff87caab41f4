//! JSON of a file: a whole message, or a part of one.

use std::path::Path;

use kaleyra_wa_types::SendRequest;
use kaleyra_wa_types::outbound::{DecodedOutbound, Outbound, decode};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::input;

/// A file's JSON.
pub(super) fn read_json(flag: &str, path: &Path) -> Result<Value, Exit> {
    input::json(flag, path)
}

/// The types of messages: each is the name of the field that has the content.
const KINDS: [&str; 11] = [
    "text",
    "image",
    "audio",
    "video",
    "document",
    "sticker",
    "location",
    "contacts",
    "interactive",
    "template",
    "reaction",
];

/// The message that a file holds, for this recipient where one is given.
pub(super) fn request(path: &Path, to: Option<&str>) -> Result<SendRequest, Exit> {
    let mut value = read_json("--file", path)?;
    if !value.is_object() {
        return Err(Exit::bad_input(
            "--file: it must hold one JSON object: {\"type\": …}, or the whole request with messaging_object",
        ));
    }
    for (member, what) in [
        ("meta_object", "a callback, which is what Kaleyra posts"),
        ("entry", "a webhook of Meta's"),
        (
            "category",
            "a template's definition, which `kaleyra-wa template create` takes",
        ),
    ] {
        if value.get(member).is_some() {
            return Err(Exit::bad_input(format!(
                "--file: it holds {what}; give a message to send"
            )));
        }
    }
    // A template alone, as programs keep it: {"name", "language", "components"}.
    if value.get("name").is_some() && value.get("language").is_some() {
        value = json!({"type": "template", "template": value});
    }
    let object = match value.get_mut("messaging_object") {
        Some(object) => object,
        None => &mut value,
    };
    if let Some(members) = object.as_object_mut() {
        if let Some(to) = to {
            members.insert("to".to_owned(), json!(to));
            members.remove("recipient");
        }
        // Where it is not said, the content tells.
        if !members.contains_key("type") && !members.contains_key("status") {
            let kind = KINDS.into_iter().find(|kind| members.contains_key(*kind));
            members.extend(kind.map(|kind| ("type".to_owned(), json!(kind))));
        }
        members
            .entry("messaging_product")
            .or_insert_with(|| json!("whatsapp"));
        if !members.contains_key("to")
            && !members.contains_key("recipient")
            && !members.contains_key("status")
        {
            return Err(Exit::bad_input(
                "--file: it names no recipient; give one with --to, or as the field \"to\"",
            ));
        }
    }
    let bytes = serde_json::to_vec(&value).map_err(Exit::failed)?;
    let decoded = decode(&bytes)
        .map_err(|error| Exit::bad_input(format!("--file: {}", input::plain(&error))))?;
    if let Some(error) = decoded.error() {
        return Err(Exit::bad_input(format!("--file: {}", input::plain(&error))));
    }
    Ok(match decoded {
        DecodedOutbound::Envelope(request) => request,
        DecodedOutbound::Bare(Outbound::Message(message)) => SendRequest::new(message),
        DecodedOutbound::Bare(Outbound::ReadReceipt(receipt)) => SendRequest::new(receipt),
        _ => return Err(Exit::bad_input("--file: it holds no message")),
    })
}
