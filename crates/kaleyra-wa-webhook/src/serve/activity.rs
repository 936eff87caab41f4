//! What a connection is doing, so that an idle one can make room.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Shared by a connection and the server. A connection is idle while there is no whole head of a
/// request, so one that sends its head slowly is idle, too, and one that doesn't read its answer.
pub(super) struct Activity(Mutex<Phase>);

#[derive(Clone, Copy)]
enum Phase {
    Idle {
        since: Instant,
    },
    Busy,
    /// It makes room, and takes no request any more.
    Closed,
}

impl Activity {
    pub(super) fn new() -> Self {
        let since = Instant::now();
        Self(Mutex::new(Phase::Idle { since }))
    }

    /// A request is there. `false` if it came too late.
    pub(super) fn begin(&self) -> bool {
        let mut phase = self.phase();
        if let Phase::Closed = *phase {
            return false;
        }
        *phase = Phase::Busy;
        true
    }

    /// The request is answered: it takes no time to send that, unless the client doesn't read it.
    pub(super) fn answered(&self) {
        let mut phase = self.phase();
        if let Phase::Busy = *phase {
            let since = Instant::now();
            *phase = Phase::Idle { since };
        }
    }

    /// Since when it is idle, if it is.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        match *self.phase() {
            Phase::Idle { since } => Some(since),
            Phase::Busy | Phase::Closed => None,
        }
    }

    /// Has it take no request any more. `false` if it is busy.
    pub(super) fn close(&self) -> bool {
        let mut phase = self.phase();
        if let Phase::Busy = *phase {
            return false;
        }
        *phase = Phase::Closed;
        true
    }

    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_idle_one_is_closed() {
        let activity = Activity::new();
        assert!(activity.idle_since().is_some());
        assert!(activity.begin());
        assert!(!activity.close(), "in a request");
        activity.answered();
        assert!(activity.idle_since().is_some());
        assert!(activity.close());
        assert!(!activity.begin(), "a request that came too late");
        assert!(activity.idle_since().is_none());
    }
}
