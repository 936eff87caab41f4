//! What happened, as text: for finding out why a test failed. A reader of the journal.

use std::time::SystemTime;

use serde_json::Value;

use crate::journal::{Entry, Fact, Journal, SimEvent};

/// How many lines there are.
const LINES: usize = 1_000;
/// How long a line may be, in characters.
const WIDTH: usize = 500;

/// All that is kept, oldest first, a line each with the time since the start.
pub(crate) fn of(journal: &Journal, start: SystemTime) -> String {
    let told = journal.all_that(|entry| words(entry).is_some());
    let dropped = told.len().saturating_sub(LINES);
    let mut text = String::new();
    if dropped > 0 {
        text.push_str(&format!("({dropped} older lines are not kept)\n"));
    }
    for entry in &told[dropped..] {
        let Some(words) = words(entry) else { continue };
        let since = entry.at.duration_since(start).unwrap_or_default();
        text.push_str(&format!(
            "{:>9.3} s  {}\n",
            since.as_secs_f64(),
            one_line(&words)
        ));
    }
    text
}

/// What an entry says; `None` for what only explains others.
fn words(entry: &Entry) -> Option<String> {
    if let Some(event) = SimEvent::of(&entry.fact) {
        return Some(event.to_string());
    }
    match &entry.fact {
        Fact::Callback(callback) => {
            // As JSON is usually written, without the escapes of the wire.
            let body: Value = serde_json::from_slice(&callback.body).unwrap_or_default();
            Some(format!("posts a callback: {body}"))
        }
        Fact::FaultHit { rule, .. } => Some(format!("a fault takes place: {rule}")),
        Fact::Phone { what } => Some(format!("a user's phone: {what}")),
        Fact::Status(status) => {
            let error = status.error.as_ref()?;
            let (code, details) = (&error.code, &error.details);
            Some(format!(
                "{}  {} {code}: {details}",
                status.wamid,
                status.status.as_str()
            ))
        }
        _ => None,
    }
}

/// A text in one line, not too long; what is cut says so.
fn one_line(text: &str) -> String {
    let mut line = String::new();
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
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::About;
    use crate::time::clock::Clock;

    #[test]
    fn the_newest_lines_are_kept_and_long_ones_cut() {
        let clock = Clock::real();
        let journal = Journal::new(clock.clone());
        let note = |why: String| {
            let fact = Fact::Rejected {
                status: 400,
                code: None,
                why,
            };
            journal.write(About::default(), fact);
        };
        (0..=LINES).for_each(|number| note(format!("number {number}")));
        note("a\n".repeat(WIDTH));
        let text = of(&journal, clock.now());
        assert!(text.starts_with("(2 older lines are not kept)\n"), "{text}");
        assert!(text.contains("number 2\n") && !text.contains("number 1\n"));
        assert!(
            text.ends_with("a\\na … (cut)\n") || text.ends_with("\\n … (cut)\n"),
            "{text}"
        );
        assert_eq!(text.lines().count(), LINES + 1);
    }
}
