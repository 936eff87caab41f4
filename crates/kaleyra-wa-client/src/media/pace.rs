//! How long a file may take on its way.

use std::time::Duration;

/// The longest time without a byte, and the allowance for a slow start.
pub(crate) const GRACE: Duration = Duration::from_secs(30);

/// The slowest accepted rate, in bytes per second.
const SLOWEST: u64 = 64 * 1024;

/// How long this many bytes may take: 30 s, plus a second per 64 KiB.
pub(crate) fn time_for(bytes: u64) -> Duration {
    GRACE.saturating_add(Duration::from_secs(bytes / SLOWEST))
}

/// How much time is left for what comes next.
///
/// Only time spent waiting for the server counts, not what the reader does between two pieces.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    waited: Duration,
    read: u64,
}

impl Pace {
    /// How long the next piece may take.
    pub(crate) fn limit(&self) -> Duration {
        time_for(self.read).saturating_sub(self.waited).min(GRACE)
    }

    /// Notes a piece of this size, and how long it took.
    pub(crate) fn note(&mut self, bytes: u64, waited: Duration) {
        self.read = self.read.saturating_add(bytes);
        self.waited = self.waited.saturating_add(waited);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_has_thirty_seconds_unless_the_whole_is_late() {
        let second = Duration::from_secs(1);
        let mut pace = Pace::default();
        assert_eq!(pace.limit(), GRACE);
        pace.note(1, 10 * second);
        assert_eq!(pace.limit(), 20 * second);
        pace.note(4 * SLOWEST, 10 * second);
        assert_eq!(pace.limit(), 14 * second);
        pace.note(100 * SLOWEST, second);
        assert_eq!(pace.limit(), GRACE);
        pace.note(0, Duration::MAX);
        assert_eq!(pace.limit(), Duration::ZERO);
    }
}
