//! JetStream as the store of an inbox.

mod attempts;
mod page;
mod people;
mod query;
mod store;

pub(crate) use attempts::resolve;
pub(crate) use page::{lane, meta};
