//! What people and programs get to see.

pub(crate) mod event;
pub(crate) mod json;
pub(crate) mod message;
pub(crate) mod output;
pub(crate) mod sent;
pub(crate) mod style;
