//! The inbox of kaleyra-wa on NATS JetStream 2.12.1 or later, shared by several processes.
//!
//! ```text
//!   receiver ──┐                       ┌── worker: some of 64 partitions
//!   receiver ──┤  keep, one atomic     ├── worker: some others
//!              ▼  batch for all        ▼
//!            ┌────────────────────────────┐
//!            │ KWA_inbox         events   │  a message each, refused where it is known
//!            │ KWA_inbox_STATE   outcomes │  a message each, refused of who is not the owner any more
//!            └────────────────────────────┘
//! ```
//!
//! A [`NatsStore`] is given to `Inbox::builder(…).start(…)` in the place of a file; every process that does so is a receiver and a
//! worker, or [only receives](NatsOptions::receive_only).
//!
//! # Examples
//!
//! The bot is the one of `kaleyra-wa-inbox`, and one line is another:
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use kaleyra_wa_inbox::Inbox;
//! use kaleyra_wa_store_nats::NatsStore;
//! use kaleyra_wa_webhook::{Receiver, Router, SharedHeader, WebhookService, serve};
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let bot = Router::new(()).on_text(async |_, text| println!("{}", text.body));
//! let store = NatsStore::connect("nats://127.0.0.1:4222").await?;
//! let inbox = Inbox::builder(bot).start(store.clone()).await?; // was: Inbox::open("bot.db", bot)
//! let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", "a long random text")?);
//! let service = WebhookService::new(receiver, inbox.clone());
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//! serve(listener, service, async { drop(tokio::signal::ctrl_c().await) }).await?;
//! inbox.shutdown(Duration::from_secs(10)).await;
//! store.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! With credentials, TLS and a cluster of three:
//!
//! ```no_run
//! use kaleyra_wa_store_nats::NatsOptions;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let store = NatsOptions::new("tls://a.nats.internal, tls://b.nats.internal, tls://c.nats.internal?creds=bot.creds&ca=ca.pem")
//!     .replicas(3)
//!     .max_bytes(20 * 1024 * 1024 * 1024)
//!     .open()
//!     .await?;
//! assert!(store.durability().survives_power_cuts());
//! # Ok(())
//! # }
//! ```
//!
//! # What it guarantees, and what not
//!
//! | | |
//! |---|---|
//! | acknowledged is kept through the end of receivers, workers and the server's process | yes |
//! | … through a power cut, one copy | **only with `sync_interval: always`** in the server's configuration. By default JetStream acknowledges before it syncs, which it does every two minutes: what came since is lost. A client can't see how the server is configured: say [`server_syncs_always`](NatsOptions::server_syncs_always), or a warning is logged at the start. [`NatsStore::durability`] is for the application to read |
//! | … three copies | as long as fewer than half of them are lost at a time; one power cut for all is the case above |
//! | a delivery is kept whole or not at all | yes, up to 900 events; larger ones in steps of as many, each with the body, and the 200 after the last |
//! | duplicates are left out | for as long as [retention](NatsOptions::retention) keeps the event, across restarts of all, whichever receiver they come to. The key and the conversation's partition are in the message's subject, and the server refuses a second message there. `Nats-Msg-Id` is not used: it remembers for a time only, and what is pruned as well |
//! | order in a conversation | as sequenced by the stream, across takeovers; two that are being kept at the same moment come in either order |
//! | a handler runs | at least once, each attempt written down before it |
//! | a slow conversation, or one that waits for its next attempt | delays no other, also none of its partition |
//! | two handlers of one conversation at a time | only where a worker was stuck beyond its [lease](NatsOptions::lease), or lost the server, and still runs: what it settles is refused, and it begins nothing more of that partition |
//! | a process that is gone is replaced | in about a second; one that is stuck, after its lease (30 s) |
//! | replies through an outbox | queued before the event is settled, each key once, in the outbox that is [given](NatsOptions::outbox); without one, an event whose handler replies through an outbox is a dead letter that says so |
//! | dead letters | kept 90 days; put back and dropped by any process |
//! | what was put back comes first in its conversation | yes, unless a later event is being handled already |
//! | a full stream | with [`max_bytes`](NatsOptions::max_bytes), new callbacks get a 503, nothing that is there is dropped, and outcomes are still written |
//! | a full account, or disk | new callbacks get a 503 and nothing that is there is dropped; attempts and outcomes can't be written either, so that no handler is begun until there is room. Set `max_bytes` well below it |
//! | a message in its streams that is no event | is left out, and holds up nobody |
//! | a server that lost acknowledged events, by a power cut | is noticed: a process that knew them refuses everything with an error that says to start it again, and outcomes of lost events count for nothing |
//! | exactly once | **no**: no store can promise that of a handler |
//! | an outbox, campaigns, tracking on JetStream | **no**: they need joins and conditions over several records. Use a file or Postgres for these |
//! | events of another store, by [`take_over`](kaleyra_wa_store::InboxStore::take_over) | yes, in batches of up to 1,000 messages, each whole; what is broken off is started again. What was settled elsewhere is pruned when all that was taken over before it is |
//! | a backup of its own | **no**: `nats stream backup`, or a mirror |
//! | changes that other processes made, by [`changes`](NatsStore::changes) | **no**: only this process's |
//!
//! # What a server needs
//!
//! * nats-server 2.12.1 or later with JetStream; `max_payload` of 64 KiB or more (1 MB by default). A body may be larger than that: it
//!   takes several messages, up to 999.
//! * Settings of the streams that promises depend on, such as `max_age` or `discard`, must stay as they were made: a store whose streams
//!   were changed is not opened, and the error names the setting. Limits of bytes and messages, replicas, placement and compression are
//!   yours. After a change of the replicas, start all processes again.
//! * A user with permissions needs these, for a store with the name `inbox`. The lines with `S` are needed twice: for `KWA_inbox` and
//!   `KWA_inbox_STATE`.
//!
//! ```text
//! publish     kwa.inbox.>   _INBOX.>   $JS.API.INFO
//!             $JS.API.STREAM.INFO.S   $JS.API.STREAM.CREATE.S   $JS.API.STREAM.UPDATE.S   $JS.API.STREAM.MSG.*.S
//!             $JS.API.DIRECT.GET.S   $JS.API.DIRECT.GET.S.>
//!             $JS.API.CONSUMER.*.S   $JS.API.CONSUMER.*.S.>   $JS.API.CONSUMER.MSG.NEXT.S.>
//! subscribe   kwa.inbox.>   _INBOX.>
//! ```
//!
//! # How it works, where another way was to be expected
//!
//! Partitions with a pull consumer of `max_ack_pending: 1` each hold up all conversations of a partition while one waits for its next
//! attempt, and take the late acknowledgement of a worker that was stuck. Here a partition is owned: a message in the stream of states
//! says by whom, and every attempt and outcome is published on the condition that this message is still the last one
//! (`Nats-Expected-Last-Subject-Sequence-Subject`). Whoever takes a partition over replaces the message, and from then on the server
//! refuses whatever the last owner sends. Within a partition the inbox handles conversations side by side, as on a file.
//!
//! # Costs
//!
//! * Three messages for an event: kept, attempt, outcome; each published with as many others as wait at that moment.
//! * The server holds every subject in memory, of which each event that is remembered has two: some 350 bytes each, measured with
//!   2.15.1. An event a second for the 7 days of the default [retention](NatsOptions::retention) is 600,000 events and 400 MB; a
//!   shorter one forgets duplicates sooner.
//! * A worker holds some 10 to 50 bytes for each event that waits in its partitions, whatever the bodies' size, and reads the headers of
//!   all that are kept.
//! * [`stats`](kaleyra_wa_store::InboxStore::stats) reads every outcome.
//! * Leases go by the server's clock; times in records by the applications'.

#![allow(
    clippy::field_reassign_with_default,
    reason = "records that may get more fields can't be written out elsewhere"
)]

mod address;
mod connect;
mod consumer_end;
mod durability;
mod failure;
mod feed;
mod inbox;
mod index;
mod journal;
mod keep;
mod link;
mod moved;
mod names;
mod options;
mod prune;
mod random;
mod record;
mod scan;
mod session;
mod signals;
mod store;
mod streams;
mod takeover;

pub use async_nats;
#[doc(no_inline)]
pub use kaleyra_wa_store as base;

pub use crate::durability::Durability;
pub use crate::options::NatsOptions;
pub use crate::store::NatsStore;
