//! How fast a simulator starts.

use crate::cargo::{cargo, run as show, target_dir};

/// Starts one after the other, and then a hundred that stay.
///
/// # Errors
/// What failed, in the program's own words.
pub(super) fn run() -> Result<(), String> {
    let example = ["--package", "kaleyra-wa-sim", "--example", "start"];
    let mut command = cargo(["run", "--release"].into_iter().chain(example));
    show(command.env("CARGO_TARGET_DIR", target_dir()))
}
