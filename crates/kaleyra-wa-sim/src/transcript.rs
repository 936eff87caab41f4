//! What happened, in words: for the one who asks why a test failed.

use std::collections::VecDeque;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// How many lines are kept.
const LINES: usize = 1_000;
/// How long a line may be, in characters.
const WIDTH: usize = 500;

/// The newest lines, each with the time since the start.
pub(crate) struct Transcript {
    start: Instant,
    lines: Mutex<Lines>,
}

#[derive(Default)]
struct Lines {
    newest: VecDeque<String>,
    dropped: usize,
}

impl Transcript {
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
            lines: Mutex::default(),
        }
    }

    /// Adds a line. What is too long is cut, and says so.
    pub(crate) fn add(&self, text: &str) {
        let mut line = format!("{:>9.3} s  ", self.start.elapsed().as_secs_f64());
        let mut characters = text.chars();
        for character in characters.by_ref().take(WIDTH) {
            match character {
                control if control.is_control() => line.extend(control.escape_default()),
                other => line.push(other),
            }
        }
        if characters.next().is_some() {
            line.push_str(" … (cut)");
        }
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.newest.len() == LINES {
            lines.newest.pop_front();
            lines.dropped += 1;
        }
        lines.newest.push_back(line);
    }

    /// All that is kept, oldest first.
    pub(crate) fn text(&self) -> String {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        if lines.dropped > 0 {
            // Writing to a string can't fail.
            let _ = writeln!(text, "({} older lines are not kept)", lines.dropped);
        }
        for line in &lines.newest {
            text.push_str(line);
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_lines_are_kept_and_long_ones_cut() {
        let transcript = Transcript::new();
        for number in 0..=LINES {
            transcript.add(&format!("number {number}"));
        }
        transcript.add(&"a\n".repeat(WIDTH));
        let text = transcript.text();
        assert!(text.starts_with("(2 older lines are not kept)\n"), "{text}");
        assert!(text.contains("number 2\n") && !text.contains("number 1\n"));
        assert!(text.ends_with("a\\na\\n … (cut)\n"), "{text}");
        assert_eq!(text.lines().count(), LINES + 1);
    }
}
