//! Texts for a template's placeholders, which take no line ends, no tabs and no more than four spaces in a row.

use std::borrow::Cow;

/// The maximum number of spaces in a row that a template's placeholder takes. Some sources say that four already fail.
const BLANKS_MAX: usize = 4;

/// Whether a template's placeholder takes a text: no line ends, no tabs, no more than four spaces in a row.
///
/// ```
/// use kaleyra_wa_types::text;
///
/// assert!(text::is_flat("12 Main Street, Springfield"));
/// assert!(!text::is_flat("12 Main Street\nSpringfield"));
/// ```
pub fn is_flat(text: &str) -> bool {
    let mut blanks = 0;
    text.chars().all(|character| {
        blanks = if character == ' ' { blanks + 1 } else { 0 };
        blanks <= BLANKS_MAX && character != '\t' && !is_line_end(character)
    })
}

/// A text for a template's placeholder: each line end with the spaces around it, each tab, and each run of four spaces or
/// more becomes one space. Leading and trailing spaces are removed.
///
/// Meta refuses a value with one of these by 132018: "Param text cannot have new-line/tab characters or more than 4
/// consecutive spaces". It refuses an empty one, too, by 131008: a text of spaces alone becomes one.
///
/// ```
/// use kaleyra_wa_types::text;
///
/// assert_eq!(text::flatten("12 Main Street\n\n  Springfield\t62701"), "12 Main Street Springfield 62701");
/// ```
pub fn flatten(text: &str) -> Cow<'_, str> {
    flatten_lines(text, " ")
}

/// The same with a text of your own between lines that have something in them, such as `", "` for an address.
///
/// ```
/// use kaleyra_wa_types::text;
///
/// assert_eq!(text::flatten_lines("2 cups\r\n\r\n1 pot\n", " · "), "2 cups · 1 pot");
/// ```
pub fn flatten_lines<'a>(text: &'a str, between: &str) -> Cow<'a, str> {
    let trimmed = text.trim();
    if is_flat(trimmed) && !trimmed.contains("    ") {
        return Cow::Borrowed(trimmed);
    }
    let mut flat = String::with_capacity(trimmed.len());
    let lines = trimmed.split(is_line_end).map(str::trim);
    for line in lines.filter(|line| !line.is_empty()) {
        if !flat.is_empty() {
            flat.push_str(between);
        }
        push_line(line, &mut flat);
    }
    Cow::Owned(flat)
}

/// Writes a line with its tabs and long runs of spaces made one space each.
fn push_line(line: &str, flat: &mut String) {
    let mut rest = line;
    while let Some(start) = rest.find([' ', '\t']) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|sign| !matches!(sign, ' ' | '\t'));
        let (blanks, after) = from.split_at(end.unwrap_or(from.len()));
        flat.push_str(before);
        flat.push_str(if blanks.contains('\t') || blanks.len() >= BLANKS_MAX {
            " "
        } else {
            blanks
        });
        rest = after;
    }
    flat.push_str(rest);
}

/// Whether a character ends a line, by Unicode.
fn is_line_end(character: char) -> bool {
    matches!(character, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
