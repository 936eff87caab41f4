//! Callbacks that are kept, on Postgres.

mod keep;
mod load;
mod prune;
mod query;
mod settle;
mod store;
mod writer;

pub(crate) use prune::prune;
pub(crate) use settle::recover_shards;
pub(crate) use writer::{KeepJob, write};
