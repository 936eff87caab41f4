//! The inbox's statements.

pub(super) mod prune;

mod keep;
mod load;
mod moved;
mod query;
mod settle;
mod store;
