//! Measuring: several ways to do one thing, in turn, so that a machine whose speed drifts is unfair to none of them.

pub mod load;
pub mod measure;
pub mod memory;
pub mod payloads;
pub mod server;
pub mod types;
