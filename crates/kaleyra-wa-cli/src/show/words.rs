//! Small pieces of what is said: quotes, and the ends of long ids.

/// A text in quotes.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// So many of something, whose name takes an `s` where there is more than one.
pub(crate) fn counted(count: u64, name: &str) -> String {
    match count {
        1 => format!("1 {name}"),
        _ => format!("{count} {name}s"),
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
