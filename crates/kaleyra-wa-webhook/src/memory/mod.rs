//! A sink that holds events in memory and has them handled.

mod attempt;
mod backoff;
mod batch;
mod builder;
mod failure;
mod observe;
mod queue;
mod sink;
mod window;
mod workshop;

pub use builder::MemorySinkBuilder;
pub use failure::{DeadLetter, Failure};
pub use sink::{Depth, MemorySink, Unfinished};
