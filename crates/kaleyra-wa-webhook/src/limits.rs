//! Bounds for settings, applied once where they enter: beyond them, clocks overflow, and at zero nothing gets in.

use std::time::Duration;

/// In place of anything longer: a year, which no clock overflows by and nobody waits out.
pub(crate) const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);
/// In place of anything shorter, where zero would refuse everything.
const SHORTEST: Duration = Duration::from_millis(1);

/// A duration that may be zero.
pub(crate) const fn bounded(duration: Duration) -> Duration {
    if duration.as_nanos() > LONGEST.as_nanos() {
        LONGEST
    } else {
        duration
    }
}

/// A duration that must not be zero.
pub(crate) const fn positive(duration: Duration) -> Duration {
    if duration.as_nanos() < SHORTEST.as_nanos() {
        SHORTEST
    } else {
        bounded(duration)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extremes_are_taken_in() {
        let second = Duration::from_secs(1);
        assert_eq!(bounded(Duration::MAX), LONGEST);
        assert_eq!(bounded(Duration::ZERO), Duration::ZERO);
        assert_eq!(positive(Duration::ZERO), SHORTEST);
        assert_eq!(positive(Duration::MAX), LONGEST);
        assert_eq!((bounded(second), positive(second)), (second, second));
    }
}
