//! The outbox's statements.

mod insert;
mod store;

pub(super) use insert::insert;
