//! A suite that checks any store.
//!
//! Each check gets a [`Place`] of its own, opens a store there, uses it, drops it without closing it as a crash would,
//! opens it again, and reports which promises of [`InboxStore`] or [`OutboxStore`] were not kept.
//!
//! # Examples
//!
//! ```
//! use std::sync::Arc;
//!
//! use kaleyra_wa_store::conformance::{self, Place, Verdict};
//! use kaleyra_wa_store::{ManualClock, SqliteOptions, SqliteStore, StoreError, async_trait};
//!
//! struct Folder(std::path::PathBuf);
//!
//! #[async_trait]
//! impl Place for Folder {
//!     type Store = SqliteStore;
//!
//!     async fn open(&self, clock: Arc<ManualClock>) -> Result<SqliteStore, StoreError> {
//!         SqliteOptions::new(self.0.join("store.db")).clock(clock).open()
//!     }
//!
//!     async fn close(&self, store: SqliteStore) {
//!         store.close().await;
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let all = std::env::temp_dir().join(format!("kwa-conformance-{}", std::process::id()));
//! let folder = |check: String| {
//!     let folder = all.join(check);
//!     std::fs::create_dir_all(&folder).expect("there is room for a folder");
//!     Folder(folder)
//! };
//! let inbox = conformance::inbox(|check| folder(format!("inbox/{check}"))).await;
//! let outbox = conformance::outbox(|check| folder(format!("outbox/{check}"))).await;
//! std::fs::remove_dir_all(&all)?;
//!
//! inbox.assert_passed(); // else the whole report is in the panic
//! assert!(outbox.passed() && outbox.broken().next().is_none());
//! for outcome in outbox.outcomes() {
//!     assert_eq!(outcome.verdict(), &Verdict::Kept, "{}: {}", outcome.check(), outcome.promise());
//! }
//! # Ok(())
//! # }
//! ```

mod inbox;
mod outbox;
mod report;
mod stage;

use std::sync::Arc;

use async_trait::async_trait;

pub use self::report::{Outcome, Report, Verdict};
use self::stage::Stage;
use crate::inbox::InboxStore;
use crate::outbox::OutboxStore;
use crate::{ManualClock, StoreError};

/// Where a store of the kind that is checked is opened, closed, and opened again.
///
/// For an example see [the module](crate::conformance).
#[async_trait]
pub trait Place: Send + Sync {
    /// The store that is checked.
    type Store: Send + Sync;

    /// Opens the one store of this place, as its owner, by this clock. An earlier one was closed or dropped; where it was
    /// dropped a moment ago, `Owned` is acceptable, and the suite tries again.
    ///
    /// # Errors
    ///
    /// Where it can't be opened. The check is broken then.
    async fn open(&self, clock: Arc<ManualClock>) -> Result<Self::Store, StoreError>;

    /// Closes it properly.
    async fn close(&self, store: Self::Store);
}

/// Runs every check of an inbox's store, each in a new place, which gets the name of the check.
///
/// For an example see [the module](crate::conformance).
pub async fn inbox<P>(place: impl Fn(&str) -> P) -> Report
where
    P: Place,
    P::Store: InboxStore,
{
    let mut outcomes = Vec::new();
    for check in inbox::all::<P>() {
        let stage = Stage::new(place(check.name));
        let verdict = Verdict::of((check.run)(&stage).await);
        outcomes.push(Outcome::new(check.name, check.promise, verdict));
    }
    Report::new(outcomes)
}

/// Runs every check of an outbox's store, each in a new place, which gets the name of the check.
///
/// For an example see [the module](crate::conformance).
pub async fn outbox<P>(place: impl Fn(&str) -> P) -> Report
where
    P: Place,
    P::Store: OutboxStore,
{
    let mut outcomes = Vec::new();
    for check in outbox::all::<P>() {
        let stage = Stage::new(place(check.name));
        let verdict = Verdict::of((check.run)(&stage).await);
        outcomes.push(Outcome::new(check.name, check.promise, verdict));
    }
    Report::new(outcomes)
}
