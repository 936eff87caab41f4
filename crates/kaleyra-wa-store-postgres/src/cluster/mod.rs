//! Who has what: each process its shards of the conversations, by a lease.

mod lease;
mod notify;
mod session;
mod shards;
mod share;

pub(crate) use notify::{notify_events, notify_sends};
pub(crate) use session::Session;
pub(crate) use shards::{Pass, Shards, shard_of};
pub(crate) use share::{begin_handling, end_handling};
