//! Builds and runs `tests/outside`: packages that use the crates as an unauthenticated caller would, by their public API alone.

use std::process::Command;

use crate::cargo::{capture, cargo, run, target_dir};
use crate::tidy::{forbidden, packages_of};

/// The manifest of the workspace outside the workspace.
pub(crate) const MANIFEST: &str = "tests/outside/Cargo.toml";

/// Each package, and what its dependency tree must be free of (a trailing `*` stands for any ending).
const PACKAGES: &[(&str, &[&str])] = &[
    ("types-only", &["tokio*", "hyper*", "reqwest"]),
    (
        "full-client",
        &["openssl", "openssl-sys", "native-tls", "aws-lc*"],
    ),
    ("own-transport", &["hyper*", "reqwest", "rustls*"]),
];

/// Runs each package and looks at its tree.
///
/// # Errors
/// What failed first, in one line or with cargo's own words.
pub(crate) fn run_all() -> Result<(), String> {
    for (package, absent) in PACKAGES {
        // One at a time: built together they would share their features, and prove nothing.
        run(&mut outside("run", package)).map_err(|error| {
            format!(
                "{error}; if its Cargo.lock is behind the manifests: \
                 cargo update --workspace --manifest-path {MANIFEST}"
            )
        })?;
        let mut tree = outside("tree", package);
        let tree = capture(tree.args(["--edges", "normal", "--prefix", "none"]))?;
        let packages = packages_of(&tree);
        let found = forbidden(&packages, absent);
        if !found.is_empty() {
            return Err(format!(
                "the tree of {package} has {}, which it must be free of",
                found.join(", ")
            ));
        }
    }
    Ok(())
}

/// Shares the workspace's target folder, so that what is built there is not built again.
fn outside(subcommand: &str, package: &str) -> Command {
    let mut command = cargo([
        subcommand,
        "--locked",
        "--manifest-path",
        MANIFEST,
        "--package",
        package,
    ]);
    command.env("CARGO_TARGET_DIR", target_dir());
    command
}
