//! Every package tells who made it and what for, in the workspace's words.

use super::Violation;
use super::manifest::{Entry, Manifest};

/// What every member takes from the workspace.
const INHERITED: &[&str] = &["version", "edition", "rust-version", "license"];

/// What a published one takes too.
const INHERITED_IF_PUBLISHED: &[&str] = &["repository", "categories", "keywords"];

/// Checks one member's manifest.
pub(super) fn check(manifest: &Manifest) -> Vec<Violation> {
    let package = || {
        manifest
            .entries
            .iter()
            .filter(|entry| entry.section == "package")
    };
    let first_line = package().next().map_or(1, |entry| entry.line);
    let report = |text: String| Violation::new(&manifest.path, first_line, text);

    let mut found = Vec::new();
    let description = manifest.value("package", "description").unwrap_or_default();
    if description.trim_matches('"').trim().is_empty() {
        found.push(report(
            "no description: say in one line what the package is for".to_owned(),
        ));
    }
    let is_published = manifest.value("package", "publish") != Some("false");
    let more = if is_published {
        INHERITED_IF_PUBLISHED
    } else {
        &[]
    };
    for field in INHERITED.iter().chain(more) {
        let inherits =
            |entry: &Entry| entry.is_inherited() && entry.key.split('.').next() == Some(field);
        if !package().any(inherits) {
            found.push(report(format!(
                "{field} is not the workspace's: write `{field}.workspace = true`"
            )));
        }
    }
    let lints = |entry: &Entry| entry.section == "lints" && entry.is_inherited();
    if !manifest.entries.iter().any(lints) {
        found.push(report(
            "the lints are not the workspace's: write `workspace = true` under `[lints]`"
                .to_owned(),
        ));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[package]
name = \"a\"
description = \"Says what it is for\"
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
repository.workspace = true
categories.workspace = true
keywords = { workspace = true }

[lints]
workspace = true
";

    fn check(text: &str, expect: &[&str]) {
        let found = super::check(&Manifest::parse("crates/a/Cargo.toml", text));
        assert_eq!(found.len(), expect.len(), "{found:?}");
        for (violation, start) in found.iter().zip(expect) {
            assert!(violation.text.starts_with(start), "{violation}");
        }
    }

    #[test]
    fn a_good_manifest_passes() {
        check(GOOD, &[]);
    }

    #[test]
    fn each_missing_line_is_told() {
        for field in INHERITED.iter().chain(INHERITED_IF_PUBLISHED) {
            let own: String = GOOD
                .lines()
                .filter(|line| !line.starts_with(field))
                .flat_map(|line| [line, "\n"])
                .collect();
            check(&own, &[&format!("{field} is not the workspace's")]);
        }
        check(
            &GOOD.replace("Says what it is for", " "),
            &["no description"],
        );
        check(&GOOD.replace("[lints]", "[other]"), &["the lints"]);
    }

    #[test]
    fn what_is_not_published_needs_no_keywords() {
        let private = GOOD
            .replace("repository.workspace = true", "publish = false")
            .replace("categories.workspace = true", "")
            .replace("keywords = { workspace = true }", "");
        check(&private, &[]);
    }
}
