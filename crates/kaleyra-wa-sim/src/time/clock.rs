//! The simulator's clock: it runs, stops, runs faster, and can be advanced.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// The clock that everything in a simulator uses. Clones are the same clock.
///
/// It never goes back: ids, statuses and what is due all rely on that.
#[derive(Clone)]
pub(crate) struct Clock(Arc<Inner>);

struct Inner {
    hands: Mutex<Hands>,
    /// Counts how often the clock was set, so that those who wait for a point in time look again.
    set: watch::Sender<u64>,
}

#[derive(Clone, Copy)]
struct Hands {
    /// What it showed at `at`.
    shown: SystemTime,
    at: Instant,
    /// Simulated seconds in a second; 0 where it stands still.
    speed: f64,
}

/// The fastest that a clock runs: an hour in less than a second.
pub(crate) const SPEED_MAX: f64 = 3600.0;

impl Hands {
    fn now(&self) -> SystemTime {
        let elapsed = self.at.elapsed().as_secs_f64() * self.speed;
        let elapsed = Duration::try_from_secs_f64(elapsed).unwrap_or(Duration::ZERO);
        self.shown.checked_add(elapsed).unwrap_or(self.shown)
    }
}

impl Clock {
    /// A clock that shows this moment and runs as any other.
    pub(crate) fn starting_at(shown: SystemTime) -> Self {
        Self(Arc::new(Inner {
            hands: Mutex::new(Hands {
                shown,
                at: Instant::now(),
                speed: 1.0,
            }),
            set: watch::Sender::new(0),
        }))
    }

    /// The machine's time.
    pub(crate) fn real() -> Self {
        Self::starting_at(SystemTime::now())
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.hands().now()
    }

    /// Now, in seconds since 1970-01-01 UTC.
    pub(crate) fn unix_seconds(&self) -> u64 {
        unix_seconds(self.now())
    }

    pub(crate) fn speed(&self) -> f64 {
        self.hands().speed
    }

    /// Makes it run at another speed from now on: 0 stops it, 1 is a real clock's.
    pub(crate) fn set_speed(&self, speed: f64) {
        let mut hands = self.hands();
        *hands = Hands {
            shown: hands.now(),
            at: Instant::now(),
            speed: speed.clamp(0.0, SPEED_MAX),
        };
        drop(hands);
        self.changed();
    }

    /// Puts it forward to this moment; it stays where it is if that has passed.
    pub(crate) fn put_forward(&self, to: SystemTime) {
        let mut hands = self.hands();
        hands.shown = hands.now().max(to);
        hands.at = Instant::now();
        drop(hands);
        self.changed();
    }

    /// Sets it to any moment, as an imported state asks for.
    pub(crate) fn set(&self, to: SystemTime) {
        let mut hands = self.hands();
        hands.shown = to;
        hands.at = Instant::now();
        drop(hands);
        self.changed();
    }

    /// Ends once it shows this moment, however it got there.
    pub(crate) async fn reaches(&self, moment: SystemTime) {
        let mut set = self.0.set.subscribe();
        loop {
            let hands = *self.hands();
            let Ok(left) = moment.duration_since(hands.now()) else {
                return;
            };
            if left.is_zero() {
                return;
            }
            // A day at most, so that no instant overflows; then it looks again.
            let real = left.as_secs_f64() / hands.speed;
            if real.is_finite() {
                let real = Duration::from_secs_f64(real.min(86_400.0)) + Duration::from_micros(1);
                tokio::select! {
                    () = sleep_until(Instant::now() + real) => {}
                    _ = set.changed() => {}
                }
            } else if set.changed().await.is_err() {
                return;
            }
        }
    }

    fn changed(&self) {
        self.0.set.send_modify(|times| *times += 1);
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.0.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Seconds since 1970-01-01 UTC.
pub(crate) fn unix_seconds(moment: SystemTime) -> u64 {
    moment
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: SystemTime = UNIX_EPOCH;

    fn shown(clock: &Clock) -> Duration {
        clock.now().duration_since(START).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn it_runs_stands_still_and_is_put_forward() {
        let clock = Clock::starting_at(START);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(shown(&clock), Duration::from_secs(2));
        clock.set_speed(0.0);
        tokio::time::advance(Duration::from_secs(9)).await;
        assert_eq!(shown(&clock), Duration::from_secs(2));
        clock.put_forward(START + Duration::from_secs(100));
        clock.put_forward(START + Duration::from_secs(50));
        assert_eq!(shown(&clock), Duration::from_secs(100));
        clock.set_speed(60.0);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(shown(&clock), Duration::from_secs(220));
    }

    #[tokio::test(start_paused = true)]
    async fn a_moment_is_reached_however_the_clock_gets_there() {
        let clock = Clock::starting_at(START);
        let moment = START + Duration::from_secs(3600);
        let before = Instant::now();
        clock.reaches(moment).await;
        assert!(before.elapsed() >= Duration::from_secs(3600));

        clock.set_speed(0.0);
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.reaches(moment + Duration::from_secs(7200)).await }
        });
        tokio::time::sleep(Duration::from_secs(9)).await;
        assert!(!waiting.is_finished());
        clock.put_forward(moment + Duration::from_secs(7200));
        waiting.await.unwrap();
    }
}
