//! How a store is opened.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::open::{self, Use};
use super::owner::Lock;
use super::reader::Reader;
use super::schema::{self, Found, VERSION};
use super::signals::Signals;
use super::writer::{Setup, Writer};
use super::{Role, SqliteStore};
use crate::{Clock, Retention, StoreError, StoreErrorKind, SystemClock};

/// How a store is opened.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_store::{Retention, SqliteOptions};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-example-options-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteOptions::new(directory.join("bot.db"))
///     .retention(Retention::default().max_bytes(10 * 1024 * 1024 * 1024))
///     .reserve(64 * 1024 * 1024) // on a disk that others fill, too
///     .refusal(Duration::from_secs(1))
///     .open()?;
/// assert!(store.is_owner());
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct SqliteOptions {
    path: PathBuf,
    clock: Arc<dyn Clock>,
    retention: Retention,
    reserve: u64,
    refusal: Duration,
    max_page_count: Option<u32>,
}

impl SqliteOptions {
    /// The default of [`refusal`](Self::refusal): 5 s.
    pub const DEFAULT_REFUSAL: Duration = Duration::from_secs(5);
    /// The default of [`reserve`](Self::reserve): 16 MiB.
    pub const DEFAULT_RESERVE: u64 = 16 * 1_024 * 1_024;

    /// The file, with the default settings.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            clock: Arc::new(SystemClock),
            retention: Retention::default(),
            reserve: Self::DEFAULT_RESERVE,
            refusal: Self::DEFAULT_REFUSAL,
            max_page_count: None,
        }
    }

    /// Supplies the time, in place of the system clock.
    ///
    /// For an example see [`ManualClock`](crate::ManualClock).
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// How long what is not needed any more is kept, and how large the file may become. The owner sees to it whenever
    /// there is nothing else to do.
    pub fn retention(mut self, retention: Retention) -> Self {
        self.retention = retention;
        self
    }

    /// How many bytes are reserved beside the file, to be given up when the disk is full, so that what is there can be finished: an
    /// eighth of what the disk has left at most. Zero for none.
    pub fn reserve(mut self, bytes: u64) -> Self {
        self.reserve = bytes;
        self
    }

    /// How long nothing new is accepted after the disk was full, before it is tried again.
    pub fn refusal(mut self, refusal: Duration) -> Self {
        self.refusal = refusal;
        self
    }

    /// How many pages of 4 KiB the file may have at most: SQLite itself then refuses as if the disk were full, at any
    /// statement. For tests; [`Retention::max_bytes`] is what limits a store gently.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_store::inbox::{InboxStore, NewDelivery, NewEvent};
    /// use kaleyra_wa_store::types::inbound::EventKind;
    /// use kaleyra_wa_store::{Moment, SqliteOptions, StoreErrorKind, tracking::Facts};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-example-pagecount-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// let store = SqliteOptions::new(directory.join("bot.db")).reserve(0).max_page_count(100).open()?;
    /// let large = NewDelivery {
    ///     received_at: Moment::from_millis(1_722_863_329_000),
    ///     raw: "x".repeat(1024 * 1024).into(),
    ///     events: vec![NewEvent { nth: 0, fingerprint: None, conversation: None, kind: EventKind::Message }],
    ///     facts: Facts::default(),
    /// };
    /// let error = store.keep(large, Box::new(|_| ())).await.unwrap_err();
    /// assert_eq!(error.kind(), StoreErrorKind::Full);
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn max_page_count(mut self, pages: u32) -> Self {
        self.max_page_count = Some(pages);
        self
    }

    /// Opens the store as its owner; creates it if there is none, and migrates an older one to this version.
    ///
    /// It blocks for as long as a few disk accesses take.
    ///
    /// For an example see [`SqliteStore::open`].
    ///
    /// # Errors
    ///
    /// [`Owned`](StoreErrorKind::Owned) where another process has it, [`NewerVersion`](StoreErrorKind::NewerVersion) and
    /// [`NotAStore`](StoreErrorKind::NotAStore) where the file is something else, which is not touched then; and where it
    /// can't be read or written.
    pub fn open(self) -> Result<SqliteStore, StoreError> {
        let path = open::create(&self.path)?;
        // Before anything lies beside a file that is not ours.
        open::inspect(&path)?;
        let mut lock = Lock::take(&path)?;
        // Another owner may have been there in between.
        let found = open::inspect(&path)?;
        let db = open::connect(&path, Use::Own, self.max_page_count)?;
        schema::migrate(&db, found)?;
        let opened = lock.enter(&db)?;
        let epoch = opened.epoch;
        let role = Role::Owner {
            epoch,
            is_restored: opened.is_restored,
        };
        self.start(path, db, Some((lock, epoch)), role)
    }

    /// Opens an existing store without becoming its owner, beside one that is running: to read, and for single small
    /// statements.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_store::{InboxStore, SqliteOptions, SqliteStore, StoreErrorKind};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-example-optionsattach-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// let store = SqliteStore::open(directory.join("bot.db"))?; // in one process
    ///
    /// let visitor = SqliteOptions::new(directory.join("bot.db")).attach()?; // in another
    /// assert_eq!(visitor.stats().await?.dead, 0);
    /// let error = visitor.recover(3).await.unwrap_err(); // the owner's to do
    /// assert_eq!(error.kind(), StoreErrorKind::NotOwner);
    /// # visitor.close().await;
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Where there is none of this version, or it can't be read.
    pub fn attach(self) -> Result<SqliteStore, StoreError> {
        let path = open::find(&self.path)?;
        match open::inspect(&path)? {
            Found::Store { version } if version == VERSION => {}
            Found::Store { .. } => {
                let detail = "it is of an older version: have it opened by its owner first";
                return Err(StoreError::new(StoreErrorKind::Other, detail));
            }
            Found::Empty => {
                let detail = "there is nothing in it yet";
                return Err(StoreError::new(StoreErrorKind::NotAStore, detail));
            }
        }
        let db = open::connect(&path, Use::Visit, None)?;
        self.start(path, db, None, Role::Visitor)
    }

    fn start(
        self,
        path: PathBuf,
        db: rusqlite::Connection,
        lock: Option<(Lock, i64)>,
        role: Role,
    ) -> Result<SqliteStore, StoreError> {
        let signals = Signals::new();
        let loads = Reader::start(&path, "kwa-store-load")?;
        let questions = Reader::start(&path, "kwa-store-read")?;
        let writer = Writer::start(Setup {
            path: path.clone(),
            db,
            lock,
            clock: Arc::clone(&self.clock),
            retention: self.retention,
            reserve: self.reserve,
            refusal: self.refusal,
            max_page_count: self.max_page_count,
            signals: signals.clone(),
        })?;
        Ok(SqliteStore::new(super::Parts {
            path,
            writer,
            loads,
            questions,
            signals,
            clock: self.clock,
            role,
        }))
    }
}

impl fmt::Debug for SqliteOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteOptions")
            .field("path", &self.path)
            .field("retention", &self.retention)
            .field("reserve", &self.reserve)
            .field("refusal", &self.refusal)
            .field("max_page_count", &self.max_page_count)
            .finish_non_exhaustive()
    }
}
