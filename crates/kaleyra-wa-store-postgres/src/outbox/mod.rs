//! Sends that are kept, on Postgres.

mod fly;
mod follow;
mod insert;
mod land;
mod prove;
mod query;
mod sender;
mod store;
mod wish;

pub(crate) use insert::insert;
pub(crate) use prove::prove;
pub(crate) use sender::{digits, pause, set_opt_out};
