//! What Postgres's errors mean.

use kaleyra_wa_store::{StoreError, StoreErrorKind};
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

/// The error to answer with. It holds Postgres's code alone: its words can repeat what is stored.
pub(crate) fn failed(error: &Error) -> StoreError {
    let Some(state) = error.code() else {
        let kind = if error.is_closed() || has_source(error) {
            StoreErrorKind::Io
        } else {
            StoreErrorKind::Other
        };
        return StoreError::new(kind, "the connection to Postgres failed");
    };
    let detail = format!("Postgres SQLSTATE {}", state.code());
    StoreError::new(kind(state), detail)
}

/// No response came in time.
pub(crate) fn too_late() -> StoreError {
    StoreError::new(StoreErrorKind::Io, "Postgres did not respond in time")
}

/// A column holds what this version can't read.
pub(crate) fn unreadable() -> StoreError {
    let detail = "a column holds what this version can't read";
    StoreError::new(StoreErrorKind::Other, detail)
}

/// Failures of the connection have their cause inside.
fn has_source(error: &Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>())
}

fn kind(state: &SqlState) -> StoreErrorKind {
    match state.code() {
        "53100" => StoreErrorKind::Full,
        // Deadlocks, and locks that were not given in time.
        "40001" | "40P01" | "55P03" => StoreErrorKind::Busy,
        "25006" | "42501" => StoreErrorKind::ReadOnly,
        "XX001" | "XX002" => StoreErrorKind::Corrupt,
        // Connections, resources, the server's end, and what an administrator or a limit of time broke off.
        code if code.starts_with("08") || code.starts_with("53") || code.starts_with("57") => {
            StoreErrorKind::Io
        }
        "25P03" => StoreErrorKind::Io,
        _ => StoreErrorKind::Other,
    }
}
