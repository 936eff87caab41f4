//! The repository's own text files: what git knows or would add, not what a build left behind.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::code::Code;

/// A text file.
pub(super) struct Source {
    /// From the root of the repository, with `/` on every system.
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    pub(super) fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// The lines with their numbers, which start at 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    /// What is neither comment nor literal, if this is a Rust file.
    pub(super) fn code(&self) -> Code {
        Code::of(&self.text)
    }
}

/// Reads every text file of the repository.
///
/// # Errors
/// The root folder can't be read.
pub(super) fn read(root: &Path) -> Result<Vec<Source>, String> {
    let paths = match listed_by_git(root) {
        Some(paths) => paths,
        // An unpacked archive has no git, and nothing ignored in it but what was built since.
        None => walked(root)?,
    };
    // A file that is not UTF-8 is no text, and one that is listed but gone was just deleted.
    let sources = paths.iter().filter_map(|path| {
        let text = fs::read_to_string(root.join(path)).ok()?;
        Some(Source::new(path, &text))
    });
    Ok(sources.collect())
}

fn listed_by_git(root: &Path) -> Option<Vec<String>> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root)
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let names = String::from_utf8_lossy(&output.stdout);
    let paths: Vec<String> = names
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    // Nothing at all: the folder lies ignored inside some other repository.
    (!paths.is_empty()).then_some(paths)
}

fn walked(root: &Path) -> Result<Vec<String>, String> {
    let mut paths = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(root.join(&folder))
            .map_err(|error| format!("the folder `{folder}` can't be read: {error}"))?;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if kind.is_file() {
                paths.push(format!("{folder}{name}"));
            } else if kind.is_dir() && name != "target" && name != ".git" {
                folders.push(format!("{folder}{name}/"));
            }
        }
    }
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use crate::cargo::root;

    use super::*;

    const US: &str = "xtask/src/tidy/files.rs";

    #[test]
    fn a_walk_finds_sources_and_leaves_builds_out() {
        let paths = walked(root()).unwrap();
        assert!(paths.iter().any(|path| path == US));
        assert!(!paths.iter().any(|path| path.starts_with("target/")));
    }

    #[test]
    fn sources_are_read_with_their_text() {
        let sources = read(root()).unwrap();
        let us = sources.iter().find(|source| source.path == US).unwrap();
        assert!(us.text.starts_with("//! The repository's own text files"));
    }
}
