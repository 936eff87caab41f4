//! How long to wait before the next attempt.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

/// Decorrelated jitter: each wait is a random one between the shortest and three times the one before, up to the longest.
///
/// Failures of one cause, such as a database that restarts, so spread out instead of coming back together.
#[derive(Clone, Debug)]
pub(super) struct Backoff {
    pub(super) shortest: Duration,
    pub(super) longest: Duration,
}

impl Backoff {
    /// The wait that follows `previous`, or the first.
    pub(super) fn next(&self, previous: Option<Duration>) -> Duration {
        self.at(previous, random())
    }

    /// The same with `random` in place of chance, from 0 to 1.
    fn at(&self, previous: Option<Duration>, random: f64) -> Duration {
        let shortest = self.shortest.min(self.longest);
        let before = previous.unwrap_or(shortest).max(shortest);
        let upper = before.saturating_mul(3).min(self.longest);
        // Not `mul_f64`, which panics beyond the largest duration.
        let spread = (upper.saturating_sub(shortest)).as_secs_f64() * random;
        let spread = Duration::try_from_secs_f64(spread).unwrap_or_default();
        shortest.saturating_add(spread).min(self.longest)
    }
}

/// A number from 0 to 1. Each `RandomState` of the standard library has keys of its own, which is chance enough to spread
/// waits, without a crate for it.
fn random() -> f64 {
    let bits = RandomState::new().build_hasher().finish();
    bits as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn waits_grow_up_to_the_longest() {
        let backoff = Backoff {
            shortest: millis(100),
            longest: millis(2_000),
        };
        let highest = |previous| backoff.at(previous, 1.0);
        assert_eq!(highest(None), millis(300));
        assert_eq!(highest(Some(millis(300))), millis(900));
        assert_eq!(highest(Some(millis(900))), millis(2_000));
        assert_eq!(backoff.at(Some(millis(900)), 0.0), millis(100));
        assert_eq!(backoff.at(Some(millis(300)), 0.5), millis(500));
    }

    #[test]
    fn no_setting_is_too_much() {
        for (shortest, longest) in [
            (Duration::ZERO, Duration::ZERO),
            (Duration::MAX, Duration::MAX),
            (Duration::ZERO, Duration::MAX),
            (millis(5), millis(1)),
        ] {
            let backoff = Backoff { shortest, longest };
            for previous in [None, Some(Duration::ZERO), Some(Duration::MAX)] {
                for random in [0.0, 0.5, 1.0] {
                    assert!(backoff.at(previous, random) <= longest);
                }
            }
        }
    }

    #[test]
    fn chance_differs() {
        let numbers: Vec<f64> = (0..8).map(|_| random()).collect();
        assert!(numbers.iter().all(|number| (0.0..=1.0).contains(number)));
        assert!(numbers.iter().any(|number| *number != numbers[0]));
    }
}
