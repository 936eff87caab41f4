//! Callbacks of Kaleyra's WhatsApp Business API V2 that survive a crash: kept before the 200, handled at least once.
//!
//! [`Inbox`] is a [`Sink`](kaleyra_wa_webhook::Sink) as `MemorySink` is, with the same handlers and the same
//! [`Router`](kaleyra_wa_webhook::Router). What it has taken is in a file.
//!
//! # A bot
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use kaleyra_wa_inbox::Inbox;
//! use kaleyra_wa_webhook::{Receiver, Router, SharedHeader, WebhookService, serve};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let bot = Router::new(()).on_text(async |_, text| println!("{}", text.body));
//!     let inbox = Inbox::open("bot.db", bot).await?;
//!     let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", "a long random text")?);
//!     let service = WebhookService::new(receiver, inbox.clone());
//!     let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//!     serve(listener, service, async { drop(tokio::signal::ctrl_c().await) }).await?;
//!     inbox.shutdown(Duration::from_secs(10)).await;
//!     Ok(())
//! }
//! ```
//!
//! With an outbox (`kaleyra-wa-outbox`) on the same store, [`InboxBuilder::start`] takes that store, and replies are queued
//! with the outcome: its documentation has such a bot.
//!
//! # What becomes of a callback
//!
//! ```text
//!  ReceivedCallback ──► Inbox ──► the file: body, events, what they say     one synced commit for all that wait
//!                 │          │ full, read-only, failed: 503
//!                 │          ▼ 200
//!                 │       a lane for each conversation              memory holds what there is room for, the file all
//!                 │          │
//!                 │          ▼ the attempt is written down
//!                 │       Handler ── Ok ──► handled, with its replies, in one commit
//!                 │          │ error, panic, timeout
//!                 │          ├──► again, after a pause; the others go on
//!                 │          └──► dead letter: kept, reported, can be put back
//!                 ▼
//!          known already: left out, 200
//! ```
//!
//! | what happens | what becomes of the event |
//! |---|---|
//! | the process ends before the commit | no 200 went out: it is Kaleyra's to post again |
//! | after the commit, before the 200 | it is kept; when it comes again, it is known |
//! | while the handler runs | it is handled again, this attempt counted; replies through the outbox were not queued |
//! | after the handler, before the outcome is written | the same |
//! | after the outcome is written | it is handled, and its replies go out |
//! | the handler kills the process, each time | a dead letter after as many attempts as any other |
//! | the disk is full | new ones get a 503; outcomes are still written, in a reserve; it recovers by itself |
//! | a sync fails | nothing gets a 200 until the file has been reopened and read |
//! | the clock is set back | what backs off waits no longer than the longest pause |
//!
//! An event whose sends are made by the client itself, and not through an outbox, may send them twice after a crash.
//!
//! # Inspecting it
//!
//! [`Inbox::store`] counts, lists, puts back and drops; so does the command `kaleyra-wa inbox`, also beside a running process,
//! and `sqlite3 bot.db 'SELECT * FROM inbox'` reads it. Other processes must use SQLite 3.51.3 or newer where they write.
//!
//! # Features
//!
//! | | Adds |
//! |---|---|
//! | `metrics` | figures over the `metrics` facade: the ones below, and those of handlers in the webhook's documentation |
//! | `crash-points` | places where a test can have the process killed |
//!
//! | Metric | Kind | |
//! |---|---|---|
//! | `kaleyra_wa_inbox_events_kept_total` | counter | events that are new |
//! | `kaleyra_wa_inbox_events_duplicate_total` | counter | events that were known, and left out |
//! | `kaleyra_wa_inbox_deliveries_refused_total` | counter | deliveries that got a 503; by `why` |
//! | `kaleyra_wa_inbox_recovered_total` | counter | events that an earlier process was handling when it ended; by `outcome`: `again`, `dead` |
//! | `kaleyra_wa_inbox_lag_seconds` | histogram | from when an event came to its first attempt |
//! | `kaleyra_wa_inbox_events` | gauge | events that wait or are being handled, counted every 10 seconds |
//! | `kaleyra_wa_inbox_memory_events`, `…_bytes` | gauges | what of that is in memory |
//! | `kaleyra_wa_store_commit_seconds` | histogram | each synced commit |
//! | `kaleyra_wa_store_commit_jobs` | histogram | how many jobs it had |

#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod engine;
mod inbox;
mod observe;
mod queue;

pub use kaleyra_wa_store as store;
pub use kaleyra_wa_store::inbox::InboxStore;
pub use kaleyra_wa_store::{Change, Changes, Retention, StoreError, StoreErrorKind};
pub use kaleyra_wa_webhook as webhook;

pub use crate::builder::InboxBuilder;
pub use crate::inbox::{Depth, Inbox};
