//! The outbox's statements.

mod fly;
mod follow;
mod insert;
mod land;
mod prove;
mod query;
mod sender;
mod store;
mod wish;

pub(super) use insert::insert;
pub(super) use prove::prove;
pub(super) use sender::{digits, pause, set_opt_out};
