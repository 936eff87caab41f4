//! Why a store operation failed.

use std::fmt;

/// Why a store operation failed, and what to do about it.
///
/// Neither `Display` nor `Debug` repeats anything that is stored.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::{SqliteStore, StoreError, StoreErrorKind};
///
/// let error = SqliteStore::attach("/nowhere/bot.db").unwrap_err();
/// assert_eq!(error.kind(), StoreErrorKind::NotFound);
/// assert!(!error.is_temporary());
///
/// // As a store of your own makes one:
/// let error = StoreError::new(StoreErrorKind::Busy, "no connection for 5 s");
/// assert!(error.is_temporary());
/// assert_eq!(error.to_string(), "another process is writing to the store for too long (no connection for 5 s)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError {
    kind: StoreErrorKind,
    detail: String,
}

/// Which kind of failure it is.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::StoreErrorKind;
///
/// assert_eq!(StoreErrorKind::ReadOnly.as_str(), "read_only"); // as a label of a metric
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The disk, or the store's own limit of pages, is full. What frees space still works.
    Full,
    /// What is kept has reached the limit that was set, and nothing of it may be pruned yet.
    AtLimit,
    /// Another process was writing for too long.
    Busy,
    /// Reading or writing failed. The store opens itself again; nothing is acknowledged until that has succeeded.
    Io,
    /// The file, its directory or its disk can't be written to.
    ReadOnly,
    /// The file is damaged. Nothing is written to it any more.
    Corrupt,
    /// The file was written by a newer version. It was not touched.
    NewerVersion,
    /// The file is not a store of this crate. It was not touched.
    NotAStore,
    /// Another process has the store open as its owner.
    Owned,
    /// Only the owner of the store may do this.
    NotOwner,
    /// The store was closed.
    Closed,
    /// There is no such file, or its directory is missing.
    NotFound,
    /// The request makes no sense, such as a backup over an existing file.
    Invalid,
    /// Anything else that SQLite, or another database, reported.
    Other,
}

impl StoreError {
    /// An error of this kind; the detail is for people, and must not repeat anything that is stored.
    pub fn new(kind: StoreErrorKind, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self { kind, detail }
    }

    /// Which kind of failure it is.
    pub const fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// Whether the same may succeed later, without anybody doing anything in this process.
    pub const fn is_temporary(&self) -> bool {
        use StoreErrorKind::{AtLimit, Busy, Full, Io, ReadOnly};
        matches!(self.kind, AtLimit | Busy | Full | Io | ReadOnly)
    }
}

impl StoreErrorKind {
    /// The name of the kind, for logs and labels.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::AtLimit => "at_limit",
            Self::Busy => "busy",
            Self::Io => "io",
            Self::ReadOnly => "read_only",
            Self::Corrupt => "corrupt",
            Self::NewerVersion => "newer_version",
            Self::NotAStore => "not_a_store",
            Self::Owned => "owned",
            Self::NotOwner => "not_owner",
            Self::Closed => "closed",
            Self::NotFound => "not_found",
            Self::Invalid => "invalid",
            Self::Other => "other",
        }
    }

    const fn advice(self) -> &'static str {
        match self {
            Self::Full => "the disk is full: make room on it",
            Self::AtLimit => {
                "the store has reached its limit, and nothing in it may be pruned: raise the limit, or have what waits handled"
            }
            Self::Busy => "another process is writing to the store for too long",
            Self::Io => "the store can't be read or written: look at the disk, or at the server",
            Self::ReadOnly => {
                "the store can't be written: give this process the right to write to it, and for a file to its directory"
            }
            Self::Corrupt => "the store is damaged: restore a backup",
            Self::NewerVersion => {
                "the store was written by a newer version, and was not touched: use that version"
            }
            Self::NotAStore => {
                "the file is no store of this program, and was not touched: name another"
            }
            Self::Owned => "another process has the store open: end it first",
            Self::NotOwner => "only the owner of the store may do this",
            Self::Closed => "the store was closed",
            Self::NotFound => "there is no such file, or the directory for it is missing",
            Self::Invalid => "this can't be done as it was asked for",
            Self::Other => "the store failed",
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.advice())?;
        if !self.detail.is_empty() {
            write!(f, " ({})", self.detail)?;
        }
        Ok(())
    }
}

impl fmt::Display for StoreErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::error::Error for StoreError {}
