//! The webhook beside bare hyper and axum.

use crate::cargo::{cargo, run as show, target_dir};

/// Has the same senders post to each in turn.
///
/// # Errors
/// What failed, in the program's own words.
pub(super) fn run() -> Result<(), String> {
    let package = ["--package", "kaleyra-wa-bench", "--bin", "webhook"];
    let mut command = cargo(["run", "--release"].into_iter().chain(package));
    show(command.env("CARGO_TARGET_DIR", target_dir()))
}
