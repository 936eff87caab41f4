//! What people and programs get to see.

pub(crate) mod event;
pub(crate) mod failure;
mod harmless;
pub(crate) mod json;
pub(crate) mod line;
pub(crate) mod message;
pub(crate) mod output;
pub(crate) mod progress;
pub(crate) mod sent;
pub(crate) mod style;
pub(crate) mod usage;
pub(crate) mod words;
