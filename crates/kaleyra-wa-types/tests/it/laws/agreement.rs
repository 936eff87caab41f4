//! What the reader takes for JSON, beside what `serde_json` does. A fuzz target includes this file.

use kaleyra_wa_types::inbound::Callback;
use serde_json::Value;

/// Holds for any bytes whatsoever. The fuzz target checks the very same.
///
/// * What `serde_json` takes for a JSON object is read, and written back equal.
/// * What it refuses is refused, unless that is for one of the stated leniencies: with those made strict, it takes it.
pub(crate) fn agrees(bytes: &[u8]) {
    let read = Callback::from_slice(bytes);
    let json: Result<Value, _> = serde_json::from_slice(bytes);
    match (json, read) {
        (Ok(Value::Object(_)), read) => {
            read.expect("did not read a JSON object");
        }
        (Ok(Value::Array(elements)), read) => {
            assert_eq!(read.is_ok(), !elements.is_empty(), "an array");
        }
        (Ok(Value::String(text)), read) => {
            let is_json = text
                .trim_start_matches([' ', '\n', '\t', '\r'])
                .starts_with(['{', '[', '"']);
            assert!(is_json || read.is_err(), "a text that is no JSON");
        }
        (Ok(_), read) => assert!(read.is_err(), "read what is neither object nor array"),
        (Err(_), Err(_)) => {}
        (Err(error), Ok(_)) => {
            let strict = strict(bytes);
            // Depth is counted otherwise: what is too deep is kept as its text.
            let is_deep = error.to_string().contains("recursion limit");
            let is_json = is_deep || serde_json::from_str::<serde::de::IgnoredAny>(&strict).is_ok();
            assert!(is_json, "read what is no JSON: {strict}");
        }
    }
}

/// The text without what the reader alone takes: a byte order mark, bytes that are no UTF-8, control characters in strings,
/// halves of surrogate pairs. Numbers too large for 64 bits are no matter for `IgnoredAny`.
fn strict(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut strict = String::with_capacity(text.len());
    let (mut is_inside, mut is_escaped) = (false, false);
    for sign in text.chars() {
        let was_escaped = std::mem::take(&mut is_escaped);
        match sign {
            '"' if !was_escaped => is_inside = !is_inside,
            '\\' if is_inside && !was_escaped => is_escaped = true,
            _ => {}
        }
        match sign {
            '\0'..='\x1f' if is_inside && !was_escaped => strict.push(' '),
            _ => strict.push(sign),
        }
    }
    strict
}
