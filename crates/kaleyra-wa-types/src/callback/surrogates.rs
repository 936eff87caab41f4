//! Halves of characters: what is left where an encoder cut a text between the two.

/// The text with each lone surrogate (`\ud83d` without its other half) replaced by U+FFFD; `None` where there is none.
///
/// RFC 8259 allows them and no `str` can hold them. Senders that count in UTF-16 cut texts in the middle of an emoji.
pub(crate) fn replaced(json: &str) -> Option<String> {
    let mut written = String::new();
    let mut rest = json;
    let mut is_changed = false;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        written.push_str(before);
        let low = escape.get(6..).and_then(unit);
        let length = match (unit(escape), low) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                written.push_str(r"\ufffd");
                is_changed = true;
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            // The backslash and what it stands before, which may be another one.
            _ => escape.chars().take(2).map(char::len_utf8).sum(),
        };
        let (escape, after) = escape.split_at(length);
        written.push_str(escape);
        rest = after;
    }
    written.push_str(rest);
    is_changed.then_some(written)
}

/// The UTF-16 unit of an escape that the text begins with.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix(r"\u")?.get(..4)?;
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_hex.then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lone_ones_are_replaced() {
        for (json, expected) in [
            (r#""\ud83d""#, Some(r#""\ufffd""#)),
            (r#""a\uDE02b""#, Some(r#""a\ufffdb""#)),
            (r#""\ud83d\ud83d\ude02""#, Some(r#""\ufffd\ud83d\ude02""#)),
            (r#""\ude02\ud83d""#, Some(r#""\ufffd\ufffd""#)),
            (r#""\\\ud83d\n""#, Some(r#""\\\ufffd\n""#)),
            (r#""\ud83d\u0041""#, Some(r#""\ufffd\u0041""#)),
            (r#""\ud83d\ude02""#, None),
            (r#""\\ud83d""#, None),
            (r#""\ud83"#, None),
            (r#""\u+123 \é \"#, None),
            ("", None),
        ] {
            assert_eq!(replaced(json).as_deref(), expected, "{json}");
        }
    }
}
