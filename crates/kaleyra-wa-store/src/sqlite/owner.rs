//! The owner of the store: a lock beside the file, and how a restored backup shows.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use super::failure::{SqlResult, failed};
use super::open::unusable;
use crate::{StoreError, StoreErrorKind};

/// The lock: held by the kernel for this process, and given back when that ends, however it ends.
///
/// It also holds who owns the store, and how often it was opened: a file with fewer openings than its lock is an older copy.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    /// What the last owner wrote.
    last: Option<Mark>,
}

/// Which store it is, and how often it was opened by an owner.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    store: String,
    generation: i64,
}

/// What an owner finds when it opens the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Opened {
    /// How often it was opened by an owner, this time included: tells this process from all that were before.
    pub(super) epoch: i64,
    /// The file may be older than what happened since: it was made by `backup`, or put in place of a newer one.
    pub(super) is_restored: bool,
}

impl Lock {
    /// # Errors
    ///
    /// `Owned` where another process has it.
    pub(super) fn take(store: &Path) -> Result<Self, StoreError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options
            .open(beside(store, ".lock"))
            .map_err(|error| unusable(&error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let process = read(&mut file).and_then(|text| Some(Fields::of(&text)?.process));
                let detail = process.map_or_else(String::new, |id| format!("process {id}"));
                return Err(StoreError::new(StoreErrorKind::Owned, detail));
            }
            Err(TryLockError::Error(error)) => return Err(unusable(&error)),
        }
        let last = read(&mut file).and_then(|text| Some(Fields::of(&text)?.mark));
        Ok(Self { file, last })
    }

    /// Counts the opening in the file, and then in the lock.
    pub(super) fn enter(&mut self, db: &Connection) -> Result<Opened, StoreError> {
        let last = self.last.clone();
        let (mark, opened) = count_in(db, last).map_err(|error| {
            let _ = db.execute_batch("ROLLBACK");
            failed(&error)
        })?;
        self.write(&mark).map_err(|error| unusable(&error))?;
        self.last = Some(mark);
        Ok(opened)
    }

    /// Always as many bytes, so that a crash leaves the old text or the new.
    fn write(&mut self, mark: &Mark) -> std::io::Result<()> {
        let (store, generation, process) = (&mark.store, mark.generation, std::process::id());
        let text = format!("kaleyra-wa-store {store} {generation:020} {process:010}\n");
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(text.as_bytes())?;
        self.file.sync_data()
    }
}

fn count_in(db: &Connection, last: Option<Mark>) -> SqlResult<(Mark, Opened)> {
    db.execute_batch("BEGIN IMMEDIATE")?;
    let store: String = match meta(db, "store")? {
        Some(store) => store,
        None => db.query_row("SELECT lower(hex(randomblob(16)))", [], |row| row.get(0))?,
    };
    let generation: i64 = meta(db, "generation")?.unwrap_or(0);
    let is_copy = meta::<i64>(db, "is_copy")?.is_some();
    let last = last.filter(|mark| mark.store == store);
    let highest = last.as_ref().map_or(0, |mark| mark.generation);
    let mut is_restored = meta::<i64>(db, "is_restored")?.is_some();
    if is_copy || generation < highest {
        is_restored = true;
        set_meta(db, "is_restored", 1)?;
    }
    db.execute("DELETE FROM meta WHERE name = 'is_copy'", [])?;
    let generation = generation.max(highest) + 1;
    db.execute(
        "INSERT INTO meta(name, value) VALUES ('store', ?1) ON CONFLICT DO NOTHING",
        [&store],
    )?;
    set_meta(db, "generation", generation)?;
    let version = env!("CARGO_PKG_VERSION");
    db.execute(
        "INSERT INTO meta(name, value) VALUES ('written_by', ?1) ON CONFLICT DO UPDATE SET value = excluded.value",
        [version],
    )?;
    db.execute_batch("COMMIT")?;
    let opened = Opened {
        epoch: generation,
        is_restored,
    };
    Ok((Mark { store, generation }, opened))
}

/// What is noted of the store under this name.
pub(super) fn meta<T: rusqlite::types::FromSql>(
    db: &Connection,
    name: &str,
) -> SqlResult<Option<T>> {
    db.query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| {
        row.get(0)
    })
    .optional()
}

/// Notes something of the store.
pub(super) fn set_meta(db: &Connection, name: &str, value: i64) -> SqlResult<()> {
    db.execute(
        "INSERT INTO meta(name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value",
        (name, value),
    )?;
    Ok(())
}

/// The name of a file that lies beside the store.
pub(super) fn beside(store: &Path, ending: &str) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn read(file: &mut File) -> Option<String> {
    let mut text = String::new();
    file.take(200).read_to_string(&mut text).ok()?;
    Some(text)
}

struct Fields {
    mark: Mark,
    process: u32,
}

impl Fields {
    fn of(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        if words.next()? != "kaleyra-wa-store" {
            return None;
        }
        let store = words.next()?.to_owned();
        let generation = words.next()?.parse().ok()?;
        let process = words.next()?.parse().ok()?;
        Some(Self {
            mark: Mark { store, generation },
            process,
        })
    }
}
