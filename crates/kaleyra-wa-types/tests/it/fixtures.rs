//! The JSON files under `tests/fixtures`: documented shapes, invented people and numbers.

use std::fs;
use std::path::{Path, PathBuf};

/// Every JSON file in a folder below `tests/fixtures`, with its bytes.
pub(crate) fn all(folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(folder);
    let files = json_files(&folder);
    assert!(!files.is_empty(), "no fixtures in {}", folder.display());
    files
}

/// One fixture's bytes.
pub(crate) fn one(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every JSON file in a folder, in order of name.
pub(crate) fn json_files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    paths.sort();
    paths
        .into_iter()
        .map(|path| (path.clone(), fs::read(&path).unwrap()))
        .collect()
}
