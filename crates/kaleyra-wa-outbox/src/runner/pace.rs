//! How fast a number, or a campaign, may send.

use std::time::Duration;

use tokio::time::Instant;

/// A rate that is kept evenly: halved where the server says that it is too fast, and growing back by one a second.
#[derive(Debug)]
pub(super) struct Pace {
    /// The highest, a second.
    limit: f64,
    /// Now.
    rate: f64,
    tokens: f64,
    at: Instant,
    /// When it was halved last: what was in flight by then says nothing new.
    halved_at: Option<Instant>,
}

impl Pace {
    /// What may go out at once after a pause: a twentieth of a second's worth, one at least.
    const BURST: f64 = 0.05;
    /// The shortest time between two halvings.
    const SETTLING: Duration = Duration::from_secs(1);

    pub(super) fn new(per_second: u32, now: Instant) -> Self {
        let limit = f64::from(per_second.max(1));
        Self {
            limit,
            rate: limit,
            tokens: 1.0,
            at: now,
            halved_at: None,
        }
    }

    /// Another limit; the rate is as far below it as WhatsApp had it.
    pub(super) fn set_limit(&mut self, per_second: u32) {
        let limit = f64::from(per_second.max(1));
        if (limit - self.limit).abs() > f64::EPSILON {
            self.rate = (self.rate / self.limit) * limit;
            self.limit = limit;
        }
    }

    /// How many may go out now.
    pub(super) fn available(&mut self, now: Instant) -> usize {
        let elapsed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        self.rate = (self.rate + elapsed).min(self.limit);
        let room = (self.rate * Self::BURST).max(1.0);
        self.tokens = (self.tokens + elapsed * self.rate).min(room);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is between 0 and a twentieth of a rate"
        )]
        let whole = self.tokens.max(0.0) as usize;
        whole
    }

    pub(super) fn take(&mut self, sends: usize) {
        self.tokens -= sends as f64;
    }

    /// When the next may go out.
    pub(super) fn next(&self) -> Instant {
        let missing = (1.0 - self.tokens).max(0.0);
        self.at + Duration::from_secs_f64(missing / self.rate)
    }

    /// The server says that it is too fast.
    pub(super) fn halve(&mut self, now: Instant) {
        let is_settling = self
            .halved_at
            .is_some_and(|at| now.saturating_duration_since(at) < Self::SETTLING);
        if is_settling {
            return;
        }
        self.available(now);
        self.rate = (self.rate / 2.0).max(1.0_f64.min(self.limit));
        self.tokens = self.tokens.min(0.0);
        self.halved_at = Some(now);
    }

    pub(super) const fn rate(&self) -> f64 {
        self.rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// How many go out in a second that is looked at a thousand times.
    fn in_a_second(pace: &mut Pace, from: Instant) -> usize {
        let mut sent = 0;
        for millis in 1..=1_000 {
            let available = pace.available(from + Duration::from_millis(millis));
            pace.take(available);
            sent += available;
        }
        sent
    }

    #[test]
    fn a_rate_is_kept_and_what_was_not_used_is_not_saved() {
        let start = Instant::now();
        let mut pace = Pace::new(80, start);
        assert!((79..=82).contains(&in_a_second(&mut pace, start)));
        assert_eq!(pace.available(start + 60 * SECOND), 4);
    }

    #[test]
    fn it_is_halved_once_for_all_that_was_in_flight_and_grows_by_one_a_second() {
        let start = Instant::now();
        let mut pace = Pace::new(80, start);
        for _ in 0..5 {
            pace.halve(start);
        }
        assert_eq!(pace.available(start), 0);
        assert!((pace.rate() - 40.0).abs() < 0.01);
        pace.halve(start + 2 * SECOND);
        assert!((pace.rate() - 21.0).abs() < 0.01);
        pace.available(start + 12 * SECOND);
        assert!((pace.rate() - 31.0).abs() < 0.01);
        pace.available(start + 600 * SECOND);
        assert!((pace.rate() - 80.0).abs() < 0.01);
    }

    #[test]
    fn it_never_stops_and_says_when_the_next_may_go() {
        let start = Instant::now();
        let mut pace = Pace::new(2, start);
        for seconds in 0..9 {
            pace.halve(start + 2 * seconds * SECOND);
        }
        assert!(pace.rate() >= 1.0);
        let now = start + 20 * SECOND;
        let available = pace.available(now);
        pace.take(available);
        let next = pace.next();
        assert!(next > now && next <= now + SECOND);
    }
}
