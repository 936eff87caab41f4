//! What a connection is doing, so that an idle one can make room, and is closed in the end.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Shared by a connection and the server. A connection is idle while there is no whole head of a
/// request, so one that sends its head slowly is idle, too, and one that doesn't read its response.
pub(super) struct Activity {
    phase: Mutex<Phase>,
    /// How many requests have begun.
    requests: AtomicU64,
}

#[derive(Clone, Copy)]
enum Phase {
    Idle {
        since: Instant,
    },
    /// A body is being read that nobody has vouched for: anybody could be its sender.
    Unvouched {
        /// By how far the body has come; later than that is what it owes.
        since: Instant,
    },
    Busy,
    /// It makes room, and takes no request any more.
    Closed,
}

/// How long a body that nobody has vouched for is worth being waited for, by what of it has come: 32 KB each second.
/// Slower ones make room for others.
const TIME_PER_BYTE: Duration = Duration::from_nanos(1_000_000_000 / (32 * 1024));

impl Activity {
    pub(super) fn new() -> Self {
        let since = Instant::now();
        Self {
            phase: Mutex::new(Phase::Idle { since }),
            requests: AtomicU64::new(0),
        }
    }

    /// A request is there. `false` if it came too late.
    pub(super) fn begin(&self) -> bool {
        let mut phase = self.phase();
        if let Phase::Closed = *phase {
            return false;
        }
        *phase = Phase::Busy;
        self.requests.fetch_add(1, Ordering::Relaxed);
        true
    }

    /// Which head it waits for, counted from zero, while it waits for one.
    pub(super) fn head(&self) -> Option<u64> {
        match *self.phase() {
            Phase::Idle { .. } | Phase::Closed => Some(self.requests.load(Ordering::Relaxed)),
            Phase::Unvouched { .. } | Phase::Busy => None,
        }
    }

    /// The request's body is to be read before anybody knows whose it is.
    pub(super) fn doubt(&self) {
        let mut phase = self.phase();
        if let Phase::Busy = *phase {
            let since = Instant::now();
            *phase = Phase::Unvouched { since };
        }
    }

    /// So many bytes of such a body have come.
    pub(super) fn progress(&self, bytes: usize) {
        if let Phase::Unvouched { since } = &mut *self.phase() {
            let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
            // Never beyond now: what came fast is no credit for slow later.
            let earned = TIME_PER_BYTE.saturating_mul(bytes);
            *since = since
                .checked_add(earned)
                .map_or(*since, |it| it.min(Instant::now()));
        }
    }

    /// The whole body is there.
    pub(super) fn trust(&self) {
        let mut phase = self.phase();
        if let Phase::Unvouched { .. } = *phase {
            *phase = Phase::Busy;
        }
    }

    /// The request is answered: it takes no time to send that, unless the client doesn't read it.
    pub(super) fn answered(&self) {
        let mut phase = self.phase();
        if let Phase::Busy | Phase::Unvouched { .. } = *phase {
            let since = Instant::now();
            *phase = Phase::Idle { since };
        }
    }

    /// Since when it is idle, if it is.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        match *self.phase() {
            Phase::Idle { since } => Some(since),
            Phase::Unvouched { .. } | Phase::Busy | Phase::Closed => None,
        }
    }

    /// Since when it has no claim to its place, if it has none: it is idle, or is slow over a body that nobody has vouched
    /// for.
    pub(super) fn dispensable_since(&self) -> Option<Instant> {
        match *self.phase() {
            Phase::Idle { since } | Phase::Unvouched { since } => Some(since),
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
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
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

    #[test]
    fn a_body_in_doubt_is_dispensable_by_how_slow_it_is() {
        let activity = Activity::new();
        activity.begin();
        assert!(activity.dispensable_since().is_none());
        activity.doubt();
        let begun = activity.dispensable_since().unwrap();
        assert!(
            activity.idle_since().is_none(),
            "no end of it at a shutdown"
        );
        activity.progress(1);
        assert!(activity.dispensable_since().unwrap() - begun < Duration::from_millis(1));
        activity.progress(3 * 1024 * 1024);
        assert!(activity.dispensable_since().unwrap() <= Instant::now());
        activity.trust();
        assert!(!activity.close(), "vouched for");
    }
}
