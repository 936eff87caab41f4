//! A line to be written: harmless whatever it was made of, since there is no other way to make one.

use std::fmt::Display;

use serde::Serialize;

use super::harmless::{escaped_json, one_line};
use super::style::{Tone, in_tone};

/// One line, without its end. What is in it can't end it, move the cursor or turn the direction of text around.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line(Vec<Part>);

#[derive(Clone, Debug)]
struct Part {
    tone: Option<Tone>,
    harmless: String,
}

impl Line {
    /// A line of this text.
    pub(crate) fn new(text: impl Display) -> Self {
        Self::default().then(text)
    }

    /// A line of this text, in colour.
    pub(crate) fn toned(tone: Tone, text: impl Display) -> Self {
        Self::default().then_toned(tone, text)
    }

    /// A line of JSON: what is not harmless in it is escaped, so it says the same.
    pub(crate) fn json(value: &impl Serialize) -> serde_json::Result<Self> {
        Self::default().then_json(None, value)
    }

    /// Adds a text.
    pub(crate) fn then(self, text: impl Display) -> Self {
        self.add(None, text)
    }

    /// Adds a text in colour.
    pub(crate) fn then_toned(self, tone: Tone, text: impl Display) -> Self {
        self.add(Some(tone), text)
    }

    /// Adds JSON, in colour or without.
    pub(crate) fn then_json(
        mut self,
        tone: Option<Tone>,
        value: &impl Serialize,
    ) -> serde_json::Result<Self> {
        let harmless = escaped_json(&serde_json::to_string(value)?);
        self.0.push(Part { tone, harmless });
        Ok(self)
    }

    /// The line as it is written.
    pub(super) fn render(&self, in_colour: bool) -> String {
        let parts = self.0.iter().map(|part| match part.tone {
            Some(tone) if in_colour => in_tone(tone, &part.harmless),
            _ => part.harmless.clone(),
        });
        parts.collect()
    }

    fn add(mut self, tone: Option<Tone>, text: impl Display) -> Self {
        self.0.push(Part {
            tone,
            harmless: one_line(&text.to_string()),
        });
        self
    }
}

impl<T: Display> From<T> for Line {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

/// Several lines of the command's own words, as they stand in the source: each is a line of its own.
pub(crate) fn block(text: &str) -> impl Iterator<Item = Line> {
    text.lines().map(Line::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_the_lines_own() {
        let line = Line::new("a\u{1b}[31m").then_toned(Tone::Bad, "b\nc");
        assert_eq!(line.render(false), "a\u{fffd}[31mb ⏎ c");
        let shown = line.render(true);
        assert_eq!(shown.matches('\u{1b}').count(), 2, "{shown:?}");
        assert!(
            shown.starts_with("a\u{fffd}[31m\u{1b}[31mb ⏎ c"),
            "{shown:?}"
        );
    }

    #[test]
    fn json_says_the_same_in_escapes() {
        let line = Line::json(&["\u{1b}[2J", "\u{9b}2J\u{2028}"]).unwrap();
        assert_eq!(line.render(true), r#"["\u001b[2J","\u009b2J\u2028"]"#);
    }
}
