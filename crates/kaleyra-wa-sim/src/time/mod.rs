//! Simulated time: the clock, how durations and moments are written, and what is due when.

pub(crate) mod clock;
pub(crate) mod duration;
pub(crate) mod moment;
pub(crate) mod schedule;
