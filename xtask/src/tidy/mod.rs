//! The architecture's rules, each checked: what `ARCHITECTURE.md` says is absent is absent.

mod files;
mod layers;
mod manifest;
mod packages;
mod paths;
mod rust_files;
mod trees;
mod workspace;

use std::fmt;

use crate::cargo::root;

use self::files::Source;
use self::manifest::Manifest;

pub(crate) use self::trees::{forbidden, packages_of};

/// A rule broken at a place.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Violation {
    path: String,
    line: usize,
    /// What is wrong, and what to do.
    text: String,
}

impl Violation {
    fn new(path: &str, line: usize, text: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            text: text.into(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.text)
    }
}

/// Checks every rule and prints every violation.
///
/// # Errors
/// How many violations there are, or why the rules could not be checked.
pub(crate) fn run() -> Result<(), String> {
    let sources = files::read(root())?;
    let mut found = check(&sources);
    found.extend(trees::check()?);
    found.sort();
    found.dedup();
    for violation in &found {
        println!("{violation}");
    }
    match found.len() {
        0 => Ok(()),
        1 => Err("1 violation".to_owned()),
        count => Err(format!("{count} violations")),
    }
}

/// Every rule that text alone can break.
fn check(sources: &[Source]) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut members = Vec::new();
    let mut root = None;
    for source in sources {
        found.extend(paths::check(source));
        if source.path.ends_with(".rs") {
            found.extend(rust_files::check(source));
            found.extend(layers::check_source(source));
        } else if source.path == "Cargo.toml" {
            root = Some(Manifest::parse(&source.path, &source.text));
        } else if is_member(&source.path) {
            members.push(Manifest::parse(&source.path, &source.text));
        }
    }
    for member in &members {
        found.extend(packages::check(member));
        found.extend(layers::check_manifest(member));
    }
    match root {
        Some(root) => found.extend(workspace::check(&root, &members)),
        None => found.push(Violation::new(
            "Cargo.toml",
            1,
            "the root manifest is missing",
        )),
    }
    found
}

fn is_member(path: &str) -> bool {
    match path.strip_suffix("/Cargo.toml") {
        Some(folder) => {
            folder == "tests"
                || folder == "xtask"
                || folder
                    .strip_prefix("crates/")
                    .is_some_and(|name| !name.contains('/'))
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_told_from_other_manifests() {
        for path in [
            "crates/kaleyra-wa-types/Cargo.toml",
            "tests/Cargo.toml",
            "xtask/Cargo.toml",
        ] {
            assert!(is_member(path), "{path}");
        }
        for path in [
            "Cargo.toml",
            "tests/outside/Cargo.toml",
            "crates/kaleyra-wa-types/fuzz/Cargo.toml",
        ] {
            assert!(!is_member(path), "{path}");
        }
    }

    #[test]
    fn every_kind_of_file_is_looked_at() {
        let sources = [
            Source::new("Cargo.toml", "[workspace.dependencies]\nserde = \"1\"\n"),
            Source::new("crates/kaleyra-wa-odd/Cargo.toml", "[package]\n"),
            Source::new("crates/kaleyra-wa-odd/src/lib.rs", "fn undocumented() {}\n"),
        ];
        let found = check(&sources);
        for path in [
            "Cargo.toml",
            "crates/kaleyra-wa-odd/Cargo.toml",
            "crates/kaleyra-wa-odd/src/lib.rs",
        ] {
            assert!(
                found.iter().any(|violation| violation.path == path),
                "{path}"
            );
        }
    }

    #[test]
    fn a_violation_reads_like_a_compiler_message() {
        let violation = Violation::new("crates/x/src/lib.rs", 7, "too long: split it");
        assert_eq!(
            violation.to_string(),
            "crates/x/src/lib.rs:7: too long: split it"
        );
    }
}
