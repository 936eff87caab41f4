//! What became of all files together.

use std::collections::BTreeMap;

use super::report::{FileOutcome, Report};
use crate::show::output::one_line;
use crate::show::style::{Tone, tone};

/// Counts over all files.
#[derive(Default)]
pub(super) struct Summary {
    files: usize,
    malformed: usize,
    not_json: usize,
    lossy: usize,
    violations: usize,
    /// How often each kind and type was typed, unknown, malformed.
    types: BTreeMap<String, [usize; 3]>,
    /// How many files have each unknown member; indices of arrays don't tell members apart.
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
        self.malformed + self.not_json + self.lossy
    }

    /// The counts as a table.
    pub(super) fn text(&self) -> String {
        let mut lines = vec![
            String::new(),
            tone(
                Tone::Title,
                format!(
                    "{:<44}{:>8}{:>9}{:>11}",
                    "", "typed", "unknown", "malformed"
                ),
            ),
        ];
        let count = |number: &usize| {
            if *number == 0 {
                "·".to_owned()
            } else {
                number.to_string()
            }
        };
        for (name, [typed, unknown, malformed]) in &self.types {
            let name = one_line(name);
            lines.push(format!(
                "{name:<44}{:>8}{:>9}{:>11}",
                count(typed),
                count(unknown),
                count(malformed)
            ));
        }
        if !self.unknown_fields.is_empty() {
            lines.push(format!(
                "\n{}",
                tone(Tone::Title, "members that this version does not know")
            ));
            for (field, files) in &self.unknown_fields {
                lines.push(format!("{:>6} ×  {}", files, one_line(field)));
            }
        }
        let totals = format!(
            "{} {}: {} ok, {} malformed, {} not JSON, {} lossy; {} limits broken",
            self.files,
            if self.files == 1 { "file" } else { "files" },
            self.files - self.failed().min(self.files),
            self.malformed,
            self.not_json,
            self.lossy,
            self.violations,
        );
        lines.push(format!(
            "\n{}",
            tone(
                if self.failed() == 0 {
                    Tone::Good
                } else {
                    Tone::Bad
                },
                totals
            )
        ));
        lines.join("\n")
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
