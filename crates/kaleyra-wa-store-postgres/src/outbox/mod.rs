//! Sends that are kept, on Postgres.

mod fly;
mod follow;
mod insert;
mod land;
mod looks;
mod prove;
mod query;
mod sender;
mod store;
mod wish;

pub(crate) use insert::insert_all;
pub(crate) use looks::Looks;
pub(crate) use prove::{Proven, prove_all};
pub(crate) use sender::{digits, pause, set_opt_out};
