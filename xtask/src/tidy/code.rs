//! A Rust file's code: what is left of it without its comments and its literals.

/// The text with a space for each character of a comment or a literal, so that everything stays where it was.
pub(super) struct Code(String);

impl Code {
    pub(super) fn of(text: &str) -> Self {
        let mut code = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (hidden, after) = rest.split_at(hidden(rest));
            code.extend(hidden.chars().map(|c| if c == '\n' { c } else { ' ' }));
            rest = after;
            if hidden.is_empty() {
                code.push(first);
                rest = &after[first.len_utf8()..];
            }
        }
        Self(code)
    }

    /// The attributes, each with the line it starts in; they may go on over several lines.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (usize, &str)> {
        self.0.match_indices('#').filter_map(|(at, _)| {
            let rest = &self.0[at..];
            let is_attribute = rest.starts_with("#[") || rest.starts_with("#![");
            is_attribute.then(|| (self.line(at), &rest[..after_brackets(rest)]))
        })
    }

    /// Where a path begins with this name, as it does with a crate's: the line, and what comes behind the name.
    ///
    /// The name inside a longer word is another name, and further down a path it is somebody's module.
    pub(super) fn heads(&self, name: &str) -> impl Iterator<Item = (usize, &str)> {
        self.0.match_indices(name).filter_map(|(at, found)| {
            let (before, behind) = (&self.0[..at], &self.0[at + found.len()..]);
            let is_inside = before.ends_with(is_of_a_word) || behind.starts_with(is_of_a_word);
            let is_below = before
                .strip_suffix("::")
                .is_some_and(|above| above.ends_with(|c| is_of_a_word(c) || c == '>'));
            (!is_inside && !is_below).then(|| (self.line(at), behind))
        })
    }

    fn line(&self, at: usize) -> usize {
        1 + self.0[..at].matches('\n').count()
    }
}

/// The words of a piece of code.
pub(super) fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c| !is_of_a_word(c))
        .filter(|word| !word.is_empty())
}

fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// How long the first pair of brackets is, with what comes before it.
fn after_brackets(code: &str) -> usize {
    let mut depth = 0;
    for (at, c) in code.char_indices() {
        match c {
            '[' => depth += 1,
            ']' if depth == 1 => return at + 1,
            ']' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

/// How long the comment or literal is that the text begins with; 0 if it begins with neither.
fn hidden(text: &str) -> usize {
    if text.starts_with("//") {
        text.find('\n').unwrap_or(text.len())
    } else if text.starts_with("/*") {
        block_comment(text)
    } else if text.starts_with('"') {
        quoted(text, '"')
    } else if text.starts_with('\'') {
        character(text)
    } else {
        raw_string(text)
    }
}

/// Block comments nest.
fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += first.len_utf8();
        }
    }
    at
}

fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// A lifetime begins like a character, and is none.
fn character(text: &str) -> usize {
    let mut chars = text.chars().skip(1);
    match (chars.next(), chars.next()) {
        (Some('\\'), _) => quoted(text, '\''),
        (Some(c), Some('\'')) => 2 + c.len_utf8(),
        _ => 0,
    }
}

fn raw_string(text: &str) -> usize {
    let Some(after) = text.strip_prefix('r') else {
        return 0;
    };
    let inside = after.trim_start_matches('#');
    let hashes = &after[..after.len() - inside.len()];
    if !inside.starts_with('"') {
        return 0;
    }
    let end = format!("\"{hashes}");
    let start = 2 + hashes.len();
    text[start..]
        .find(&end)
        .map_or(text.len(), |at| start + at + end.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_no_code() {
        for (text, expect) in [
            ("let a = 1; // one\nb", "let a = 1;       \nb"),
            ("//! é\na", "     \na"),
            ("a /* x /* y */\nz */ b", "a             \n     b"),
            (r#"f("a \" // b", c)"#, "f(           , c)"),
            (r###"f(r#"a " b"#, br"\", c)"###, "f(          , b    , c)"),
            (r#"f('"', '\'', b'x', c)"#, "f(   ,     , b   , c)"),
            ("fn f<'a>(a: &'a str)", "fn f<'a>(a: &'a str)"),
            ("r#type + for#", "r#type + for#"),
            ("\"open", "     "),
            ("/* open", "       "),
            ("r#\"open", "       "),
        ] {
            let code = Code::of(text).0;
            assert_eq!(code, expect, "{text}");
            assert_eq!(code.chars().count(), text.chars().count(), "{text}");
        }
    }

    #[test]
    fn attributes_are_found_wherever_they_stand() {
        for (text, expect) in [
            ("#![a]\n#[b(c)]\n", &[(1, "#![a]"), (2, "#[b(c)]")][..]),
            ("f(#[a] b, #[c] d)\n// #[e]\n", &[(1, "#[a]"), (1, "#[c]")]),
            (
                "a;\n#[b(\n  c = [d[1]],\n)]\ne",
                &[(2, "#[b(\n  c = [d[1]],\n)]")],
            ),
            ("# [a] #b", &[]),
        ] {
            let code = Code::of(text);
            assert_eq!(code.attributes().collect::<Vec<_>>(), expect, "{text}");
        }
    }

    #[test]
    fn a_head_is_a_word_of_its_own_at_the_top_of_a_path() {
        for (text, expect) in [
            ("use a;\nuse hyper as h;", &[(2, " as h;")][..]),
            ("hyper::Uri", &[(1, "::Uri")]),
            ("use ::hyper::Uri;", &[(1, "::Uri;")]),
            ("use {hyper};", &[(1, "};")]),
            ("my_hyper, hyper_util, hyper2", &[]),
            ("crate::hyper, <T as U>::hyper", &[]),
            ("\"hyper\" // hyper", &[]),
        ] {
            let code = Code::of(text);
            assert_eq!(code.heads("hyper").collect::<Vec<_>>(), expect, "{text}");
        }
    }

    #[test]
    fn words_are_whole() {
        let found: Vec<_> = words("#[serde(rename_all, other)]").collect();
        assert_eq!(found, ["serde", "rename_all", "other"]);
    }
}
