//! Writing lines to standard output, so that a closed pipe is an error and not a panic.

use std::fmt::Display;
use std::io::{self, Write};

use crate::exit::Exit;

/// Writes a line and sends it off.
pub(crate) fn line(text: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Writes a line, or ends the command: without its output it has nothing to do.
pub(crate) fn say(text: impl Display) -> Result<(), Exit> {
    line(text).map_err(|error| Exit::failed(format!("can't write to standard output: {error}")))
}

/// Writes a line to standard error: for the person at the terminal, where the output may go to a program. If nobody can
/// read it, that is no reason to end.
pub(crate) fn note(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// A text in quotes. Whatever is in it stays as it is: emoji are made of invisible joiners, scripts of combining signs.
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

/// A text on one line, with control characters made harmless: what users write can't move the cursor.
pub(crate) fn one_line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => shown.push_str(" ⏎ "),
            '\r' => {}
            '\t' => shown.push(' '),
            other if other.is_control() || is_direction_mark(other) => shown.push('\u{fffd}'),
            other => shown.push(other),
        }
    }
    shown
}

/// Marks that turn the direction of text around, and with it what a line seems to say.
fn is_direction_mark(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn what_users_write_stays_on_its_line() {
        assert_eq!(one_line("a\r\nb\tc"), "a ⏎ b c");
        assert_eq!(
            one_line("\u{1b}[2Jx\u{7}\u{202e}y"),
            "\u{fffd}[2Jx\u{fffd}\u{fffd}y"
        );
        assert_eq!(one_line("नीला 😂"), "नीला 😂");
    }
}
