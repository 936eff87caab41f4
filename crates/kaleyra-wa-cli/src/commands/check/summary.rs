//! What became of all files together.

use std::collections::BTreeMap;

use super::report::{FileOutcome, Report};
use crate::show::line::Line;
use crate::show::style::Tone;

/// Counts over all files.
#[derive(Default)]
pub(super) struct Summary {
    files: usize,
    malformed: usize,
    not_json: usize,
    lossy: usize,
    violations: usize,
    failed: usize,
    /// How often each kind and type was typed, unknown, malformed.
    types: BTreeMap<String, [usize; 3]>,
    /// How many files have each unknown field; indices of arrays don't tell fields apart.
    unknown_fields: BTreeMap<String, usize>,
}

impl Summary {
    pub(super) fn add(&mut self, report: &Report) {
        self.files += 1;
        match report.outcome {
            FileOutcome::Ok => {}
            FileOutcome::Malformed => self.malformed += 1,
            FileOutcome::NotJson => self.not_json += 1,
        }
        self.lossy += usize::from(report.outcome != FileOutcome::NotJson && !report.lossless);
        self.violations += report.violations.len();
        self.failed += usize::from(!report.is_ok());
        for part in &report.events {
            let counts = self.types.entry(part.name()).or_default();
            counts[match part.decoded {
                "typed" => 0,
                "unknown" => 1,
                _ => 2,
            }] += 1;
        }
        for field in &report.unknown_fields {
            *self
                .unknown_fields
                .entry(without_indices(field))
                .or_default() += 1;
        }
    }

    /// How many files were read.
    pub(super) fn files(&self) -> usize {
        self.files
    }

    /// How many files are not ok.
    pub(super) fn failed(&self) -> usize {
        self.failed
    }

    /// The counts as a table.
    pub(super) fn lines(&self) -> Vec<Line> {
        let row = |name: &str, [typed, unknown, malformed]: [&str; 3]| {
            format!("{name:<44}{typed:>8}{unknown:>9}{malformed:>11}")
        };
        let head = row("", ["typed", "unknown", "malformed"]);
        let mut lines = vec![Line::default(), Line::toned(Tone::Title, head)];
        for (name, counts) in &self.types {
            let counts = counts.map(|count| match count {
                0 => "·".to_owned(),
                _ => count.to_string(),
            });
            lines.push(Line::new(row(name, counts.each_ref().map(String::as_str))));
        }
        if !self.unknown_fields.is_empty() {
            let head = "fields that this version does not know";
            lines.extend([Line::default(), Line::toned(Tone::Title, head)]);
            for (field, files) in &self.unknown_fields {
                lines.push(Line::new(format!("{files:>6} ×  {field}")));
            }
        }
        let totals = format!(
            "{} {}: {} ok, {} malformed, {} not JSON, {} lossy; {} broken",
            self.files,
            if self.files == 1 { "file" } else { "files" },
            self.files - self.failed().min(self.files),
            self.malformed,
            self.not_json,
            self.lossy,
            match self.violations {
                1 => "1 limit".to_owned(),
                many => format!("{many} limits"),
            },
        );
        let tone = if self.failed() == 0 {
            Tone::Good
        } else {
            Tone::Bad
        };
        lines.extend([Line::default(), Line::toned(tone, totals)]);
        lines
    }
}

/// A JSON pointer with `*` for the indices of arrays.
fn without_indices(pointer: &str) -> String {
    let parts = pointer.split('/').map(|part| {
        let is_index = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_index { "*" } else { part }
    });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::without_indices;

    #[test]
    fn members_of_elements_are_one_member() {
        assert_eq!(without_indices("/a/0/b/12/c3"), "/a/*/b/*/c3");
        assert_eq!(without_indices("/a/b"), "/a/b");
    }
}
