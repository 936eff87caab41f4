//! Which files there are to check.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::exit::Exit;
use crate::input;

/// The files named, and the JSON files in the folders named and below; in order of name within a folder.
pub(super) fn collect(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Exit> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = files.len();
            walk(path, &mut files)?;
            if files.len() == before {
                return Err(Exit::bad_input(format!(
                    "{}: no .json file in this folder",
                    path.display()
                )));
            }
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// A file's bytes; those of the standard input for `-`.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Exit> {
    let bytes = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        let input = io::stdin().lock().read_to_end(&mut bytes);
        input.map(|_| bytes)
    } else {
        fs::read(path)
    };
    let mut bytes = bytes.map_err(|error| unreadable(path, &error))?;
    // Some editors put a byte order mark in front.
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    Ok(bytes)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Exit> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut entries = entries.map_err(|error| unreadable(folder, &error))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        // A link to a folder is not followed: it may lead back.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
        {
            files.push(path);
        }
    }
    Ok(())
}

fn unreadable(path: &Path, error: &io::Error) -> Exit {
    Exit::bad_input(format!(
        "{}: {}",
        path.display(),
        input::why_unreadable(error)
    ))
}
