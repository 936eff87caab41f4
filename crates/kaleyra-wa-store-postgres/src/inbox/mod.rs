//! Callbacks that are kept, on Postgres.

mod doubt;
mod hands;
mod keep;
mod load;
mod moved;
mod orphans;
mod prune;
mod query;
mod settle;
mod store;
mod writer;

pub(crate) use hands::Hands;
pub(crate) use orphans::give_back;
pub(crate) use prune::keep_pruned;
pub(crate) use settle::recover_shards;
pub(crate) use writer::{KeepJob, write};
