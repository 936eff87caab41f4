//! How much of what waits is in memory.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::Queued;

/// How much is in memory. Events of one delivery share its body, which is held until the last of them is gone.
#[derive(Default)]
pub(super) struct Held {
    pub(super) events: usize,
    pub(super) bytes: usize,
    /// How many events of each delivery are here.
    deliveries: HashMap<usize, usize>,
}

impl Held {
    /// The deliveries that are here are told apart by where they are.
    fn place(queued: &Queued) -> usize {
        Arc::as_ptr(queued.event.delivery()).addr()
    }

    pub(super) fn more(&self, queued: &Queued) -> usize {
        if self.deliveries.contains_key(&Self::place(queued)) {
            0
        } else {
            queued.event.delivery().raw.len()
        }
    }

    pub(super) fn add(&mut self, queued: &Queued) {
        self.events += 1;
        self.bytes += self.more(queued);
        *self.deliveries.entry(Self::place(queued)).or_default() += 1;
    }

    pub(super) fn remove(&mut self, queued: &Queued) {
        self.events -= 1;
        if let Entry::Occupied(mut left) = self.deliveries.entry(Self::place(queued)) {
            *left.get_mut() -= 1;
            if *left.get() == 0 {
                left.remove();
                self.bytes -= queued.event.delivery().raw.len();
            }
        }
    }
}
