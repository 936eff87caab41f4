//! `cargo xtask check`: what a stranger asks before depending on the crates, beyond what `test` shows.
//!
//! Each check needs a tool or a toolchain that Rust doesn't come with, and says how to get it. They run in CI (`.github/workflows`),
//! and before a release.

mod clone;
mod metadata;
mod tools;

use std::env;
use std::path::PathBuf;

pub(crate) use self::metadata::{Package, published};
use self::tools::{Need, rustup};
use crate::cargo::{capture, cargo, root, run, target_dir};

/// One thing that holds for who depends on the crates.
pub(crate) struct Check {
    /// How it is called on the command line.
    pub(crate) name: &'static str,
    /// What holds when it passes.
    pub(crate) about: &'static str,
    needs: &'static [Need],
    run: fn() -> Result<(), String>,
}

/// Every check, the quick ones first.
pub(crate) const ALL: &[Check] = &[
    Check {
        name: "unused",
        about: "no manifest declares a dependency that its code doesn't use",
        needs: &[Need::Subcommand("machete", "cargo-machete")],
        run: unused,
    },
    Check {
        name: "advisories",
        about: "no dependency has a known vulnerability or was yanked (fetches the advisory database)",
        needs: &[Need::Subcommand("deny", "cargo-deny")],
        run: advisories,
    },
    Check {
        name: "msrv",
        about: "the crates build with the Rust version that they declare",
        needs: &[Need::Msrv],
        run: msrv,
    },
    Check {
        name: "minimal",
        about: "the crates build with the lowest version that each declared dependency allows",
        needs: &[Need::Nightly],
        run: minimal,
    },
    Check {
        name: "powerset",
        about: "each crate builds with every pair of its features, with all, and with none",
        needs: &[Need::Subcommand("hack", "cargo-hack")],
        run: powerset,
    },
    Check {
        name: "docsrs",
        about: "the documentation builds as docs.rs builds it",
        needs: &[Need::Nightly],
        run: docsrs,
    },
    Check {
        name: "package",
        about: "each crate is packaged from a clean clone, and what was packaged builds",
        needs: &[],
        run: package,
    },
    Check {
        name: "semver",
        about: "nothing public broke since the last release's tag (or KWA_SEMVER_BASELINE) without a version that says so",
        needs: &[Need::Subcommand("semver-checks", "cargo-semver-checks")],
        run: semver,
    },
    Check {
        name: "fuzz",
        about: "no target finds anything in ten minutes each (KWA_FUZZ_SECONDS=60 for less)",
        needs: &[Need::Nightly, Need::Subcommand("fuzz", "cargo-fuzz")],
        run: fuzz,
    },
];

/// The checks with these names in the order of [`ALL`]; all of them if none is named.
///
/// # Errors
/// The first name that no check has.
pub(crate) fn named(names: &[String]) -> Result<Vec<&'static Check>, &str> {
    let exists = |name: &&String| ALL.iter().any(|check| check.name == name.as_str());
    if let Some(unknown) = names.iter().find(|name| !exists(name)) {
        return Err(unknown);
    }
    let wanted = |check: &&Check| names.is_empty() || names.iter().any(|name| name == check.name);
    Ok(ALL.iter().filter(wanted).collect())
}

impl Check {
    /// What it needs and does not find, with how to install it.
    pub(crate) fn missing(&self) -> Option<String> {
        self.needs.iter().find_map(Need::missing)
    }

    /// Runs it.
    ///
    /// # Errors
    /// What is missing, or what failed.
    pub(crate) fn run(&self) -> Result<(), String> {
        println!("\n== {}: {}", self.name, self.about);
        match self.missing() {
            Some(missing) => Err(missing),
            None => (self.run)(),
        }
    }
}

/// Runs each, and tells at the end which failed: they don't depend on each other.
///
/// # Errors
/// The names of those that failed.
pub(crate) fn run_all(checks: &[&Check]) -> Result<(), String> {
    let mut failed = Vec::new();
    for check in checks {
        if let Err(reason) = check.run() {
            eprintln!("{}: {reason}", check.name);
            failed.push(check.name);
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(format!("failed: {}", failed.join(", ")))
}

fn unused() -> Result<(), String> {
    run(&mut cargo(["machete"]))
}

fn advisories() -> Result<(), String> {
    run(&mut cargo(["deny", "check", "advisories"]))
}

fn msrv() -> Result<(), String> {
    let version = tools::msrv()?;
    let mut command = rustup(&version, ["check", "--locked", "--all-features"]);
    for package in published()? {
        command.args(["--package", &package.name]);
    }
    run(command.env("CARGO_TARGET_DIR", place("msrv")))
}

/// A target folder of a check's own: another toolchain or lock file would have the usual one built anew.
fn place(check: &str) -> PathBuf {
    target_dir().join(check)
}

/// In a clone, because it changes `Cargo.lock`.
fn minimal() -> Result<(), String> {
    let clone = clone::fresh("minimal")?;
    let mut update = rustup("nightly", ["update", "-Zdirect-minimal-versions"]);
    run(update.current_dir(&clone))?;
    let mut check = cargo(["check", "--locked", "--all-features"]);
    for package in published()? {
        check.args(["--package", &package.name]);
    }
    run(check
        .current_dir(&clone)
        .env("CARGO_TARGET_DIR", place("minimal")))
}

/// Pairs, not all subsets: eight features have 256, and what two features do to each other shows in a pair.
fn powerset() -> Result<(), String> {
    let mut command = cargo([
        "hack",
        "check",
        "--locked",
        "--feature-powerset",
        "--depth",
        "2",
    ]);
    for package in published()? {
        if !package.features.is_empty() {
            command.args(["--package", &package.name]);
        }
    }
    run(&mut command)
}

fn docsrs() -> Result<(), String> {
    let mut command = rustup(
        "nightly",
        ["doc", "--locked", "--no-deps", "--all-features"],
    );
    for package in published()? {
        if package.has_library {
            command.args(["--package", &package.name]);
        }
    }
    command.env("CARGO_TARGET_DIR", place("docsrs"));
    run(command.env("RUSTDOCFLAGS", "--cfg docsrs -D warnings"))
}

/// cargo puts siblings that are on no registry yet into a registry of its own while it builds what was packaged.
fn package() -> Result<(), String> {
    let clone = clone::fresh("package")?;
    let mut command = cargo(["package", "--locked"]);
    for package in published()? {
        command.args(["--package", &package.name]);
    }
    run(command
        .current_dir(&clone)
        .env("CARGO_TARGET_DIR", place("packaged")))
}

fn semver() -> Result<(), String> {
    let mut newest = tools::git(["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"]);
    let named = env::var("KWA_SEMVER_BASELINE").ok();
    let Some(baseline) = named.or_else(|| capture(&mut newest).ok()) else {
        println!("no release has a tag yet, so there is nothing to compare with");
        println!("KWA_SEMVER_BASELINE names another revision to compare with");
        return Ok(());
    };
    let mut command = cargo([
        "semver-checks",
        "check-release",
        "--baseline-rev",
        baseline.trim(),
    ]);
    for package in published()? {
        if package.has_library && !package.is_macro {
            command.args(["--package", &package.name]);
        }
    }
    run(&mut command)
}

fn fuzz() -> Result<(), String> {
    let seconds = env::var("KWA_FUZZ_SECONDS").unwrap_or_else(|_| "600".to_owned());
    run(std::process::Command::new("fuzz/seed").current_dir(root()))?;
    let targets = capture(&mut rustup("nightly", ["fuzz", "list"]))?;
    for target in targets.split_whitespace() {
        let limit = format!("-max_total_time={seconds}");
        run(&mut rustup(
            "nightly",
            ["fuzz", "run", target, "--", &limit],
        ))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_are_found_by_name_and_keep_their_order() {
        let names = ["msrv", "unused"].map(str::to_owned);
        let found: Vec<_> = named(&names)
            .unwrap()
            .iter()
            .map(|check| check.name)
            .collect();
        assert_eq!(found, ["unused", "msrv"]);
        assert_eq!(named(&[]).unwrap().len(), ALL.len());
        assert_eq!(named(&["bogus".to_owned()]).err(), Some("bogus"));
    }
}
