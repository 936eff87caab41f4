//! The events of one delivery on their way into the queue.

use std::sync::Arc;

use super::recent_keys::{Fingerprint, Fingerprints};
use crate::handle::IncomingEvent;
use crate::receive::ReceivedCallback;

/// The events of one delivery: all of them are taken, or none, so that a repeated delivery never doubles a half of it.
pub(super) struct Batch {
    pub(super) arrivals: Vec<Arrival>,
    /// How many of them were new by the last look; none before the first.
    pub(super) new: usize,
    /// Of the body.
    pub(super) bytes: usize,
}

/// One of them.
pub(super) struct Arrival {
    pub(super) event: IncomingEvent,
    pub(super) fingerprint: Option<Fingerprint>,
    /// Whether it was found to be no repetition, by the last look.
    pub(super) is_new: bool,
}

impl Batch {
    pub(super) fn new(delivery: ReceivedCallback, fingerprints: &Fingerprints) -> Self {
        let bytes = delivery.raw.len();
        let mut arrivals = Vec::new();
        IncomingEvent::walk(&Arc::new(delivery), |incoming, event| {
            arrivals.push(Arrival {
                event: incoming,
                fingerprint: event.key().map(|key| fingerprints.of(&key)),
                is_new: true,
            });
        });
        Self {
            arrivals,
            new: 0,
            bytes,
        }
    }
}
