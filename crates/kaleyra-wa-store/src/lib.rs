//! What an application around Kaleyra's WhatsApp Business API V2 keeps through a crash: traits, records, and SQLite behind them.
//!
//! ```text
//!   kaleyra-wa-inbox                kaleyra-wa-outbox
//!        │ InboxStore                    │ OutboxStore
//!        └───────────────┬───────────────┘
//!                        ▼
//!                   SqliteStore          one file, one owner
//!                        │
//!            ┌───────────┴──────────┐
//!            ▼                      ▼
//!      the writer, a thread      readers, on connections of their own
//!      one synced commit for
//!      all that wait
//! ```
//!
//! An application uses the crates above; this one is for inspecting a store, or implementing your own.
//!
//! # What is promised
//!
//! * **What was acknowledged is kept.** A response goes out after the commit has returned, and with the commit all of it is synced to
//!   the disk: it survives the end of the process, of the kernel and of the power, as far as the disk honours flushes. It does
//!   not survive a disk that lies, nor is it meant for network file systems.
//! * **One owner.** The process that opens a store holds a lock beside the file until the process ends, however it ends. Others
//!   [attach](SqliteOptions::attach): they read, and write single small statements.
//! * **What can't be kept is refused**, and nothing else is: on a full disk, what frees space and what notes an outcome still
//!   works; after a failed sync everything is read again from the disk before anything is accepted.
//! * **Nothing is touched that is not ours**: a file of a newer version, or of another program.
//!
//! # Features
//!
//! | | Adds |
//! |---|---|
//! | `conformance` | a suite that checks any store |
//! | `crash-points` | places where a test can have the process killed |
//! | `metrics` | figures over the `metrics` facade |

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod campaign;
#[cfg(feature = "conformance")]
pub mod conformance;
#[doc(hidden)]
pub mod crash;
pub mod inbox;
pub mod outbox;
pub mod sqlite;
pub mod tracking;

mod changes;
mod clock;
mod error;
mod index_key;

pub use async_trait::async_trait;
pub use bytes;
pub use kaleyra_wa_types as types;

pub use crate::campaign::CampaignStore;
pub use crate::changes::{Announcer, Change, Changes};
pub use crate::clock::{Clock, ManualClock, Moment, SystemClock};
pub use crate::error::{StoreError, StoreErrorKind};
pub use crate::inbox::{InboxStore, Retention};
pub use crate::index_key::index_key;
pub use crate::outbox::OutboxStore;
pub use crate::sqlite::{SqliteOptions, SqliteStore};
