//! The inbox beside the disk and the memory.

use crate::cargo::{cargo, run as show, target_dir};

/// Has the same senders post to an inbox and to memory in turn, then a million to an inbox, and then starts one with a million
/// pending. The files lie in the target folder, so that is the disk that is measured.
///
/// # Errors
/// What failed, in the program's own words.
pub(super) fn run() -> Result<(), String> {
    let package = ["--package", "kaleyra-wa-bench", "--bin", "inbox"];
    let folder = target_dir().join("bench-inbox");
    let outcome = [None, Some("--flat"), Some("--start")]
        .into_iter()
        .try_for_each(|mode| {
            let mut command = cargo(["run", "--release"].into_iter().chain(package));
            command.arg("--").args(mode).arg(&folder);
            show(command.env("CARGO_TARGET_DIR", target_dir()))?;
            println!();
            Ok(())
        });
    // A few gigabytes that nobody needs any more.
    let _ = std::fs::remove_dir_all(folder);
    outcome
}
