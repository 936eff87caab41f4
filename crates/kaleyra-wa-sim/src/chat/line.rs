//! The words of a line.

/// A line without its comment: `#` at the beginning, or after two spaces.
pub(super) fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    let end = line.find("  #").or(line.find("\t#")).unwrap_or(line.len());
    line[..end].trim_end()
}

/// A text with `\n` for a line end and `\\` for a backslash.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => match signs.next() {
                Some('n') => plain.push('\n'),
                Some('\\') => plain.push('\\'),
                Some(other) => plain.extend(['\\', other]),
                None => plain.push('\\'),
            },
            _ => plain.push(sign),
        }
    }
    plain
}

/// What is left of a line.
pub(super) struct Scanner<'a>(&'a str);

impl<'a> Scanner<'a> {
    pub(super) fn new(line: &'a str) -> Self {
        Self(line.trim())
    }

    pub(super) fn peek(&self) -> Option<&'a str> {
        self.0.split_whitespace().next()
    }

    /// The next word.
    pub(super) fn word(&mut self) -> Option<&'a str> {
        let word = self.peek()?;
        self.0 = self.0[word.len()..].trim_start();
        Some(word)
    }

    /// A text in quotes, if one comes next.
    pub(super) fn quoted(&mut self) -> Option<String> {
        let (text, rest) = self.0.strip_prefix('"')?.split_once('"')?;
        self.0 = rest.trim_start();
        Some(unescaped(text))
    }

    /// All the rest.
    pub(super) fn rest(&self) -> &'a str {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_escapes_are_undone() {
        for (line, expected) in [
            ("seed 7    # optional", "seed 7"),
            ("# all of it", ""),
            ("   # all of it", ""),
            ("asha: order #17, please", "asha: order #17, please"),
            ("asha: order  #17", "asha: order"),
        ] {
            assert_eq!(without_comment(line), expected);
        }
        assert_eq!(unescaped(r"a\nb\\n\x"), "a\nb\\n\\x");
    }

    #[test]
    fn words_and_quotes_are_taken_from_the_front() {
        let mut words = Scanner::new("  sends  cup.jpg \"By the window\" now ");
        assert_eq!(words.word(), Some("sends"));
        assert_eq!(words.quoted(), None);
        assert_eq!(words.word(), Some("cup.jpg"));
        assert_eq!(words.quoted().as_deref(), Some("By the window"));
        assert_eq!(words.rest(), "now");
    }
}
