//! JSON of a file: a whole message, or a part of one.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use kaleyra_wa_types::SendRequest;
use kaleyra_wa_types::outbound::{DecodedOutbound, Outbound, decode};
use serde_json::{Value, json};

use crate::exit::Exit;

/// More than any message may have; what comes without end must not fill the memory.
const MAX: u64 = 4 << 20;

/// A file's bytes; those of standard input for `-`.
pub(super) fn read(flag: &str, path: &Path) -> Result<Vec<u8>, Exit> {
    let mut bytes = Vec::new();
    let read = if path.as_os_str() == "-" {
        io::stdin().lock().take(MAX).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(MAX).read_to_end(&mut bytes))
    };
    read.map_err(|error| {
        Exit::bad_input(format!(
            "{flag}: {}: can't be read: {error}",
            path.display()
        ))
    })?;
    Ok(bytes)
}

/// A file's JSON.
pub(super) fn read_json(flag: &str, path: &Path) -> Result<Value, Exit> {
    serde_json::from_slice(&read(flag, path)?).map_err(|error| {
        Exit::bad_input(format!(
            "{flag}: {}: it is not JSON: {error}",
            path.display()
        ))
    })
}

/// The message that a file holds, for this recipient where one is given.
pub(super) fn request(path: &Path, to: Option<&str>) -> Result<SendRequest, Exit> {
    let bytes = read("--file", path)?;
    let mut value: Value = serde_json::from_slice(&bytes).map_err(|error| {
        Exit::bad_input(format!(
            "--file: {}: it is not JSON: {error}",
            path.display()
        ))
    })?;
    if !value.is_object() {
        return Err(Exit::bad_input("--file: it must hold one JSON object"));
    }
    for (member, what) in [
        ("meta_object", "a callback, which is what Kaleyra posts"),
        ("entry", "a webhook of Meta's"),
    ] {
        if value.get(member).is_some() {
            return Err(Exit::bad_input(format!(
                "--file: it holds {what}; give a message to send"
            )));
        }
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
    let decoded = decode(&bytes).map_err(|error| Exit::bad_input(format!("--file: {error}")))?;
    if let Some(error) = decoded.error() {
        return Err(Exit::bad_input(format!("--file: {error}")));
    }
    Ok(match decoded {
        DecodedOutbound::Envelope(request) => request,
        DecodedOutbound::Bare(Outbound::Message(message)) => SendRequest::new(message),
        DecodedOutbound::Bare(Outbound::ReadReceipt(receipt)) => SendRequest::new(receipt),
        _ => return Err(Exit::bad_input("--file: it holds no message")),
    })
}
