//! How often one user is written to.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use tokio::time::Instant;

/// The messages that each user may still get: some at once, each of which comes back after an interval.
#[derive(Debug)]
pub(super) struct Pairs {
    interval: Duration,
    burst: u32,
    /// When all of a user's messages are back; only of those where some are not.
    full_at: HashMap<String, Instant>,
}

impl Pairs {
    /// How many users are remembered before those are forgotten that may get all again.
    const TIDY: usize = 10_000;

    pub(super) fn new((interval, burst): (Duration, u32)) -> Self {
        Self {
            interval,
            burst,
            full_at: HashMap::new(),
        }
    }

    /// A message goes out to this user.
    pub(super) fn take(&mut self, user: &str, now: Instant) {
        if self.interval.is_zero() {
            return;
        }
        if self.full_at.len() >= Self::TIDY {
            self.full_at.retain(|_, full_at| *full_at > now);
        }
        let full_at = self.full_at.entry(user.to_owned()).or_insert(now);
        *full_at = (*full_at).max(now) + self.interval;
    }

    /// WhatsApp says that this user got too many.
    pub(super) fn exhaust(&mut self, user: &str, now: Instant) {
        let full_at = now + self.interval.max(Duration::from_secs(1)) * self.burst;
        self.full_at.insert(user.to_owned(), full_at);
    }

    /// When the first of those who may get nothing now may again.
    pub(super) fn next(&self, now: Instant) -> Option<Instant> {
        let most = self.interval * (self.burst - 1);
        let full_at = self.full_at.values().filter(|at| **at > now + most);
        full_at.min().and_then(|at| at.checked_sub(most))
    }

    /// Those who may get nothing now.
    pub(super) fn busy(&self, now: Instant) -> HashSet<String> {
        let most = self.interval * (self.burst - 1);
        let busy = self
            .full_at
            .iter()
            .filter(|(_, full_at)| **full_at > now + most);
        busy.map(|(user, _)| user.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_out_at_once_and_then_one_in_an_interval() {
        let (start, second) = (Instant::now(), Duration::from_secs(1));
        let mut pairs = Pairs::new((6 * second, 3));
        for _ in 0..3 {
            assert!(pairs.busy(start).is_empty());
            pairs.take("a", start);
        }
        assert!(pairs.busy(start).contains("a"));
        assert!(pairs.busy(start + 5 * second).contains("a"));
        assert_eq!(pairs.next(start), Some(start + 6 * second));
        assert!(pairs.busy(start + 6 * second).is_empty());
        assert_eq!(pairs.next(start + 6 * second), None);
        pairs.exhaust("b", start);
        assert!(pairs.busy(start + 5 * second).contains("b"));
    }
}
