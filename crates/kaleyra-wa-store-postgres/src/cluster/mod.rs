//! Who has what: each process its shards of the conversations, by a lease.

mod session;
mod shards;

pub(crate) use session::{Session, notify_events, notify_sends};
pub(crate) use shards::{Pass, Shards, shard_of};
