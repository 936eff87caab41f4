//! The steps of `cargo xtask test`, in their order.

use std::process::Command;
use std::{env, fs};

use crate::cargo::{cargo, has, root, run};
use crate::{corpus, outside, page, tidy};

/// One thing that must hold.
pub(crate) struct Step {
    /// How it is called on the command line.
    pub(crate) name: &'static str,
    /// What holds when it passes.
    pub(crate) about: &'static str,
    /// Checks it; an error says in one line what failed.
    pub(crate) run: fn() -> Result<(), String>,
}

/// Every step, the quick ones that fail most often first.
pub(crate) const ALL: &[Step] = &[
    Step {
        name: "fmt",
        about: "the code is formatted",
        run: fmt,
    },
    Step {
        name: "clippy",
        about: "no warnings, in any target, with every feature",
        run: clippy,
    },
    Step {
        name: "features",
        about: "each library stands alone, with its default features and with none",
        run: features,
    },
    Step {
        name: "test",
        about: "the tests pass",
        run: test,
    },
    Step {
        name: "doctest",
        about: "the samples in the documentation work",
        run: doctest,
    },
    Step {
        name: "doc",
        about: "the documentation builds without warnings",
        run: doc,
    },
    Step {
        name: "outside",
        about: "a package outside this workspace can use the crates",
        run: outside::run_all,
    },
    Step {
        name: "demo",
        about: "the main job runs from end to end",
        run: demo,
    },
    Step {
        name: "page",
        about: "the simulator's page works in a browser, for everybody",
        run: page::check,
    },
    Step {
        name: "corpus",
        about: "recorded payloads are read without loss, where they lie beside the checkout",
        run: corpus::check,
    },
    Step {
        name: "deny",
        about: "the dependencies' licences, sources and bans are as agreed",
        run: deny,
    },
    Step {
        name: "tidy",
        about: "the architecture's rules hold",
        run: tidy::run,
    },
];

/// The steps with these names in the order of [`ALL`]; all of them if none is named.
///
/// # Errors
/// The first name that no step has.
pub(crate) fn named(names: &[String]) -> Result<Vec<&'static Step>, &str> {
    if let Some(unknown) = names
        .iter()
        .find(|name| ALL.iter().all(|step| step.name != name.as_str()))
    {
        return Err(unknown);
    }
    let wanted = |step: &&Step| names.is_empty() || names.iter().any(|name| name == step.name);
    Ok(ALL.iter().filter(wanted).collect())
}

/// The command that runs the demo; more arguments may follow. Not quiet: the first build takes a while, and should show.
pub(crate) fn demo_command() -> Command {
    cargo([
        "run",
        "--package",
        "kaleyra-wa-cli",
        "--bin",
        "kaleyra-wa",
        "--",
        "demo",
    ])
}

fn fmt() -> Result<(), String> {
    component("fmt", "rustfmt")?;
    run(&mut cargo(["fmt", "--all", "--check"]))?;
    run(&mut cargo([
        "fmt",
        "--manifest-path",
        outside::MANIFEST,
        "--all",
        "--check",
    ]))
}

fn clippy() -> Result<(), String> {
    component("clippy", "clippy")?;
    run(&mut cargo([
        "clippy",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "-D",
        "warnings",
    ]))
}

/// One package at a time: in a build of the whole workspace each crate gets the features that its neighbours ask
/// for, which hides a missing one.
fn features() -> Result<(), String> {
    component("clippy", "clippy")?;
    for name in libraries()? {
        let alone = ["clippy", "--package", &name];
        let strict = ["--", "-D", "warnings"];
        run(&mut cargo(alone.into_iter().chain(strict)))?;
        let bare = ["--no-default-features"];
        run(&mut cargo(alone.into_iter().chain(bare).chain(strict)))?;
    }
    Ok(())
}

fn test() -> Result<(), String> {
    if has("nextest") {
        run(&mut cargo([
            "nextest",
            "run",
            "--workspace",
            "--all-features",
        ]))
    } else {
        run(&mut cargo([
            "test",
            "--workspace",
            "--all-features",
            "--lib",
            "--bins",
            "--tests",
        ]))
    }
}

fn doctest() -> Result<(), String> {
    run(&mut cargo([
        "test",
        "--workspace",
        "--all-features",
        "--doc",
    ]))
}

fn doc() -> Result<(), String> {
    let mut command = cargo(["doc", "--workspace", "--no-deps", "--all-features"]);
    run(command.env("RUSTDOCFLAGS", "-D warnings"))
}

fn demo() -> Result<(), String> {
    run(demo_command().arg("--once"))
}

fn deny() -> Result<(), String> {
    if !has("deny") {
        return skipped(
            "cargo-deny is not installed",
            "cargo install --locked cargo-deny",
        );
    }
    run(&mut cargo([
        "deny",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]))
}

/// Says what was not checked, and how it would be. In CI, where everything is installed, that is a failure.
pub(crate) fn skipped(why: &str, cure: &str) -> Result<(), String> {
    if env::var_os("CI").is_some() {
        return Err(format!("{why}; install it with: {cure}"));
    }
    println!("skipped: {why}; install it with: {cure}");
    Ok(())
}

/// The crates that are published, by name; a crate's folder carries its name.
fn libraries() -> Result<Vec<String>, String> {
    let crates = root().join("crates");
    let entries = fs::read_dir(&crates)
        .map_err(|error| format!("the folder `crates` can't be read: {error}"))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().join("src/lib.rs").exists())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Ok(names)
}

/// Says how to install a part of the toolchain that minimal installations leave out.
fn component(subcommand: &str, component: &str) -> Result<(), String> {
    if has(subcommand) {
        Ok(())
    } else {
        Err(format!(
            "cargo {subcommand} is not installed; install it with: rustup component add {component}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(asked: &[&str]) -> Result<Vec<&'static str>, String> {
        let asked: Vec<String> = asked.iter().map(|name| (*name).to_owned()).collect();
        match named(&asked) {
            Ok(steps) => Ok(steps.iter().map(|step| step.name).collect()),
            Err(unknown) => Err(unknown.to_owned()),
        }
    }

    #[test]
    fn no_name_means_all() {
        assert_eq!(names(&[]).unwrap().len(), ALL.len());
    }

    #[test]
    fn named_steps_keep_their_order() {
        assert_eq!(names(&["tidy", "fmt"]).unwrap(), ["fmt", "tidy"]);
    }

    #[test]
    fn an_unknown_name_is_given_back() {
        assert_eq!(names(&["fmt", "bogus"]), Err("bogus".to_owned()));
    }

    #[test]
    fn a_missing_component_comes_with_its_cure() {
        let error = component("no-such-subcommand-here", "rustfmt").unwrap_err();
        assert!(error.ends_with("rustup component add rustfmt"), "{error}");
    }

    #[test]
    fn libraries_are_found() {
        assert!(
            libraries()
                .unwrap()
                .contains(&"kaleyra-wa-types".to_owned())
        );
    }
}
