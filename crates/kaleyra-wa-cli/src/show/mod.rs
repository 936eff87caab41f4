//! What people and programs get to see.

pub(crate) mod event;
pub(crate) mod output;
pub(crate) mod style;
