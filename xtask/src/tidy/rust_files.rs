//! Every Rust file says what it is, stays short, and traces no arguments by accident.

use super::Violation;
use super::code::words;
use super::files::Source;

/// The most lines a file may have without a stated reason.
const MAX_LINES: usize = 500;

/// How a longer file states its reason; in two halves, so that this file does not state one.
const REASON: &str = concat!("// tidy: ", "long file: ");

/// Checks one `.rs` file.
pub(super) fn check(source: &Source) -> Vec<Violation> {
    let mut found = Vec::new();
    found.extend(module_doc(source));
    found.extend(length(source));
    found.extend(traced_arguments(source));
    found
}

fn module_doc(source: &Source) -> Option<Violation> {
    let first = source.text.lines().next().unwrap_or_default();
    let documented = first
        .strip_prefix("//!")
        .is_some_and(|text| !text.trim().is_empty());
    (!documented).then(|| {
        let text =
            "no module documentation: begin the file with a `//!` line that says what it holds";
        Violation::new(&source.path, 1, text)
    })
}

fn length(source: &Source) -> Option<Violation> {
    let lines = source.text.lines().count();
    let excused = source.lines().any(|(_, line)| {
        line.trim_start()
            .strip_prefix(REASON)
            .is_some_and(|reason| !reason.trim().is_empty())
    });
    (lines > MAX_LINES && !excused).then(|| {
        let text = format!(
            "{lines} lines, {MAX_LINES} at most: split it by idea, or state why not in a line `{REASON}…`"
        );
        Violation::new(&source.path, MAX_LINES + 1, text)
    })
}

/// `#[instrument]` records every argument unless told otherwise: message bodies, phone numbers, keys.
fn traced_arguments(source: &Source) -> Vec<Violation> {
    source
        .code()
        .attributes()
        .filter(|(_, attribute)| {
            words(attribute).any(|word| word == "instrument")
                && !words(attribute).any(|word| word == "skip_all")
        })
        .map(|(line, _)| {
            let text = "`instrument` without `skip_all` records arguments, and they may be personal: add `skip_all`";
            Violation::new(&source.path, line, text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is expected is the line and a part of the text of each violation.
    fn check(text: &str, expect: &[(usize, &str)]) {
        let found = super::check(&Source::new("a.rs", text));
        assert_eq!(found.len(), expect.len(), "{found:?}");
        for (violation, (line, part)) in found.iter().zip(expect) {
            assert_eq!(violation.line, *line, "{violation}");
            assert!(violation.text.contains(part), "{violation}");
        }
    }

    fn long(extra: &str) -> String {
        format!("//! Long.\n{extra}\n{}", "//\n".repeat(MAX_LINES))
    }

    #[test]
    fn a_file_begins_with_its_doc_line() {
        check("//! What it holds.\n", &[]);
        check("", &[(1, "no module documentation")]);
        check("//!\n//! Late.\n", &[(1, "no module documentation")]);
        check(
            "use std::fmt;\n//! Late.\n",
            &[(1, "no module documentation")],
        );
    }

    #[test]
    fn a_long_file_needs_a_reason() {
        check(&long(""), &[(501, "502 lines, 500 at most")]);
        check(&long(REASON), &[(501, "502 lines, 500 at most")]);
        check(&long(&format!("{REASON}one table")), &[]);
        check(&format!("//! Fits.\n{}", "//\n".repeat(MAX_LINES - 1)), &[]);
    }

    #[test]
    fn instrument_skips_all_arguments() {
        let bad = &[(2, "skip_all")][..];
        check("//! A.\n#[instrument]\nfn a() {}\n", bad);
        check("//! A.\n#[tracing::instrument(level = \"debug\")]\n", bad);
        check(
            "//! A.\n#[instrument(\n    skip(body),\n    err,\n)]\n",
            bad,
        );
        check("//! A.\n#[cfg_attr(test, instrument(skip(key)))]\n", bad);

        check(
            "//! A.\n#[instrument(skip_all, fields(op = \"send\"))]\n",
            &[],
        );
        check("//! A.\n#[tracing::instrument(\n    skip_all,\n)]\n", &[]);
        check(
            "//! A.\n/// Like `#[instrument]`.\nlet instrument = 1;\n",
            &[],
        );
    }
}
