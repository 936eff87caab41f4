//! What no line of a file may hold, and how long a file may be.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The most lines of a Rust file without a stated reason.
const MAX_LINES: usize = 500;

/// States it.
const REASON: &str = concat!("// tidy: ", "long file: ");

/// Where (the beginning of a path), what code there must not name, and what to do instead.
const ABSENT: &[(&str, &str, &str)] = &[
    (
        "crates/kaleyra-wa-types/src/",
        "std::env std::fs std::io std::net std::os std::process",
        "models do no I/O",
    ),
    (
        "crates/kaleyra-wa-types/src/",
        "serde(flatten serde(other serde(untagged",
        "each loses what came in",
    ),
    (
        "crates/kaleyra-wa-client/src/",
        "hyper:: hyper_util:: reqwest::",
        "go through the transport",
    ),
    (
        "crates/kaleyra-wa-webhook/src/handle/",
        "hyper:: hyper_util:: tokio::",
        NO_RUNTIME,
    ),
    (
        "crates/kaleyra-wa-webhook/src/memory/",
        "hyper:: hyper_util::",
        "it knows no server",
    ),
    (
        "crates/kaleyra-wa-webhook/src/receive/",
        "hyper:: hyper_util:: tokio::",
        NO_RUNTIME,
    ),
    (
        "crates/kaleyra-wa-webhook/src/route/",
        "hyper:: hyper_util:: tokio::",
        NO_RUNTIME,
    ),
    (
        "crates/kaleyra-wa-webhook/src/sink.rs",
        "hyper:: hyper_util:: tokio::",
        NO_RUNTIME,
    ),
    (
        "crates/kaleyra-wa-webhook/src/verify/",
        "hyper:: hyper_util:: tokio::",
        NO_RUNTIME,
    ),
];

const NO_RUNTIME: &str = "the webhook's core knows no runtime and no server";

/// How paths of one machine begin. Put together here, so that this file holds none.
const MACHINES: &[&str] = &[
    concat!("/", "home/"),
    concat!("/", "root/"),
    concat!("/", "work/"),
    concat!("/", "Users/"),
    concat!("C:", "\\Users"),
];

/// A line for each rule that a file breaks.
///
/// # Errors
/// git could not list the files.
pub(super) fn check(root: &Path) -> Result<Vec<String>, String> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root)
        .output();
    let listed = listed.map_err(|error| format!("git ls-files: {error}"))?;
    let mut found = Vec::new();
    for path in String::from_utf8_lossy(&listed.stdout).split('\0') {
        // A file that is no text, or that is deleted but not committed.
        if let Ok(text) = fs::read_to_string(root.join(path)) {
            found.extend(violations(path, &text));
        }
    }
    Ok(found)
}

fn violations(path: &str, text: &str) -> Vec<String> {
    let is_rust = path.ends_with(".rs");
    let mut found = Vec::new();
    if is_rust && !text.starts_with("//! ") {
        found.push(format!(
            "{path}:1: begin with a `//!` line that says what the file holds"
        ));
    }
    let length = text.lines().count();
    if is_rust && length > MAX_LINES && !text.contains(REASON) {
        found.push(format!("{path}: {length} lines, {MAX_LINES} at most: split it by idea, or state why not: `{REASON}…`"));
    }
    for (number, line) in (1..).zip(text.lines()) {
        let mut report = |what: &str| found.push(format!("{path}:{number}: {what}"));
        if MACHINES
            .iter()
            .any(|beginning| begins_a_word(line, beginning))
        {
            report("a machine's own path: make it relative to the repository");
        }
        if !is_rust || line.trim_start().starts_with("//") {
            continue;
        }
        for (_, names, why) in ABSENT.iter().filter(|(place, ..)| path.starts_with(place)) {
            for name in names.split(' ').filter(|name| begins_a_word(line, name)) {
                report(&format!("`{name}` must not stand here: {why}"));
            }
        }
        if line.contains("instrument(")
            && !line.contains("skip_all")
            && line.trim_start().starts_with("#[")
        {
            report("`instrument` records arguments, which may be personal: add `skip_all`");
        }
    }
    found
}

fn begins_a_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | ':' | '}' | '$'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: &str = "crates/kaleyra-wa-types/src/a.rs";

    #[test]
    fn a_model_does_no_io_and_loses_nothing() {
        assert!(violations(MODEL, "//! A model.\n// std::fs would be wrong\n").is_empty());
        assert_eq!(
            violations(MODEL, "//! A model.\nuse std::fs::File;\n").len(),
            1
        );
        assert_eq!(
            violations(MODEL, "//! A model.\n#[serde(flatten)]\n").len(),
            1
        );
        assert!(violations("xtask/src/a.rs", "//! A tool.\nuse std::fs::File;\n").is_empty());
    }

    #[test]
    fn a_file_says_what_it_is_and_why_it_is_long() {
        assert_eq!(violations(MODEL, "use a::B;\n").len(), 1);
        let long = format!("//! Long.\n{}", "a();\n".repeat(MAX_LINES));
        assert_eq!(violations(MODEL, &long).len(), 1);
        assert!(violations(MODEL, &format!("{long}{REASON}a table\n")).is_empty());
    }

    #[test]
    fn no_machine_is_named_and_no_argument_traced() {
        let path = MACHINES[0];
        assert_eq!(violations("README.md", &format!("see {path}me\n")).len(), 1);
        assert!(violations("README.md", &format!("see docs{path}me\n")).is_empty());
        assert_eq!(
            violations(MODEL, "//! A.\n#[tracing::instrument(level = \"debug\")]\n").len(),
            1
        );
    }
}
