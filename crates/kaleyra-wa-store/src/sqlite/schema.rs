//! The versions of the schema, and how an older file becomes one of this version.

use rusqlite::Connection;

use super::failure::{SqlResult, failed};
use crate::{StoreError, StoreErrorKind};

/// `KWA1`, by which the file says whose it is.
pub(super) const APPLICATION_ID: i64 = 0x4B57_4131;

/// What makes each version of the one before; the first is made of nothing.
const STEPS: &[&str] = &[include_str!("schema.sql")];

/// The version that this program writes.
pub(super) const VERSION: i64 = STEPS.len() as i64;

/// What a file says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// There is nothing in it.
    Empty,
    /// It is a store of this version, or of an older one.
    Store { version: i64 },
}

/// Looks what a file is, without a change to it.
///
/// # Errors
///
/// Where it is something else than a store that this program can use.
pub(super) fn inspect(db: &Connection) -> Result<Found, StoreError> {
    let number = |sql: &str| -> Result<i64, StoreError> {
        db.query_row(sql, [], |row| row.get(0)).map_err(|error| {
            let error = failed(&error);
            // What has no header of SQLite's is another program's, and not one of ours that is damaged.
            if is_no_database(&error) {
                return StoreError::new(StoreErrorKind::NotAStore, "it is no SQLite file");
            }
            error
        })
    };
    let version = number("PRAGMA user_version")?;
    let id = number("PRAGMA application_id")?;
    if id == APPLICATION_ID {
        if version > VERSION {
            let detail = format!("it has version {version} of the schema, this program {VERSION}");
            return Err(StoreError::new(StoreErrorKind::NewerVersion, detail));
        }
        return Ok(Found::Store { version });
    }
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    if id == 0 && version == 0 && tables == 0 {
        return Ok(Found::Empty);
    }
    let detail = "it is a SQLite file of another program";
    Err(StoreError::new(StoreErrorKind::NotAStore, detail))
}

fn is_no_database(error: &StoreError) -> bool {
    error.kind() == StoreErrorKind::Corrupt && error.to_string().contains("not a database")
}

/// Brings a file to this version, in one transaction.
pub(super) fn migrate(db: &Connection, found: Found) -> Result<(), StoreError> {
    let from = match found {
        Found::Empty => 0,
        Found::Store { version } if version == VERSION => return Ok(()),
        Found::Store { version } => version,
    };
    let run = || -> SqlResult<()> {
        db.execute_batch("BEGIN IMMEDIATE")?;
        for step in STEPS.iter().skip(usize::try_from(from).unwrap_or(0)) {
            db.execute_batch(step)?;
        }
        db.pragma_update(None, "application_id", APPLICATION_ID)?;
        db.pragma_update(None, "user_version", VERSION)?;
        db.execute_batch("COMMIT")
    };
    run().map_err(|error| {
        let _ = db.execute_batch("ROLLBACK");
        failed(&error)
    })
}
