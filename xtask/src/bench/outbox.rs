//! Messages with a journal beside the same client without one.

use std::fs;

use crate::cargo::{cargo, run as show, target_dir};

/// Measures it on the disk that has the build.
///
/// # Errors
/// What failed first, in one line or with the program's own words.
pub(super) fn run() -> Result<(), String> {
    let folder = target_dir().join(format!("bench-outbox-{}", std::process::id()));
    let mut command = cargo([
        "run",
        "--release",
        "--package",
        "kaleyra-wa-bench",
        "--bin",
        "outbox",
        "--",
    ]);
    let outcome = show(command.arg(&folder).env("CARGO_TARGET_DIR", target_dir()));
    let _ = fs::remove_dir_all(&folder);
    outcome
}
