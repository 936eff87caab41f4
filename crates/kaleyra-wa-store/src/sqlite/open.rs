//! Opens the file: looks what it is, sets the pragmas, and reads each of them back.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use super::failure::failed;
use super::owner::beside;
use super::schema::{self, Found};
use crate::{StoreError, StoreErrorKind};

/// The first version of SQLite in which a commit can't be lost where a checkpoint runs at the same moment.
const OLDEST_SQLITE: i32 = 3_051_003;
/// How long a statement waits for another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How many different statements are kept ready on a connection.
const STATEMENTS: usize = 128;
/// After how many pages in the log they are moved into the file, until the owner's reserve says it better: 16 MiB.
const CHECKPOINT_PAGES: i64 = 4_000;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// The owner's writing.
    Own,
    /// A small statement of somebody else.
    Visit,
    /// Reading.
    Read,
}

/// Makes the file where there is none, for its user alone: it is going to hold personal data. Gives the one name that
/// it has, whatever links lead to it, since the lock goes by the name.
pub(super) fn create(path: &Path) -> Result<PathBuf, StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(unusable(&error)),
    }
    let path = fs::canonicalize(path).map_err(|error| unusable(&error))?;
    sync_directory(&path)?;
    Ok(path)
}

/// The one name of a file that is there.
pub(super) fn find(path: &Path) -> Result<PathBuf, StoreError> {
    fs::canonicalize(path).map_err(|error| unusable(&error))
}

/// Without this a new file could be gone after a power cut, whatever was synced into it.
fn sync_directory(path: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    if let Some(directory) = path.parent() {
        let synced = File::open(directory).and_then(|directory| directory.sync_all());
        synced.map_err(|error| unusable(&error))?;
    }
    #[cfg(not(unix))]
    let _ = (path, File::options());
    Ok(())
}

pub(super) fn unusable(error: &std::io::Error) -> StoreError {
    use std::io::ErrorKind::{
        IsADirectory, NotADirectory, NotFound, PermissionDenied, ReadOnlyFilesystem, StorageFull,
    };
    let kind = match error.kind() {
        PermissionDenied | ReadOnlyFilesystem => StoreErrorKind::ReadOnly,
        StorageFull => StoreErrorKind::Full,
        NotFound | NotADirectory => StoreErrorKind::NotFound,
        IsADirectory => StoreErrorKind::Invalid,
        _ => StoreErrorKind::Io,
    };
    StoreError::new(kind, error.kind().to_string())
}

/// Looks what the file is, without a change to it.
pub(super) fn inspect(path: &Path) -> Result<Found, StoreError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        let detail = format!("SQLite {} is older than 3.51.3", rusqlite::version());
        return Err(StoreError::new(StoreErrorKind::Other, detail));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = match untouched(path) {
        Some(address) => Connection::open_with_flags(address, flags | OpenFlags::SQLITE_OPEN_URI),
        None => Connection::open_with_flags(path, flags),
    };
    let db = db.map_err(|error| failed(&error))?;
    // What a process that was killed left in the log stays there.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .map_err(|error| failed(&error))?;
    db.busy_timeout(BUSY_TIMEOUT)
        .map_err(|error| failed(&error))?;
    schema::inspect(&db)
}

/// The address by which SQLite reads a file without leaving anything beside it, where that is safe: nobody has it open, and
/// nothing is left in a log.
#[cfg(unix)]
fn untouched(path: &Path) -> Option<String> {
    use std::fmt::Write as _;
    use std::os::unix::ffi::OsStrExt;

    if beside(path, "-wal").exists() {
        return None;
    }
    let mut address = String::from("file://");
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                address.push(char::from(*byte));
            }
            _ => write!(address, "%{byte:02x}").ok()?,
        }
    }
    address.push_str("?immutable=1");
    Some(address)
}

#[cfg(not(unix))]
fn untouched(_: &Path) -> Option<String> {
    None
}

/// Opens a connection to a file that was [inspected](inspect).
pub(super) fn connect(
    path: &Path,
    usage: Use,
    max_page_count: Option<u32>,
) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(|error| failed(&error))?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    let pragmas = Pragmas(&db);
    let timeout = i64::try_from(BUSY_TIMEOUT.as_millis()).unwrap_or(i64::MAX);
    pragmas.set("busy_timeout", timeout)?;
    if usage == Use::Own {
        // Of a new file; in one that has tables they are what they are.
        pragmas.try_set("page_size", 4_096)?;
        pragmas.try_set("auto_vacuum", 2)?;
    }
    pragmas.set_text("journal_mode", "wal")?;
    pragmas.set("synchronous", 2)?; // FULL: synced before the commit returns
    pragmas.set("foreign_keys", 1)?;
    // In KiB. Each commit looks through it, so that a larger one takes more time than it saves.
    pragmas.set(
        "cache_size",
        if usage == Use::Own { -16_384 } else { -8_192 },
    )?;
    pragmas.set("temp_store", 2)?; // memory
    // A platform may not have it at all, and then says nothing.
    pragmas.set_or_none("mmap_size", 0)?;
    // Checkpoints belong to the writer, which is never in the middle of something else.
    let pages = if usage == Use::Own {
        CHECKPOINT_PAGES
    } else {
        0
    };
    pragmas.set("wal_autocheckpoint", pages)?;
    if cfg!(target_vendor = "apple") {
        pragmas.set("fullfsync", 1)?;
        pragmas.set("checkpoint_fullfsync", 1)?;
    }
    if usage == Use::Read {
        pragmas.set("query_only", 1)?;
    }
    if let Some(pages) = max_page_count {
        // It is never set below what the file has.
        pragmas.try_set("max_page_count", i64::from(pages))?;
    }
    Ok(db)
}

/// SQLite ignores a pragma that it doesn't know without a word, so each one is read back.
struct Pragmas<'a>(&'a Connection);

impl Pragmas<'_> {
    fn set(&self, name: &str, value: i64) -> Result<(), StoreError> {
        self.try_set(name, value)?;
        self.check(name, &Value::Integer(value))
    }

    fn set_or_none(&self, name: &str, value: i64) -> Result<(), StoreError> {
        self.try_set(name, value)?;
        match self.read(name)? {
            None => Ok(()),
            Some(found) if found == Value::Integer(value) => Ok(()),
            Some(_) => Err(Self::ignored(name)),
        }
    }

    fn set_text(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let set = self
            .0
            .pragma_update_and_check(None, name, value, |_| Ok(()));
        set.map_err(|error| failed(&error))?;
        self.check(name, &Value::Text(value.to_owned()))
    }

    fn try_set(&self, name: &str, value: i64) -> Result<(), StoreError> {
        // Some answer with the new value, and some do not.
        let set = self.0.pragma(None, name, value, |_| Ok(()));
        set.map_err(|error| failed(&error))
    }

    fn read(&self, name: &str) -> Result<Option<Value>, StoreError> {
        let mut found = None;
        let read = self.0.pragma_query(None, name, |row| {
            found = Some(row.get(0)?);
            Ok(())
        });
        read.map_err(|error| failed(&error))?;
        Ok(found)
    }

    fn check(&self, name: &str, value: &Value) -> Result<(), StoreError> {
        if self.read(name)?.as_ref() == Some(value) {
            Ok(())
        } else {
            Err(Self::ignored(name))
        }
    }

    fn ignored(name: &str) -> StoreError {
        let detail = format!("SQLite did not take the setting {name}");
        StoreError::new(StoreErrorKind::Other, detail)
    }
}
