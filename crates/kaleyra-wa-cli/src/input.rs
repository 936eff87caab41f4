//! Files and standard input that a command reads: with a limit, without a byte order mark, and with errors in plain words.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde_json::Value;
use serde_json::error::Category;

use crate::exit::Exit;

/// More than any message may have; what comes without end must not fill the memory.
pub(crate) const MAX: u64 = 4 << 20;

const MARK: &[u8] = b"\xef\xbb\xbf";

/// A file's bytes, or those of standard input for `-`, without a byte order mark.
pub(crate) fn bytes(flag: &str, path: &Path) -> Result<Vec<u8>, Exit> {
    bytes_up_to(MAX, flag, path)
}

/// The same up to this size.
pub(crate) fn bytes_up_to(max: u64, flag: &str, path: &Path) -> Result<Vec<u8>, Exit> {
    let mut bytes = Vec::new();
    let read = if path.as_os_str() == "-" {
        io::stdin().lock().take(max + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(max + 1).read_to_end(&mut bytes))
    };
    let read = read.map_err(|error| unreadable(flag, path, &error))?;
    if read as u64 > max {
        let what = format!(
            "it has more than {} MiB; check that it is the right file",
            max >> 20
        );
        return Err(wrong(flag, path, what));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(wrong(
            flag,
            path,
            "it is written in UTF-16; save it as UTF-8",
        ));
    }
    if bytes.starts_with(MARK) {
        bytes.drain(..MARK.len());
    }
    Ok(bytes)
}

/// A file's text.
pub(crate) fn text(flag: &str, path: &Path) -> Result<String, Exit> {
    String::from_utf8(bytes(flag, path)?).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        wrong(
            flag,
            path,
            format!("line {line} is not UTF-8; save the file as UTF-8"),
        )
    })
}

/// A file's JSON.
pub(crate) fn json(flag: &str, path: &Path) -> Result<Value, Exit> {
    let bytes = bytes(flag, path)?;
    serde_json::from_slice(&bytes).map_err(|error| wrong(flag, path, not_json(&error)))
}

/// The text without a byte order mark, which some editors put in front.
pub(crate) fn unmarked(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// What is wrong with JSON, in words for who wrote it.
pub(crate) fn not_json(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    if error.classify() == Category::Eof && (line, column) <= (1, 0) {
        return "it is empty; it has to hold JSON".to_owned();
    }
    let what = match text {
        "EOF while parsing a list" => "it ends inside of a list: a ] is missing",
        "EOF while parsing an object" => "it ends inside of an object: a } is missing",
        "EOF while parsing a string" => "it ends inside of a string: a \" is missing",
        "EOF while parsing a value" => "it ends where a value is expected",
        "expected `:`" => "a : is expected between a field's name and its value",
        "expected `,` or `]`" => "a , or ] is expected",
        "expected `,` or `}`" => "a , or } is expected",
        "expected ident" => "of words without quotation marks there are only true, false and null",
        "expected value" => {
            "a value is expected: a string in \"…\", a number, true, false, null, a list in […] or an object in {…}"
        }
        "key must be a string" | "expected `\"`" => "a field's name in \"…\" is expected",
        "trailing comma" => "a comma stands before the closing bracket: remove it",
        "trailing characters" => "the JSON has ended, and more follows; there must be one value",
        "invalid escape" => "no such character may stand behind a \\; write \\\\ for a backslash",
        "invalid number" => "this is not a number",
        "number out of range" => "this number is too large",
        "control character (\\u0000-\\u001F) found while parsing a string" => {
            "a line end or a tab stands inside of a string: write \\n or \\t"
        }
        "recursion limit exceeded" => "it is nested too deeply",
        "invalid unicode code point"
        | "lone leading surrogate in hex escape"
        | "unexpected end of hex escape" => {
            "this \\u is not a character: it takes four hexadecimal digits"
        }
        other => other,
    };
    if line == 0 {
        return format!("it is not JSON: {what}");
    }
    format!("it is not JSON: line {line}, column {column}: {what}")
}

/// An error of the models' in plain words: without the name of the Rust type that was expected.
pub(crate) fn plain(error: &impl std::fmt::Display) -> String {
    let mut text = error.to_string();
    let mut from = 0;
    while let Some(begin) = text[from..].find(" (").map(|at| from + at) {
        let Some(end) = text[begin..].find(')').map(|at| begin + at) else {
            break;
        };
        let inside = &text[begin + 2..end];
        let is_type = inside.starts_with(|sign: char| sign.is_ascii_uppercase())
            && inside.chars().all(|sign| sign.is_ascii_alphanumeric());
        if is_type {
            text.replace_range(begin..=end, "");
            from = begin;
        } else {
            from = end;
        }
    }
    text.replace("at `", "").replace("`: ", ": ")
}

fn unreadable(flag: &str, path: &Path, error: &io::Error) -> Exit {
    wrong(flag, path, why_unreadable(error))
}

/// Why a file can't be read, and what to do about it.
pub(crate) fn why_unreadable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => {
            "can't be read: there is no such file; check the path".to_owned()
        }
        io::ErrorKind::IsADirectory => "can't be read: it is a folder; give a file".to_owned(),
        io::ErrorKind::PermissionDenied => {
            "can't be read: this user may not read it; check its permissions".to_owned()
        }
        _ => format!("can't be read: {error}"),
    }
}

/// What is wrong with a file.
pub(crate) fn wrong(flag: &str, path: &Path, what: impl std::fmt::Display) -> Exit {
    let at = path.display();
    if flag.is_empty() {
        return Exit::bad_input(format!("{at}: {what}"));
    }
    Exit::bad_input(format!("{flag}: {at}: {what}"))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{not_json, plain};

    #[test]
    fn types_of_rust_are_left_out() {
        for (error, expected) in [
            (
                "text: expected an object (Text), found number",
                "text: expected an object, found number",
            ),
            (
                "at `action.rows[0]`: expected an object (Row), found null",
                "action.rows[0]: expected an object, found null",
            ),
            (
                "the recipient is wrong (a letter)",
                "the recipient is wrong (a letter)",
            ),
        ] {
            assert_eq!(plain(&error), expected);
        }
    }

    #[test]
    fn json_errors_say_where_and_what_is_expected() {
        for (text, expected) in [
            ("", "it is empty"),
            ("{\"a\": 1,}", "line 1, column 9: a comma stands before"),
            ("{\"a\" 1}", "line 1, column 6: a : is expected"),
            (
                "{\"a\": \"b\"\n\"c\": 1}",
                "line 2, column 1: a , or } is expected",
            ),
            ("{a: 1}", "line 1, column 2: a field's name in"),
            ("[1, 2", "a ] is missing"),
            ("{\"a\": 1", "a } is missing"),
            ("{\"a\": \"1", "a \" is missing"),
            ("{\"a\": ", "ends where a value is expected"),
            ("{\"a\": 'x'}", "a value is expected"),
            ("{\"a\": nil}", "only true, false and null"),
            ("{} {}", "more follows"),
            ("\"a\nb\"", "a line end or a tab"),
            ("\"\\q\"", "behind a \\"),
            ("Hello", "a value is expected"),
        ] {
            let error = serde_json::from_str::<Value>(text).unwrap_err();
            let told = not_json(&error);
            assert!(told.contains(expected), "{text:?}: {told}");
            for word in ["EOF", "ident", "parsing", "trailing"] {
                assert!(!told.contains(word), "{text:?}: {told}");
            }
        }
    }
}
