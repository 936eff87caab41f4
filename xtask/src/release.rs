//! `cargo xtask release --dry-run`: whether a release could be made of what is checked out, and what is still to be done.

use std::fs;

use crate::cargo::{capture, root};
use crate::tidy;
use crate::trust::{self, Package, published};

/// What is told of one line of the checklist.
enum Found {
    Good(String),
    /// Nothing is wrong; somebody has to do something on the day.
    Open(String),
    Bad(String),
}

/// The checks that a release waits for; the others have run in CI.
const CHECKS: &[&str] = &["unused", "msrv", "docsrs", "package", "semver"];

/// Goes through the checklist, and prints what became of each line.
///
/// # Errors
/// How many lines failed, or why they could not be looked at.
pub(crate) fn rehearse() -> Result<(), String> {
    let packages = published()?;
    let mut list = vec![
        ("committed", committed()?),
        ("versions", versions(&packages)),
        ("changelog", changelog(&packages)?),
        ("rules", outcome(tidy::run(), "cargo xtask tidy")),
    ];
    let waited = |check: &&trust::Check| CHECKS.contains(&check.name);
    for check in trust::ALL.iter().filter(waited) {
        list.push((check.name, checked(check)));
    }
    println!("\nRelease {}, rehearsed:\n", version(&packages));
    let mut bad = 0;
    for (name, found) in &list {
        let (mark, text) = match found {
            Found::Good(text) => ("ok", text),
            Found::Open(text) => ("to do", text),
            Found::Bad(text) => {
                bad += 1;
                ("FAILED", text)
            }
        };
        println!("  {mark:<7} {name:<10} {text}");
    }
    println!("\nThe rest is done by a person, in this order (docs/releasing.md):\n");
    println!("  git tag v{0} && git push origin v{0}", version(&packages));
    println!("  cargo publish --workspace   # {}", order(&packages));
    match bad {
        0 => Ok(()),
        1 => Err("1 line of the checklist failed".to_owned()),
        count => Err(format!("{count} lines of the checklist failed")),
    }
}

fn committed() -> Result<Found, String> {
    let mut status = std::process::Command::new("git");
    let changes = capture(status.args(["status", "--porcelain"]).current_dir(root()))?;
    Ok(match changes.lines().count() {
        0 => Found::Good("nothing is uncommitted".to_owned()),
        count => Found::Bad(format!(
            "{count} files are not committed: commit or stash them"
        )),
    })
}

fn versions(packages: &[Package]) -> Found {
    let version = version(packages);
    for package in packages {
        if package.version != version {
            let (name, other) = (&package.name, &package.version);
            return Found::Bad(format!(
                "{name} is {other}, the others {version}: write `version.workspace = true`"
            ));
        }
        let behind = package
            .siblings
            .iter()
            .find(|(_, wants)| *wants != format!("^{version}"));
        if let Some((sibling, wants)) = behind {
            let name = &package.name;
            return Found::Bad(format!(
                "{name} wants {sibling} {wants}: write \"{version}\" in the workspace's Cargo.toml"
            ));
        }
    }
    Found::Good(format!(
        "all {} packages are {version}, and want each other so",
        packages.len()
    ))
}

fn changelog(packages: &[Package]) -> Result<Found, String> {
    let text = fs::read_to_string(root().join("CHANGELOG.md"));
    let text = text.map_err(|error| format!("CHANGELOG.md: {error}"))?;
    Ok(section(&text, version(packages)))
}

fn section(changelog: &str, version: &str) -> Found {
    let headings = changelog
        .lines()
        .filter_map(|line| line.strip_prefix("## "));
    let mut ours = headings.filter(|heading| heading.split_whitespace().next() == Some(version));
    match ours.next() {
        None => Found::Bad(format!(
            "CHANGELOG.md has no section `## {version} — YYYY-MM-DD`"
        )),
        Some(heading) if heading.ends_with("unreleased") => {
            Found::Open(format!("write the day into CHANGELOG.md's `## {heading}`"))
        }
        Some(heading) => Found::Good(format!("has `## {heading}`")),
    }
}

fn checked(check: &trust::Check) -> Found {
    match check.missing() {
        Some(missing) => Found::Open(missing),
        None => outcome(check.run(), &format!("cargo xtask check {}", check.name)),
    }
}

fn outcome(result: Result<(), String>, command: &str) -> Found {
    match result {
        Ok(()) => Found::Good(format!("`{command}` passes")),
        Err(reason) => Found::Bad(format!(
            "`{command}`: {}",
            reason.lines().next().unwrap_or_default()
        )),
    }
}

fn version(packages: &[Package]) -> &str {
    packages.first().map_or("", |package| &package.version)
}

fn order(packages: &[Package]) -> String {
    let names = packages
        .iter()
        .map(|package| package.name.trim_start_matches("kaleyra-wa-"));
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(version: &str, wants: &str) -> Package {
        Package {
            name: "kaleyra-wa-client".to_owned(),
            version: version.to_owned(),
            features: Vec::new(),
            has_library: true,
            is_macro: false,
            siblings: vec![("kaleyra-wa-types".to_owned(), wants.to_owned())],
        }
    }

    #[test]
    fn versions_that_differ_are_told() {
        assert!(matches!(
            versions(&[package("1.2.0", "^1.2.0")]),
            Found::Good(_)
        ));
        assert!(matches!(
            versions(&[package("1.2.0", "^1.1.0")]),
            Found::Bad(_)
        ));
        let two = [package("1.2.0", "^1.2.0"), package("1.1.0", "^1.2.0")];
        assert!(matches!(versions(&two), Found::Bad(_)));
    }

    #[test]
    fn a_version_has_its_section() {
        let text = "# Changelog\n\n## 1.2.0 — 2027-01-31\n\n## 1.1.0 — unreleased\n";
        assert!(matches!(section(text, "1.2.0"), Found::Good(_)));
        assert!(matches!(section(text, "1.1.0"), Found::Open(_)));
        assert!(matches!(section(text, "1.1"), Found::Bad(_)));
    }
}
