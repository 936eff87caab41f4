//! The order of sends: a rate limit for each key, first come, first served.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::limit::{LONGEST, clamped};

/// Idle keys are looked for after so many slots at the earliest.
const TIDY_AFTER: usize = 256;

/// A rate limit for each key.
///
/// governor lets through or refuses; a refused caller would have to come back, together with all others that wait. Here
/// a caller takes the next slot instead, and waits until it has come: so it is known at once how long that is, and nobody
/// overtakes. For that, governor is asked again as if it were the moment that it named.
pub(super) struct Queue<K: Hash + Eq + Clone> {
    limiter: RateLimiter<K, HashMapStateStore<K>, Moment, NoOpMiddleware<Nanos>>,
    moment: Moment,
    /// How many slots were taken since idle keys were looked for, and how many keys were left then.
    taken: usize,
    busy: usize,
}

impl<K: Hash + Eq + Clone> Queue<K> {
    /// A slot each `interval`, and `burst` of them at once for those who took none before.
    ///
    /// governor counts nanoseconds in 64 bits, which is 584 years, and panics beyond. So the burst is kept as it is, and an
    /// interval shortened with which it would take longer than most of that to come back.
    pub(super) fn new(interval: Duration, burst: NonZeroU32) -> Self {
        let interval = clamped(interval)
            .min(400 * LONGEST / burst.get())
            .max(Duration::from_nanos(1));
        // There is a period of at least a nanosecond, so there is a quota.
        let quota = Quota::with_period(interval).unwrap_or(Quota::per_second(burst));
        let moment = Moment::default();
        Self {
            limiter: RateLimiter::hashmap_with_clock(quota.allow_burst(burst), moment.clone()),
            moment,
            taken: 0,
            busy: 0,
        }
    }

    /// Takes the next slot of this key and says how far away it is; if that is farther than `limit`, it takes none and
    /// says so.
    pub(super) fn take(
        &mut self,
        key: &K,
        now: Duration,
        limit: Duration,
    ) -> Result<Duration, Duration> {
        let now = Nanos::from(now.min(100 * LONGEST));
        self.forget_idle(now);
        let mut slot = now;
        loop {
            self.moment.set(slot);
            let Err(refused) = self.limiter.check_key(key) else {
                self.taken += 1;
                return Ok(slot.saturating_sub(now).into());
            };
            let wait = refused.wait_time_from(now);
            if wait > limit {
                return Err(wait);
            }
            // The first slot is a moment at least after the one that was refused, so this ends.
            slot = refused.earliest_possible().max(slot + Nanos::from(1));
        }
    }

    /// How many keys are remembered.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.limiter.len()
    }

    /// Forgets those that have all their slots back. Now and then, so that it costs next to nothing for each slot.
    fn forget_idle(&mut self, now: Nanos) {
        if self.taken >= TIDY_AFTER.max(self.busy) {
            self.moment.set(now);
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
            self.taken = 0;
            self.busy = self.limiter.len();
        }
    }
}

/// The moment that governor takes for now.
#[derive(Clone, Default)]
struct Moment(Arc<AtomicU64>);

impl Moment {
    fn set(&self, moment: Nanos) {
        self.0.store(moment.as_u64(), Ordering::Relaxed);
    }
}

impl Clock for Moment {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::from(self.0.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    fn queue(interval: u64, burst: u32) -> Queue<u32> {
        Queue::new(seconds(interval), NonZeroU32::new(burst).unwrap())
    }

    #[test]
    fn after_the_burst_each_one_waits_for_a_slot_of_its_own() {
        let mut queue = queue(6, 3);
        let mut waits = |now| queue.take(&1, seconds(now), seconds(60)).unwrap().as_secs();
        assert_eq!(
            [waits(0), waits(0), waits(0), waits(0), waits(0)],
            [0, 0, 0, 6, 12]
        );
        // Who comes later does not overtake.
        assert_eq!([waits(1), waits(18), waits(30), waits(31)], [17, 6, 0, 5]);
    }

    #[test]
    fn a_slot_that_is_too_far_away_is_not_taken() {
        let mut queue = queue(6, 1);
        assert_eq!(queue.take(&1, seconds(0), seconds(5)), Ok(seconds(0)));
        for _ in 0..3 {
            assert_eq!(queue.take(&1, seconds(0), seconds(5)), Err(seconds(6)));
        }
        assert_eq!(queue.take(&1, seconds(1), seconds(5)), Ok(seconds(5)));
    }

    #[test]
    fn no_interval_and_no_burst_is_too_much() {
        let day = Duration::from_secs(24 * 60 * 60);
        for (interval, burst) in [
            (Duration::MAX, 1),
            (Duration::MAX, u32::MAX),
            (seconds(6), u32::MAX),
            (Duration::MAX, 45),
            (Duration::ZERO, u32::MAX),
        ] {
            for now in [Duration::ZERO, LONGEST, Duration::MAX] {
                let mut queue = Queue::new(interval, NonZeroU32::new(burst).unwrap());
                for _ in 0..burst.min(1000) {
                    assert_eq!(queue.take(&1, now, day), Ok(Duration::ZERO));
                }
                if burst == 45 {
                    assert_eq!(queue.take(&1, now, day), Err(LONGEST));
                }
            }
        }
    }

    #[test]
    fn keys_do_not_wait_for_each_other() {
        let mut queue = queue(6, 1);
        for key in 0..100 {
            assert_eq!(queue.take(&key, seconds(0), seconds(0)), Ok(seconds(0)));
        }
    }

    #[test]
    fn idle_keys_are_forgotten_and_busy_ones_are_not() {
        let mut queue = queue(6, 1);
        for key in 0..10_000 {
            queue
                .take(&key, seconds(u64::from(key)), seconds(0))
                .unwrap();
        }
        let busy = 10_000;
        let now = seconds(10_000);
        for _ in 0..4 {
            let _ = queue.take(&busy, now, seconds(600));
        }
        assert!(queue.len() < 1_000, "{} keys", queue.len());
        assert_eq!(queue.take(&busy, now, seconds(600)), Ok(seconds(24)));
    }
}
