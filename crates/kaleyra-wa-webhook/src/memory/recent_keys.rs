//! Which events were seen before.

use std::collections::hash_map::RandomState;
use std::collections::{HashSet, VecDeque};
use std::hash::BuildHasher;
use std::time::Duration;

use kaleyra_wa_types::inbound::EventKey;
use tokio::time::Instant;

/// What stands for an event's key: 16 bytes instead of a hundred, and no personal data.
///
/// Two keys with one fingerprint would be an event lost; with 128 bits that nobody outside can work towards, that is
/// not going to happen.
pub(super) type Fingerprint = u128;

/// Makes fingerprints, differently in each process.
#[derive(Default)]
pub(super) struct Fingerprints(RandomState, RandomState);

impl Fingerprints {
    pub(super) fn of(&self, key: &EventKey) -> Fingerprint {
        let half = |state: &RandomState| u128::from(state.hash_one(key.as_str()));
        half(&self.0) << 64 | half(&self.1)
    }
}

/// The events that were handled lately: bounded in number and in age.
pub(super) struct RecentKeys {
    limit: usize,
    age: Duration,
    known: HashSet<Fingerprint>,
    /// The oldest first.
    order: VecDeque<(Instant, Fingerprint)>,
}

impl RecentKeys {
    pub(super) fn new(limit: usize, age: Duration) -> Self {
        let (known, order) = (HashSet::new(), VecDeque::new());
        Self {
            limit,
            age,
            known,
            order,
        }
    }

    pub(super) fn contains(&mut self, fingerprint: Fingerprint, now: Instant) -> bool {
        self.forget(now);
        self.known.contains(&fingerprint)
    }

    pub(super) fn insert(&mut self, fingerprint: Fingerprint, now: Instant) {
        self.forget(now);
        if self.known.insert(fingerprint) {
            self.order.push_back((now, fingerprint));
        }
        while self.order.len() > self.limit {
            self.pop();
        }
    }

    fn forget(&mut self, now: Instant) {
        while let Some((seen, _)) = self.order.front()
            && now.duration_since(*seen) >= self.age
        {
            self.pop();
        }
    }

    fn pop(&mut self) {
        if let Some((_, fingerprint)) = self.order.pop_front() {
            self.known.remove(&fingerprint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_bounded_in_number_and_in_age() {
        let second = Duration::from_secs(1);
        let start = Instant::now();
        let mut window = RecentKeys::new(2, 10 * second);
        for (fingerprint, at) in [(1, 0), (2, 1), (3, 2)] {
            window.insert(fingerprint, start + at * second);
        }
        let mut known = |at| [1, 2, 3].map(|it| window.contains(it, start + at * second));
        assert_eq!(known(2), [false, true, true]);
        assert_eq!(known(11), [false, false, true]);
        assert_eq!(known(12), [false, false, false]);
        assert!(window.known.is_empty() && window.order.is_empty());
    }

    #[test]
    fn none_are_kept_where_none_are_wanted() {
        let mut window = RecentKeys::new(0, Duration::MAX);
        window.insert(1, Instant::now());
        assert!(!window.contains(1, Instant::now()));
    }

    #[test]
    fn fingerprints_tell_keys_apart() {
        let fingerprints = Fingerprints::default();
        let of = |key: &str| fingerprints.of(&key.into());
        assert_eq!(of("message/A"), of("message/A"));
        assert_ne!(of("message/A"), of("message/B"));
    }
}
