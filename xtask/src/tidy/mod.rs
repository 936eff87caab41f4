//! The architecture's rules, each checked: what `ARCHITECTURE.md` says is absent is absent.

mod code;
mod files;
mod layers;
mod manifest;
mod models;
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

/// Checks every rule and prints every violation, or else how much of each budget is used.
///
/// # Errors
/// How many violations there are, or why the rules could not be checked.
pub(crate) fn run() -> Result<(), String> {
    let sources = files::read(root())?;
    let mut found = check(&sources);
    let trees = trees::check()?;
    found.extend(trees.violations);
    found.sort();
    found.dedup();
    for violation in &found {
        println!("{violation}");
    }
    match found.len() {
        0 => {
            for count in trees.counts {
                println!("{count}");
            }
            Ok(())
        }
        1 => Err("1 violation".to_owned()),
        count => Err(format!("{count} violations")),
    }
}

/// Every rule that text alone can break.
fn check(sources: &[Source]) -> Vec<Violation> {
    let mut found = Vec::new();
    for source in sources {
        found.extend(paths::check(source));
        if source.path.ends_with(".rs") {
            found.extend(rust_files::check(source));
            found.extend(layers::check_source(source));
            found.extend(models::check(source));
        }
    }
    let parse = |source: &Source| Manifest::parse(&source.path, &source.text);
    let Some(root) = sources.iter().find(|source| source.path == "Cargo.toml") else {
        let text = "the root manifest is missing";
        found.push(Violation::new("Cargo.toml", 1, text));
        return found;
    };
    let root = parse(root);
    let members: Vec<Manifest> = sources
        .iter()
        .filter(|source| workspace::has_member(&root, &source.path))
        .map(parse)
        .collect();
    for member in &members {
        found.extend(packages::check(member));
        found.extend(layers::check_manifest(member));
    }
    found.extend(workspace::check(&root, &members));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_file_is_looked_at() {
        let sources = [
            Source::new("odd/Cargo.toml", "[package]\n"),
            Source::new(
                "Cargo.toml",
                "[workspace]\nmembers = [\"odd\"]\n[workspace.dependencies]\nserde = \"1\"\n",
            ),
            Source::new("odd/src/lib.rs", "fn undocumented() {}\n"),
            Source::new("crates/kaleyra-wa-types/src/a.rs", "//! A.\nuse std::fs;\n"),
            Source::new("crates/kaleyra-wa-client/src/a.rs", "//! A.\nuse hyper;\n"),
        ];
        let found = check(&sources);
        for path in [
            "Cargo.toml",
            "odd/Cargo.toml",
            "odd/src/lib.rs",
            "crates/kaleyra-wa-types/src/a.rs",
            "crates/kaleyra-wa-client/src/a.rs",
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
