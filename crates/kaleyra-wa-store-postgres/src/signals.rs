//! How those are reached that don't ask.

use kaleyra_wa_store::{Announcer, Change};
use tokio::sync::watch;

/// How those are reached that don't ask. Clones reach the same.
#[derive(Clone, Debug)]
pub(crate) struct Signals {
    pub(crate) announcer: Announcer,
    /// Rises when there are events to look at again, perhaps.
    moved: watch::Sender<u64>,
    /// Rises when a send was queued, perhaps.
    queued: watch::Sender<u64>,
}

impl Signals {
    pub(crate) fn new() -> Self {
        Self {
            announcer: Announcer::new(),
            moved: watch::Sender::new(0),
            queued: watch::Sender::new(0),
        }
    }

    pub(crate) fn moved(&self) {
        self.moved
            .send_modify(|times| *times = times.wrapping_add(1));
    }

    pub(crate) fn queued(&self) {
        self.queued
            .send_modify(|times| *times = times.wrapping_add(1));
    }

    /// Tells whoever listens, and the outbox as well.
    pub(crate) fn tell(&self, changes: Vec<Change>) {
        if !changes.is_empty() {
            self.queued();
        }
        for change in changes {
            self.announcer.tell(change);
        }
    }

    pub(crate) fn watch_moved(&self) -> watch::Receiver<u64> {
        self.moved.subscribe()
    }

    pub(crate) fn watch_queued(&self) -> watch::Receiver<u64> {
        self.queued.subscribe()
    }
}
