//! What became of an attempt.

use std::time::Duration;

use crate::Moment;
use crate::outbox::NewSend;

/// What became of an attempt to handle an event.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Settlement {
    /// It was handled. What the handler wants sent is queued in the same transaction.
    Handled {
        /// What to queue; one whose key is known already is left out.
        sends: Vec<NewSend>,
    },
    /// It is to be handled once more.
    Again {
        /// Not before this.
        due_at: Moment,
        /// How long that is from now, which the pause after the next failure goes by.
        wait: Duration,
        /// Why this attempt failed.
        failure: String,
    },
    /// It is given up.
    Dead {
        /// Why.
        failure: String,
    },
}

/// What was found of an earlier process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovered {
    /// Events that were being handled when it ended, and will be again.
    pub again: u64,
    /// Events that were being handled for the last time when it ended: they are given up.
    pub dead: u64,
}
