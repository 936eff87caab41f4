//! Where a look through a queue goes on, and when the next begins.

use std::time::Duration;

use kaleyra_wa_store::outbox::Resume;
use tokio::time::Instant;

/// A queue that is looked through from its start to its end, in pieces where much of it has to wait for something.
#[derive(Debug, Default)]
pub(super) struct Scan {
    resume: Option<Resume>,
    /// When the look at its start was, and how many changes the store had told by then.
    began: Option<(Instant, u64)>,
    /// Whether one piece was not enough.
    is_long: bool,
    /// When it may begin again.
    rest_until: Option<Instant>,
}

impl Scan {
    /// How much longer than a look in pieces took nothing is looked at: so that it takes a quarter of the time at most.
    const REST: u32 = 3;
    const RESTS: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(1));
    /// How long what is more urgent may wait for a look that is in the middle of the queue.
    const DETOUR: Duration = Duration::from_millis(250);

    /// Where the next look begins; in the error, when it is time for one.
    pub(super) fn next(&mut self, now: Instant, changes: u64) -> Result<Option<Resume>, Instant> {
        if let Some(resume) = self.resume.take() {
            return Ok(Some(resume));
        }
        if let Some(until) = self.rest_until
            && now < until
        {
            return Err(until);
        }
        self.began = Some((now, changes));
        self.is_long = false;
        Ok(None)
    }

    /// It ended before the end of the queue, as much of that has to wait.
    pub(super) fn goes_on(&mut self, resume: Option<Resume>) {
        self.is_long = true;
        self.resume = resume;
    }

    /// It ended before the end of the queue, as no more could go out. The next begins with the most urgent again, where
    /// this one did not have to look through much to get there.
    pub(super) fn is_full(&mut self, resume: Option<Resume>, now: Instant) {
        let is_recent = self
            .began
            .is_some_and(|(at, _)| now.saturating_duration_since(at) < Self::DETOUR);
        if self.is_long && is_recent {
            self.resume = resume;
        }
    }

    /// It came to the end of the queue. When it has to be looked through again, where something may have come free before
    /// the place where it was at the time; nothing else would tell that.
    pub(super) fn is_over(&mut self, now: Instant, changes: u64) -> Option<Instant> {
        self.rest_until = None;
        let (at, changes_then) = self.began?;
        if !self.is_long {
            return None;
        }
        let took = now.saturating_duration_since(at);
        let rest = (took * Self::REST).clamp(Self::RESTS.0, Self::RESTS.1);
        self.rest_until = Some(now + rest);
        (changes != changes_then).then_some(now + rest)
    }
}

#[cfg(test)]
mod tests {
    use kaleyra_wa_store::Moment;
    use kaleyra_wa_store::outbox::SendId;

    use super::*;

    const MILLI: Duration = Duration::from_millis(1);

    fn place(send: i64) -> Option<Resume> {
        Some(Resume::new(0, Moment::default(), SendId::new(send)))
    }

    #[test]
    fn a_queue_of_which_much_waits_is_looked_through_once_for_each_change() {
        let (start, mut scan) = (Instant::now(), Scan::default());
        assert_eq!(scan.next(start, 7), Ok(None));
        scan.goes_on(place(1));
        assert_eq!(scan.next(start + MILLI, 7), Ok(place(1)));
        // Nothing changed: it is looked at again when something does, and not before.
        assert_eq!(scan.is_over(start + 2 * MILLI, 7), None);
        let again = scan.next(start + 3 * MILLI, 8).unwrap_err();
        assert_eq!(again, start + 22 * MILLI);
        assert_eq!(scan.next(again, 8), Ok(None));
        scan.goes_on(place(1));
        // Something changed meanwhile, perhaps before the place where it was.
        let end = again + 100 * MILLI;
        assert_eq!(scan.is_over(end, 9), Some(end + 300 * MILLI));
    }

    #[test]
    fn a_short_one_begins_with_the_most_urgent_whenever_it_may() {
        let (start, mut scan) = (Instant::now(), Scan::default());
        assert_eq!(scan.next(start, 1), Ok(None));
        scan.is_full(place(5), start);
        assert_eq!(scan.next(start, 1), Ok(None));
        assert_eq!(scan.is_over(start, 2), None);
        assert_eq!(scan.next(start, 2), Ok(None));
    }

    #[test]
    fn a_long_one_goes_on_where_it_was_full_but_not_for_ever() {
        let (start, mut scan) = (Instant::now(), Scan::default());
        assert_eq!(scan.next(start, 1), Ok(None));
        scan.goes_on(place(5));
        assert_eq!(scan.next(start, 1), Ok(place(5)));
        scan.is_full(place(6), start + MILLI);
        assert_eq!(scan.next(start + MILLI, 1), Ok(place(6)));
        scan.is_full(place(7), start + Scan::DETOUR);
        assert_eq!(scan.next(start + Scan::DETOUR, 1), Ok(None));
    }
}
