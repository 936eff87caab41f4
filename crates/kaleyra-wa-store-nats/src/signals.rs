//! How those are reached that don't ask.

use kaleyra_wa_store::Announcer;
use tokio::sync::watch;

#[derive(Debug)]
pub(crate) struct Signals {
    pub(crate) announcer: Announcer,
    /// Rises when there are events to look at again, perhaps.
    moved: watch::Sender<u64>,
}

impl Signals {
    pub(crate) fn new() -> Self {
        Self {
            announcer: Announcer::new(),
            moved: watch::Sender::new(0),
        }
    }

    pub(crate) fn moved(&self) {
        self.moved
            .send_modify(|times| *times = times.wrapping_add(1));
    }

    pub(crate) fn watch_moved(&self) -> watch::Receiver<u64> {
        self.moved.subscribe()
    }
}
