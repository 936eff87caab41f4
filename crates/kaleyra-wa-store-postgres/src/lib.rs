//! The inbox and the outbox of kaleyra-wa on Postgres 14 or later, shared by several processes.
//!
//! ```text
//!   receiver ──┐                       ┌── worker: shards 0…85     of conversations,
//!   receiver ──┤  keep, one commit     ├── worker: shards 86…170   each by a lease
//!              ▼  for all that wait    ▼
//!            ┌────────────────────────────┐
//!            │          Postgres          │  LISTEN/NOTIFY wakes
//!            └────────────────────────────┘
//! ```
//!
//! A [`PostgresStore`] is given to `Inbox::builder(…).start(…)` and `Outbox::start(…)` in the place of a `SqliteStore`; every
//! process that does so is a receiver and a worker, or [only receives](PostgresOptions::receive_only).
//!
//! # What is promised
//!
//! * **What was answered is kept**: callbacks and sends are committed before, as durable as the server's `synchronous_commit`
//!   makes that.
//! * **Each conversation has one worker at a time**, and its events are handled one after the other. Which, a hash of the
//!   conversation says: each is in one of 256 shards, and each shard is leased to a worker, which has an equal share of them for as long
//!   as its inbox is open.
//! * **A worker that ends** is noticed by its connection, and others go on at once with what it had; one that is only stuck, after
//!   its [lease](PostgresOptions::lease). What it was doing is done again, with that attempt counted, and what it settles too
//!   late is refused, with all that it wanted sent.
//! * **One process sends for a number**, by a lease as well. What another had in flight at its end is uncertain, and never sent
//!   again by itself.
//! * **A response that is lost** is found out about: an attempt that was begun and reached no handler, or a send that took off and
//!   reached no transport, is put back, since this process alone can know that.
//!
//! # What is not
//!
//! * **Exactly once.** A handler runs at least once, and where a worker was stuck beyond its lease, it may still be running while
//!   another one begins. Replies through the outbox are sent once all the same.
//! * **An order of callbacks that overlap.** Two that are being kept at the same time may come in either order; one that began
//!   after the other's 200 comes after it.
//! * **Changes of other processes**: [`changes`](PostgresStore::changes) tells of what this process did.
//!
//! # What the server has to be
//!
//! * Postgres 14 or later, and a database with the encoding UTF-8; the role may make a schema, or has [one](PostgresOptions::schema).
//! * Reached itself, or through a pooler of sessions. Through one of transactions, such as `PgBouncer`'s `pool_mode = transaction`, the lease
//!   and its notifications are lost: a store that finds itself behind one refuses to open, or says so in its log once
//!   others go through it.
//! * Over a network by TLS: write [`sslmode=verify-full`](PostgresOptions::new). Without TLS a warning is logged.
//! * With about the time that the machines have: what is due and what is old goes by the machines' clocks, leases by the server's.
//!
//! What Postgres can't hold is held all the same: a zero byte in a name or an error's text is kept as U+FFFD, and of a name of more than
//! 1,024 bytes [a key](kaleyra_wa_store::index_key). Bodies are kept byte for byte.
//!
//! # What is logged
//!
//! Errors have Postgres's code and never its words, which can repeat what is stored. `tokio-postgres` itself logs statements with all
//! their parameters by the `log` crate at the level *debug*: leave that off where messages may not be logged. The same goes for the
//! server's `log_min_duration_statement` and `log_parameter_max_length`.
//!
//! # Features
//!
//! | | Adds | Default |
//! |---|---|---|
//! | `rustls` | TLS as the connection string asks for it, with the machine's own certificate roots | yes |
//!
//! # Examples
//!
//! ```no_run
//! use kaleyra_wa_inbox::Inbox;
//! use kaleyra_wa_store_postgres::PostgresStore;
//! use kaleyra_wa_webhook::handler_fn;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let store = PostgresStore::connect("postgres://bot@db.internal/bot").await?;
//! let inbox = Inbox::builder(handler_fn(async |event| {
//!     println!("{}", event.event().kind());
//!     Ok(())
//! }))
//! .start(store.clone())
//! .await?;
//! # inbox.shutdown(std::time::Duration::from_secs(10)).await;
//! store.close().await;
//! # Ok(())
//! # }
//! ```

#![allow(
    clippy::field_reassign_with_default,
    reason = "records that may get more fields can't be written out elsewhere"
)]

mod address;
mod campaign;
mod cluster;
mod connect;
mod db;
mod failure;
mod inbox;
mod options;
mod outbox;
mod pool;
mod retry;
mod schema;
mod signals;
mod store;
#[cfg(feature = "rustls")]
mod tls;
mod tracking;

#[doc(no_inline)]
pub use kaleyra_wa_store as base;
pub use tokio_postgres;

pub use crate::options::PostgresOptions;
pub use crate::pool::{Pool, PooledClient};
pub use crate::store::PostgresStore;
