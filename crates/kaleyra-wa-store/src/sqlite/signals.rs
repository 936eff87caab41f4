//! How those are reached that don't ask.

use tokio::sync::watch;

use crate::{Announcer, Change};

/// How those are reached that don't ask. Clones reach the same.
#[derive(Clone, Debug)]
pub(crate) struct Signals {
    pub(super) announcer: Announcer,
    /// Rises when an event was put back or dropped, perhaps.
    moved: watch::Sender<u64>,
    /// Rises when a send was queued, perhaps.
    queued: watch::Sender<u64>,
}

impl Signals {
    pub(super) fn new() -> Self {
        Self {
            announcer: Announcer::new(),
            moved: watch::Sender::new(0),
            queued: watch::Sender::new(0),
        }
    }

    /// An event was put back or dropped.
    pub(super) fn moved(&self) {
        self.moved
            .send_modify(|times| *times = times.wrapping_add(1));
    }

    /// Signals the listeners, and the outbox as well.
    pub(super) fn tell(&self, changes: &[Change]) {
        for change in changes {
            self.announcer.tell(change.clone());
        }
        if !changes.is_empty() {
            self.queued();
        }
    }

    /// A send was queued, or something about sends was changed.
    pub(super) fn queued(&self) {
        self.queued
            .send_modify(|times| *times = times.wrapping_add(1));
    }

    /// Another process wrote something.
    pub(super) fn others_wrote(&self) {
        self.moved();
        self.queued();
    }

    pub(super) fn watch_moved(&self) -> watch::Receiver<u64> {
        self.moved.subscribe()
    }

    /// For the outbox: rises when there may be something to send.
    pub(super) fn watch_queued(&self) -> watch::Receiver<u64> {
        self.queued.subscribe()
    }
}
