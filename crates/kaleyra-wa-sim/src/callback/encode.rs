//! JSON as Kaleyra writes it.

use std::fmt::Write;

use serde_json::Value;

/// Writes JSON as PHP's `json_encode` does, and so Kaleyra: `\/` for a slash, `\u` escapes for all that is not ASCII
/// (two of them for an emoji).
///
/// ```
/// let written = kaleyra_wa_sim::callback::encode(&serde_json::json!({"mime_type": "image/jpeg", "name": "Zoë"}));
/// assert_eq!(written, br#"{"mime_type":"image\/jpeg","name":"Zo\u00eb"}"#);
/// ```
pub fn encode(value: &Value) -> Vec<u8> {
    let mut text = String::new();
    // Outside of strings JSON has neither slashes nor anything beyond ASCII, so the whole can be escaped at once.
    for character in value.to_string().chars() {
        match character {
            '/' => text.push_str(r"\/"),
            _ if character.is_ascii() => text.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a `String` can't fail.
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
        }
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn escapes_lead_back() {
        let value = json!({
            "ನಮಸ್ಕಾರ": ["😂", "a/b", "line\nbreak", "quote\" back\\slash", "\u{7f}\u{1}"],
            "number": 1.5, "null": null,
        });
        let bytes = encode(&value);
        assert!(bytes.is_ascii());
        assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), value);
    }

    #[test]
    fn the_escapes_are_those_of_the_pages() {
        assert_eq!(encode(&json!("😂 a/b")), br#""\ud83d\ude02 a\/b""#);
    }
}
