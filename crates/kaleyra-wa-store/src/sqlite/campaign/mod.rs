//! The campaigns' statements.

mod import;
mod query;
mod state;
mod store;

pub(super) use state::{is_running, pause};
