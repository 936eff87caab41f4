//! The webhook beside bare hyper and axum.

use crate::cargo::{cargo, run as show, target_dir};

/// Has the same senders post to each in turn, and then a million callbacks to the in-memory sink.
///
/// # Errors
/// What failed, in the program's own words.
pub(super) fn run() -> Result<(), String> {
    let package = ["--package", "kaleyra-wa-bench", "--bin", "webhook"];
    for arguments in [&[][..], &["--", "--flat"]] {
        let mut command = cargo(["run", "--release"].into_iter().chain(package));
        command.args(arguments);
        show(command.env("CARGO_TARGET_DIR", target_dir()))?;
        println!();
    }
    Ok(())
}
