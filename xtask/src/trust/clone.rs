//! A clone of what is committed, with nothing else in it.

use std::fs;
use std::path::PathBuf;

use super::tools::git;
use crate::cargo::{capture, run, target_dir};

/// Clones the commit that is checked out into a folder of the target folder, in place of an older clone.
///
/// # Errors
/// The older clone can't be removed, or git can't clone.
pub(super) fn fresh(name: &str) -> Result<PathBuf, String> {
    let folder = target_dir().join("clones").join(name);
    if folder.exists() {
        let removed = fs::remove_dir_all(&folder);
        removed.map_err(|error| format!("the old clone can't be removed: {error}"))?;
    }
    if !capture(&mut git(["status", "--porcelain"]))?.is_empty() {
        println!("what is not committed is not in the clone");
    }
    let mut clone = git(["clone", "--quiet", "."]);
    run(clone.arg(&folder))?;
    Ok(folder)
}
