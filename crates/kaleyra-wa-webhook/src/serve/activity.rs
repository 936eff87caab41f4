//! What a connection is doing, so that an idle one can make room.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Shared by a connection and the server. A connection is idle while there is no whole head of a
/// request, so one that sends its head slowly is idle, too.
pub(super) struct Activity(Mutex<Phase>);

#[derive(Clone, Copy)]
enum Phase {
    Idle {
        since: Instant,
    },
    Busy,
    /// The answer is there, and not yet sent.
    Answered,
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

    /// The request is answered.
    pub(super) fn answered(&self) {
        self.replace(|phase| matches!(phase, Phase::Busy).then_some(Phase::Answered));
    }

    /// All that was written is sent.
    pub(super) fn sent(&self) {
        self.replace(|phase| {
            matches!(phase, Phase::Answered).then(|| Phase::Idle {
                since: Instant::now(),
            })
        });
    }

    /// Since when it is idle, if it is.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        match *self.phase() {
            Phase::Idle { since } => Some(since),
            Phase::Busy | Phase::Answered | Phase::Closed => None,
        }
    }

    /// Has it take no request any more. `false` if it is busy.
    pub(super) fn close(&self) -> bool {
        let mut phase = self.phase();
        if let Phase::Busy | Phase::Answered = *phase {
            return false;
        }
        *phase = Phase::Closed;
        true
    }

    fn replace(&self, next: impl FnOnce(Phase) -> Option<Phase>) {
        let mut phase = self.phase();
        if let Some(next) = next(*phase) {
            *phase = next;
        }
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
        activity.sent();
        assert!(!activity.close(), "an interim answer was sent");
        activity.answered();
        assert!(!activity.close(), "the answer is not sent");
        activity.sent();
        assert!(activity.idle_since().is_some());
        assert!(activity.close());
        assert!(!activity.begin(), "a request that came too late");
        assert!(activity.idle_since().is_none());
    }
}
