//! What SQLite's errors mean.

use rusqlite::ErrorCode;

use crate::{StoreError, StoreErrorKind};

/// What statements give.
pub(crate) type SqlResult<T> = rusqlite::Result<T>;

/// The error to return. It holds SQLite's own words, which name tables and columns at most.
pub(crate) fn failed(error: &rusqlite::Error) -> StoreError {
    let kind = kind(error);
    let detail = match error {
        rusqlite::Error::SqliteFailure(code, _) => {
            format!(
                "SQLite {}: {}",
                code.extended_code,
                rusqlite::ffi::code_to_str(code.extended_code)
            )
        }
        // These can hold values.
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::InvalidColumnType(..) => {
            "a column holds what this version can't read".to_owned()
        }
        rusqlite::Error::QueryReturnedNoRows => "a row is missing".to_owned(),
        _ => "a statement could not be run".to_owned(),
    };
    StoreError::new(kind, detail)
}

pub(super) fn kind(error: &rusqlite::Error) -> StoreErrorKind {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreErrorKind::Full,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreErrorKind::Busy,
        Some(ErrorCode::SystemIoFailure | ErrorCode::FileLockingProtocolFailed) => {
            StoreErrorKind::Io
        }
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            StoreErrorKind::ReadOnly
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreErrorKind::Corrupt,
        _ => StoreErrorKind::Other,
    }
}
