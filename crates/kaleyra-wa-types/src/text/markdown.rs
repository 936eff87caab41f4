//! Markdown, as editors and language models write it, with the marks that WhatsApp knows.

use super::inline;

/// A text in Markdown with WhatsApp's marks in place of its own.
///
/// | Markdown | WhatsApp |
/// |---|---|
/// | `**bold**`, `__bold__`, `# Heading` | `*bold*` |
/// | `*italic*`, `_italic_` | `_italic_` |
/// | `***both***` | `*_both_*` |
/// | `~~struck out~~` | `~struck out~` |
/// | `` `code` ``, fenced blocks of code | the same, without the language |
/// | `> quote`, `- item`, `1. item` | the same; `* item` and `+ item` become `- item` |
/// | `[label](address)`, `![label](address)`, `<address>` | `label (address)`; the address alone, if the label says no more |
/// | `| a | b |`, a row of a table | `a \| b`; the row of hyphens is left out |
/// | `---`, a rule | an empty line |
/// | a line end written as `\` or two spaces before it, `\*`, `&amp;` | a line end, `*`, `&` |
///
/// What only looks like a mark stays as it is: `2 * 3`, `snake_case`, a mark that is never closed. WhatsApp has no way to
/// write a mark that is none, so that `\*this\*` is bold there. Nested lists keep their indent. HTML stays as it is.
///
/// ```
/// use kaleyra_wa_types::text;
///
/// let answer = "## Your order\n\n* **2 cups**, *blue*\n* [Track it](https://example.com/t/17)";
/// assert_eq!(
///     text::from_markdown(answer),
///     "*Your order*\n\n- *2 cups*, _blue_\n- Track it (https://example.com/t/17)",
/// );
/// ```
///
/// Source: WhatsApp's help page on formatting messages; the specification of `CommonMark` for the other side.
pub fn from_markdown(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    // The fence that ends the block of code, while in one.
    let mut fence = None;
    for line in markdown.lines() {
        if let Some((sign, length)) = fence {
            if closes(line, sign, length) {
                fence = None;
                push_line("```", &mut text);
            } else {
                push_line(line, &mut text);
            }
        } else if let Some(opened) = opens(line) {
            fence = Some(opened);
            push_line("```", &mut text);
        } else if !is_table_rule(line) {
            push_line(&block(line), &mut text);
        }
    }
    if fence.is_some() {
        // Never closed: Markdown has it end with the text.
        push_line("```", &mut text);
    }
    // Each line was written with its end.
    text.pop();
    text
}

fn push_line(line: &str, text: &mut String) {
    text.push_str(line);
    text.push('\n');
}

/// The sign of a fence and how often it stands there, if the line opens a block of code.
fn opens(line: &str) -> Option<(char, usize)> {
    let line = line.trim_start();
    let sign = line
        .chars()
        .next()
        .filter(|sign| matches!(sign, '`' | '~'))?;
    let length = line.chars().take_while(|next| *next == sign).count();
    let info = &line[length..];
    (length >= 3 && !info.contains('`')).then_some((sign, length))
}

fn closes(line: &str, sign: char, length: usize) -> bool {
    let line = line.trim();
    line.chars().count() >= length && line.chars().all(|next| next == sign)
}

/// A line outside blocks of code.
fn block(line: &str) -> String {
    let content = line.trim_start();
    let indent = &line[..line.len() - content.len()];
    // Two spaces or a backslash before a line end are the line end itself, which is there anyway.
    let content = content.trim_end();
    let content = match content.strip_suffix('\\') {
        Some(before) if !before.ends_with('\\') => before,
        _ => content,
    };
    if is_rule(content) {
        return String::new();
    }
    if let Some(quoted) = content.strip_prefix('>') {
        return format!("> {}", block(quoted.trim_start()));
    }
    if let Some(heading) = heading(content) {
        // Bold throughout: marks of bold inside would end it.
        let heading = inline::marked(heading).replace('*', "");
        return match heading.is_empty() {
            true => heading,
            false => format!("*{heading}*"),
        };
    }
    if let Some(item) = item(content) {
        return format!("{indent}- {}", inline::marked(item));
    }
    if let Some(cells) = cells(content) {
        let cells: Vec<String> = cells.map(|cell| inline::marked(cell.trim())).collect();
        return cells.join(" | ");
    }
    format!("{indent}{}", inline::marked(content))
}

/// Whether a line is a rule: `---`, `***` or `___`, with spaces between or not.
fn is_rule(line: &str) -> bool {
    let mut signs = line.chars().filter(|sign| !sign.is_whitespace());
    let Some(first @ ('-' | '*' | '_')) = signs.next() else {
        return false;
    };
    let rest: Vec<char> = signs.collect();
    rest.len() >= 2 && rest.iter().all(|sign| *sign == first)
}

/// What stands behind one to six `#` and a space.
fn heading(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    let is_heading = (1..=6).contains(&level) && (rest.is_empty() || rest.starts_with(' '));
    is_heading.then(|| rest.trim().trim_end_matches('#').trim_end())
}

/// What stands behind the mark of an item.
fn item(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(['-', '*', '+'])?;
    rest.starts_with([' ', '\t']).then(|| rest.trim_start())
}

/// The cells of a row of a table: one that begins and ends with a `|`.
fn cells(line: &str) -> Option<impl Iterator<Item = &str>> {
    let row = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(row.split('|'))
}

/// Whether a line is what stands below the head of a table: `|---|:-:|`.
fn is_table_rule(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('|')
        && line.contains('-')
        && line
            .chars()
            .all(|sign| matches!(sign, '|' | '-' | ':' | ' '))
}
