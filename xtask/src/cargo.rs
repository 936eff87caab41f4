//! Starts cargo, at the root of the repository, with a clean environment.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use crate::typed;

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| above(env::var_os("CARGO_MANIFEST_DIR")));
    &ROOT
}

/// Where the workspace is built.
pub(crate) fn target_dir() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        // A relative one is relative to where the person stands, and they started cargo there too.
        Some(dir) => env::current_dir().unwrap_or_default().join(dir),
        None => root().join("target"),
    }
}

/// A cargo command, the same cargo that started us.
///
/// `cargo run` tells its child which package it is (`CARGO_PKG_*`, `CARGO_MANIFEST_*`). Build scripts such as
/// ring's watch these variables, so handing them on would rebuild half the tree after every plain `cargo build`.
pub(crate) fn cargo<'a>(args: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args).current_dir(root());
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(describes_our_package) {
            command.env_remove(name);
        }
    }
    command
}

/// Shows a command, runs it with its output in view, and fails if it fails.
///
/// # Errors
/// One line: the command did not start, or how it ended.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let line = typed(command);
    println!("$ {line}");
    let status = command
        .status()
        .map_err(|error| format!("`{line}` did not start: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{line}` failed ({status})"))
    }
}

/// Runs a command out of sight and returns what it printed.
///
/// # Errors
/// The command did not start, or failed: then with what it said.
pub(crate) fn capture(command: &mut Command) -> Result<String, String> {
    let output = output(command)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command out of sight and returns all that came of it.
///
/// # Errors
/// The command did not start, or failed: then with what it said.
pub(crate) fn output(command: &mut Command) -> Result<Output, String> {
    let line = typed(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("`{line}` did not start: {error}"))?;
    if output.status.success() {
        Ok(output)
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("`{line}` failed:\n{}", said.trim()))
    }
}

/// Whether cargo has this subcommand.
pub(crate) fn has(subcommand: &str) -> bool {
    capture(&mut cargo([subcommand, "--version"])).is_ok()
}

/// The folder above xtask's, whose place `cargo run` tells at run time. The place it was built in is only a guess: a
/// target folder may be shared, and what lies in it be built for another checkout.
fn above(xtask: Option<OsString>) -> PathBuf {
    let mut folder = PathBuf::from(xtask.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into()));
    folder.pop();
    folder
}

fn describes_our_package(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_") || variable.starts_with("CARGO_MANIFEST_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_has_the_workspace_manifest() {
        assert!(root().join("Cargo.lock").exists());
    }

    #[test]
    fn the_root_is_that_of_the_checkout_that_runs_us() {
        let other = Path::new("other").join("checkout");
        assert_eq!(above(Some(other.join("xtask").into())), other);
        let built_in = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(above(None).join("xtask"), built_in);
    }

    #[test]
    fn a_child_does_not_learn_which_package_we_are() {
        assert!(describes_our_package("CARGO_PKG_NAME"));
        assert!(describes_our_package("CARGO_MANIFEST_DIR"));
        assert!(!describes_our_package("CARGO_HOME"));
        assert!(!describes_our_package("CARGO_TARGET_DIR"));
    }

    #[test]
    fn a_failure_tells_what_was_said() {
        let error = capture(&mut cargo(["no-such-subcommand-here"])).unwrap_err();
        assert!(
            error.starts_with("`cargo no-such-subcommand-here` failed:"),
            "{error}"
        );
        assert!(error.contains("no such command"), "{error}");
    }
}
