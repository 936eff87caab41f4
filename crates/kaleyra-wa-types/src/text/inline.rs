//! The marks inside a line of Markdown.

/// A line with WhatsApp's marks in place of Markdown's.
pub(super) fn marked(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    write(line, MAX_DEPTH, &mut text);
    text
}

/// How deep marks may be nested: deeper ones stay as they are.
const MAX_DEPTH: u32 = 8;

fn write(line: &str, depth: u32, text: &mut String) {
    let mut rest = line;
    // The character before, which decides whether a mark can begin or end.
    let mut before = None;
    // Marks that have no end in the rest of the line, so that it is searched once and not for each of them.
    let mut endless = Endless::default();
    while let Some(sign) = rest.chars().next() {
        let taken = match sign {
            '\\' => escaped(rest, text),
            '`' => code(rest, &mut endless, text),
            '&' => entity(rest, text),
            '<' => address(rest, text),
            '!' | '[' => link(rest, depth, text),
            '*' | '_' | '~' => emphasis(rest, before, depth, &mut endless, text),
            _ => None,
        };
        let taken = taken.unwrap_or_else(|| {
            // A run of one sign that is no mark is none from its second sign on either.
            let run = match sign {
                '*' | '_' | '~' | '`' => run_of(rest, sign),
                _ => sign.len_utf8(),
            };
            text.push_str(&rest[..run]);
            run
        });
        before = rest[..taken].chars().next_back();
        rest = &rest[taken..];
    }
}

/// How many of this ASCII character a text begins with.
fn run_of(text: &str, sign: char) -> usize {
    text.len() - text.trim_start_matches(sign).len()
}

/// `\*`: the character itself.
fn escaped(rest: &str, text: &mut String) -> Option<usize> {
    let next = rest[1..].chars().next()?;
    next.is_ascii_punctuation().then(|| {
        text.push(next);
        2
    })
}

/// Marks that have no end in the rest of a line.
#[derive(Default)]
struct Endless(Vec<(char, usize)>);

impl Endless {
    /// The end that is searched, unless it is known that there is none.
    fn search(
        &mut self,
        sign: char,
        run: usize,
        search: impl FnOnce() -> Option<usize>,
    ) -> Option<usize> {
        if self.0.contains(&(sign, run)) {
            return None;
        }
        let end = search();
        if end.is_none() {
            self.0.push((sign, run));
        }
        end
    }
}

/// Code: from one run of back-ticks to the next as long. Nothing inside is a mark.
fn code(rest: &str, endless: &mut Endless, text: &mut String) -> Option<usize> {
    let run = run_of(rest, '`');
    let end = code_end(rest, run, endless)?;
    let inside = &rest[run..end - run];
    // WhatsApp has one and three; a back-tick inside needs the three.
    let mark = if inside.contains('`') { "```" } else { "`" };
    let bare = inside
        .strip_prefix(' ')
        .and_then(|inside| inside.strip_suffix(' '))
        .filter(|bare| !bare.trim().is_empty());
    for part in [mark, bare.unwrap_or(inside), mark] {
        text.push_str(part);
    }
    Some(end)
}

/// Where the code ends that a run of back-ticks begins, behind its last one.
fn code_end(rest: &str, run: usize, endless: &mut Endless) -> Option<usize> {
    endless.search('`', run, || {
        let mut at = run;
        loop {
            let next = at + rest[at..].find('`')?;
            let length = run_of(&rest[next..], '`');
            at = next + length;
            if length == run {
                return Some(at);
            }
        }
    })
}

/// `&amp;` and the few others that are written by hand.
fn entity(rest: &str, text: &mut String) -> Option<usize> {
    const ENTITIES: [(&str, char); 6] = [
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&quot;", '"'),
        ("&#39;", '\''),
        ("&nbsp;", '\u{a0}'),
    ];
    let (name, sign) = ENTITIES.iter().find(|(name, _)| rest.starts_with(name))?;
    text.push(*sign);
    Some(name.len())
}

/// `<https://example.com>`.
fn address(rest: &str, text: &mut String) -> Option<usize> {
    let end = rest.find('>')?;
    let address = &rest[1..end];
    let is_address = address.contains([':', '@']) && !address.contains([' ', '<']);
    is_address.then(|| {
        text.push_str(address);
        end + 1
    })
}

/// `[label](address)` and `![label](address)`; of `[label](address "title")` the title is left out.
fn link(rest: &str, depth: u32, text: &mut String) -> Option<usize> {
    let start = rest.strip_prefix('!').unwrap_or(rest).strip_prefix('[')?;
    let skipped = rest.len() - start.len();
    let label_end = closing(start, '[', ']')?;
    let target = start[label_end + 1..].strip_prefix('(')?;
    let target_end = closing(target, '(', ')')?;
    let address = target[..target_end].split_whitespace().next().unwrap_or("");
    let address = address.trim_start_matches('<').trim_end_matches('>');

    let mut label = String::new();
    match depth.checked_sub(1) {
        Some(depth) => write(&start[..label_end], depth, &mut label),
        None => label.push_str(&start[..label_end]),
    }
    let bare = address
        .trim_start_matches("mailto:")
        .trim_start_matches("tel:");
    if label.is_empty() || label == bare {
        text.push_str(bare);
    } else if address.is_empty() {
        text.push_str(&label);
    } else {
        for part in [&*label, " (", bare, ")"] {
            text.push_str(part);
        }
    }
    Some(skipped + label_end + 2 + target_end + 1)
}

/// How far the end of a link is searched, in bytes.
const LINK_MAX: usize = 2048;

/// Where what was opened before the text is closed, with pairs inside left alone.
fn closing(text: &str, opens: char, closes: char) -> Option<usize> {
    let mut depth = 0_u32;
    let mut is_escaped = false;
    let near = text.char_indices().take_while(|(at, _)| *at < LINK_MAX);
    for (at, sign) in near {
        match sign {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if sign == opens => depth += 1,
            _ if sign == closes && depth == 0 => return Some(at),
            _ if sign == closes => depth -= 1,
            _ => {}
        }
    }
    None
}

/// `*…*`, `**…**`, `***…***`, the same with `_`, and `~~…~~`.
fn emphasis(
    rest: &str,
    before: Option<char>,
    depth: u32,
    endless: &mut Endless,
    text: &mut String,
) -> Option<usize> {
    let sign = rest.chars().next()?;
    let run = run_of(rest, sign);
    let (open, close) = match (sign, run) {
        ('~', 1 | 2) => ("~", "~"),
        ('*' | '_', 1) => ("_", "_"),
        ('*' | '_', 2) => ("*", "*"),
        ('*' | '_', 3) => ("*_", "_*"),
        _ => return None,
    };
    let depth = depth.checked_sub(1)?;
    let inside = &rest[run..];
    // A mark begins where the next character is no space; `_` not inside a word.
    if inside.starts_with(char::is_whitespace)
        || (sign == '_' && before.is_some_and(char::is_alphanumeric))
    {
        return None;
    }
    let end = endless.search(sign, run, || end_of(inside, sign, run))?;
    text.push_str(open);
    write(&inside[..end], depth, text);
    text.push_str(close);
    Some(run + end + run)
}

/// Where a mark of that many signs ends.
fn end_of(text: &str, sign: char, run: usize) -> Option<usize> {
    let mut at = 0;
    let mut before: Option<char> = None;
    let mut endless = Endless::default();
    // Whether an inner mark of so many signs is open.
    let mut is_open = [false; 3];
    while let Some(next) = text[at..].chars().next() {
        let length = match next {
            '\\' => {
                let escaped = text[at + 1..].chars().next();
                1 + escaped.map_or(0, char::len_utf8)
            }
            '`' => {
                // Code is passed over whole.
                let run = run_of(&text[at..], '`');
                code_end(&text[at..], run, &mut endless).unwrap_or(run)
            }
            _ if next == sign => {
                let found = run_of(&text[at..], sign);
                let after = text[at + found..].chars().next();
                let ends = before.is_some_and(|before| !before.is_whitespace())
                    && !(sign == '_' && after.is_some_and(char::is_alphanumeric));
                if ends && found == run {
                    return Some(at);
                }
                // `**bold *italic***`: the inner mark's end comes first, ours is the last of the run.
                let inner = found.checked_sub(run).and_then(|inner| is_open.get(inner));
                if ends && inner == Some(&true) {
                    return Some(at + found - run);
                }
                if let Some(is_open) = is_open.get_mut(found) {
                    *is_open = !*is_open;
                }
                found
            }
            _ => next.len_utf8(),
        };
        before = text[at..at + length].chars().next_back();
        at += length;
    }
    None
}
