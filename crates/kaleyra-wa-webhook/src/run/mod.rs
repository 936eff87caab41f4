//! One event through a handler: under a guard, in time, and with a decision about what comes next.

mod backoff;
mod handler_failure;
mod observe;
mod runner;

pub use handler_failure::{DeadLetter, HandlerFailure};
pub use runner::{Attempt, Runner};
