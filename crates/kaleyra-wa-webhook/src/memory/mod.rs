//! A sink that holds events in memory and has them handled.

mod batch;
mod builder;
mod observe;
mod queue;
mod recent_keys;
mod sink;
mod workers;

pub use builder::MemorySinkBuilder;
pub use sink::{Depth, MemorySink, Unfinished};
