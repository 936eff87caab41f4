//! One SQLite file, with one thread that writes to it.

mod backup;
mod campaign;
mod failure;
mod inbox;
mod open;
mod options;
mod outbox;
mod owner;
mod reader;
mod schema;
mod signals;
mod tracking;
mod writer;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use self::options::SqliteOptions;
use self::reader::Reader;
use self::signals::Signals;
use self::writer::Writer;
use crate::{Announcer, Changes, Clock, Moment, StoreError, StoreErrorKind};

/// A store in one SQLite file. Clones share it.
///
/// The owner [opens](SqliteOptions::open) it, one process at a time; others [attach](SqliteOptions::attach) to it. Beside
/// the file lie SQLite's own `-wal` and `-shm`, the owner's lock `.lock`, and `.reserve`, which is given up when the disk
/// is full.
///
/// When the last clone is gone, its threads end by themselves, a moment later; [`close`](Self::close) waits for that.
///
/// # Examples
///
/// ```
/// use std::time::SystemTime;
///
/// use kaleyra_wa_store::inbox::{InboxStore, NewDelivery, NewEvent};
/// use kaleyra_wa_store::{Moment, SqliteStore, tracking::Facts};
/// use kaleyra_wa_store::types::inbound::EventKind;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-store-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// let delivery = NewDelivery {
///     received_at: Moment::from(SystemTime::now()),
///     raw: r#"{"status": "not sent"}"#.into(),
///     events: vec![NewEvent { nth: 0, fingerprint: None, conversation: None, kind: EventKind::Status }],
///     facts: Facts::default(),
/// };
/// let kept = store.keep(delivery, Box::new(|_| ())).await?;
/// assert_eq!(kept.events.len(), 1);
/// assert_eq!(store.stats().await?.waiting, 1);
/// store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SqliteStore(Arc<Parts>);

struct Parts {
    path: PathBuf,
    writer: Writer,
    /// Reads what is needed at once.
    loads: Reader,
    /// Reads what may take a while.
    questions: Reader,
    signals: Signals,
    clock: Arc<dyn Clock>,
    role: Role,
}

/// What this process may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Owner { epoch: i64, is_restored: bool },
    Visitor,
}

impl SqliteStore {
    /// Opens the store as its owner, with the default settings: see [`SqliteOptions::open`].
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_store::{SqliteStore, StoreErrorKind};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-example-sqliteopen-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// let store = SqliteStore::open(directory.join("bot.db"))?;
    /// assert!(store.is_owner());
    ///
    /// let second = SqliteStore::open(directory.join("bot.db")).unwrap_err();
    /// assert_eq!(second.kind(), StoreErrorKind::Owned);
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`SqliteOptions::open`].
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, StoreError> {
        SqliteOptions::new(path).open()
    }

    /// Opens an existing store beside its owner: see [`SqliteOptions::attach`].
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_store::{InboxStore, SqliteStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-example-sqliteattach-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// let store = SqliteStore::open(directory.join("bot.db"))?; // in one process
    ///
    /// let visitor = SqliteStore::attach(directory.join("bot.db"))?; // in another
    /// assert!(!visitor.is_owner());
    /// assert_eq!(visitor.stats().await?.waiting, 0);
    /// # visitor.close().await;
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`SqliteOptions::attach`].
    pub fn attach(path: impl Into<PathBuf>) -> Result<Self, StoreError> {
        SqliteOptions::new(path).attach()
    }

    fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Its canonical path, whatever links lead to it.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_store::SqliteStore;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-example-sqlitepath-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// let store = SqliteStore::open(directory.join("bot.db"))?;
    /// assert_eq!(store.path(), directory.canonicalize()?.join("bot.db"));
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Whether this process is the owner.
    ///
    /// For an example see [`attach`](Self::attach).
    pub fn is_owner(&self) -> bool {
        self.as_owner().is_ok()
    }

    /// Whether the file may be older than what happened since: it is a backup that was put in place. `None` where this
    /// process is not the owner.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_store::{InboxStore, SqliteStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-example-isrestored-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// let store = SqliteStore::open(directory.join("bot.db"))?;
    /// store.backup(&directory.join("copy.db")).await?;
    /// assert_eq!(store.is_restored(), Some(false));
    ///
    /// let restored = SqliteStore::open(directory.join("copy.db"))?;
    /// assert_eq!(restored.is_restored(), Some(true));
    /// # restored.close().await;
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_restored(&self) -> Option<bool> {
        match self.0.role {
            Role::Owner { is_restored, .. } => Some(is_restored),
            Role::Visitor => None,
        }
    }

    /// What happens from now on.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_store::{Change, OutboxStore, SqliteStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-example-sqlitechanges-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// let store = SqliteStore::open(directory.join("bot.db"))?;
    /// let mut changes = store.changes();
    /// store.pause_sender("919700000001", "by hand", None).await?;
    /// assert!(matches!(changes.next().await, Some(Change::SenderPaused { .. })));
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn changes(&self) -> Changes {
        self.0.signals.announcer.listen()
    }

    /// Writes what waits, moves the log into the file and closes it. Nothing can be written to the store after that.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_store::{InboxStore, SqliteStore, StoreErrorKind};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-example-sqliteclose-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// let store = SqliteStore::open(directory.join("bot.db"))?;
    /// store.close().await;
    /// assert_eq!(store.recover(5).await.unwrap_err().kind(), StoreErrorKind::Closed);
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn close(&self) {
        self.0.writer.close().await;
    }

    /// How often the store was opened by an owner, this time included: distinguishes this process from those before it.
    ///
    /// # Errors
    ///
    /// `NotOwner` where it is not.
    fn as_owner(&self) -> Result<i64, StoreError> {
        match self.0.role {
            Role::Owner { epoch, .. } => Ok(epoch),
            Role::Visitor => Err(StoreError::new(StoreErrorKind::NotOwner, "")),
        }
    }

    fn writer(&self) -> &Writer {
        &self.0.writer
    }

    fn loads(&self) -> &Reader {
        &self.0.loads
    }

    fn questions(&self) -> &Reader {
        &self.0.questions
    }

    fn signals(&self) -> Signals {
        self.0.signals.clone()
    }

    fn announcer(&self) -> &Announcer {
        &self.0.signals.announcer
    }

    fn now(&self) -> Moment {
        self.0.clock.now()
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore")
            .field("role", &self.0.role)
            .finish_non_exhaustive()
    }
}
