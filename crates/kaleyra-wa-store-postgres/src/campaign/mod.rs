//! The campaigns' statements.

mod import;
mod query;
mod state;
mod store;

pub(crate) use state::{is_running, pause};
