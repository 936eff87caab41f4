//! One event through a handler: under a guard, in time, and with a decision about what comes next.

mod backoff;
mod failure;
mod observe;
mod runner;

pub use failure::{DeadLetter, Failure};
pub use runner::{Attempt, Runner};
