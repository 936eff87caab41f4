//! The simulator's page: its types are checked, and its tests drive a real Chromium.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo::{cargo, root, run};

/// Where Debian has it.
const CHROMIUM: &str = "/usr/bin/chromium";

/// What the tests need beyond Rust, with how to get it.
struct Missing(&'static str, &'static str);

/// Checks the page's types, then runs its tests. Where they can't run, that is said; in CI it is a failure.
///
/// # Errors
/// The first that failed, or, in CI, what is missing.
pub(crate) fn check() -> Result<(), String> {
    if let Some(Missing(what, cure)) = missing() {
        return crate::steps::skipped(what, cure);
    }
    build()?;
    run(&mut npm(&["run", "--silent", "check"]))?;
    run(&mut npm(&["test", "--silent"]))
}

/// Takes the README's pictures of the page.
///
/// # Errors
/// What is missing, or what failed.
pub(crate) fn pictures() -> Result<(), String> {
    if let Some(Missing(what, cure)) = missing() {
        return Err(format!("{what}; install it with: {cure}"));
    }
    build()?;
    run(&mut npm(&["run", "--silent", "readme"]))
}

/// The command that the tests start.
fn build() -> Result<(), String> {
    run(&mut cargo(["build", "--package", "kaleyra-wa-cli"]))
}

fn missing() -> Option<Missing> {
    let chromium = env::var_os("KALEYRA_WA_CHROMIUM").map_or(CHROMIUM.into(), PathBuf::from);
    if !chromium.exists() {
        let cure = "apt-get install chromium fonts-noto-color-emoji (or name yours in KALEYRA_WA_CHROMIUM)";
        return Some(Missing(
            "there is no chromium, so the page was not tested",
            cure,
        ));
    }
    let has_npm = Command::new("npm").arg("--version").output();
    if !has_npm.is_ok_and(|output| output.status.success()) {
        let cure = "apt-get install nodejs npm (Node.js 20 or newer)";
        return Some(Missing("there is no npm, so the page was not tested", cure));
    }
    if !folder().join("node_modules").exists() {
        let cure = "npm ci --ignore-scripts --prefix crates/kaleyra-wa-sim/page";
        return Some(Missing(
            "the page's test tools are not installed, so it was not tested",
            cure,
        ));
    }
    None
}

fn folder() -> PathBuf {
    root().join(Path::new("crates/kaleyra-wa-sim/page"))
}

fn npm(args: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.args(args).current_dir(folder());
    command
}
