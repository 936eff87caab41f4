//! Small pieces of what is said: quotes, and the ends of long ids.

/// A text in quotes.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{text}\"")
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
