//! The JSON files under `tests/fixtures`: documented shapes, invented people and numbers.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

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

/// Reads a file and checks that the very same is written back.
pub(crate) fn read_losslessly<T: DeserializeOwned + Serialize>(path: &Path, body: &[u8]) -> T {
    let path = path.display();
    let read: T = serde_json::from_slice(body).unwrap_or_else(|error| panic!("{path}: {error}"));
    let came: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), came, "{path}");
    read
}
