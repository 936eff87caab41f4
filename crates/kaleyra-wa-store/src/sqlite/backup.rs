//! Copies the store into a new file, while it is in use.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use super::failure::failed;
use super::open::{self, Use, unusable};
use super::owner::{beside, set_meta};
use crate::{StoreError, StoreErrorKind};

/// Copies the store into a file that is not there yet, on a thread of its own.
pub(super) async fn backup(store: PathBuf, to: PathBuf) -> Result<(), StoreError> {
    let (answer, answered) = oneshot::channel();
    let thread = std::thread::Builder::new().name("kwa-store-backup".to_owned());
    let started = thread.spawn(move || {
        let _ = answer.send(copy(&store, &to));
    });
    started.map_err(|error| unusable(&error))?;
    let ended = || StoreError::new(StoreErrorKind::Other, "the backup ended early");
    answered.await.unwrap_or_else(|_| Err(ended()))
}

fn copy(store: &Path, to: &Path) -> Result<(), StoreError> {
    // What has the name at the end is whole, so that a half of it is never taken for a backup.
    let half = beside(to, ".part");
    let placeholder = new_file(to)?;
    let copied = new_file(&half).and_then(|_| {
        let copied = fill(store, &half)
            .and_then(|()| fs::rename(&half, to).map_err(|error| unusable(&error)));
        if copied.is_err() {
            let _ = fs::remove_file(&half);
        }
        copied
    });
    drop(placeholder);
    if copied.is_err() {
        let _ = fs::remove_file(to);
    }
    copied
}

/// For its user alone, as the store is.
fn new_file(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| {
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            let detail = "the file for the backup exists already: name another";
            return StoreError::new(StoreErrorKind::Invalid, detail);
        }
        unusable(&error)
    })
}

fn fill(store: &Path, half: &Path) -> Result<(), StoreError> {
    let name = half.to_str().ok_or_else(|| {
        StoreError::new(
            StoreErrorKind::Invalid,
            "the name of the backup has to be Unicode",
        )
    })?;
    let db = open::connect(store, Use::Visit, None)?;
    db.execute("VACUUM INTO ?1", [name])
        .map_err(|error| failed(&error))?;
    drop(db);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let copy = Connection::open_with_flags(half, flags);
    let marked = copy.and_then(|copy| set_meta(&copy, "is_copy", 1));
    marked.map_err(|error| failed(&error))?;
    let synced = File::open(half).and_then(|file| file.sync_all());
    synced.map_err(|error| unusable(&error))
}
