//! The looks for work whose end this process does not know, and what it was told of who sends.
//!
//! A look makes sends fly in a transaction. Where the response to its COMMIT is lost, they are flying by the table, and nobody has
//! handed them to the transport. So the next look for the same number, which holds the lock of its lease and so comes after the
//! end of the one before, first puts back what carries the claim of a look that failed.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::db::{Db, Outcome};

#[derive(Default)]
pub(crate) struct Looks(Mutex<HashMap<String, Number>>);

/// What is known of a number that is sent for.
#[derive(Default)]
struct Number {
    /// The claims of looks that failed, or were dropped.
    failed: BTreeSet<i64>,
    seat: Seat,
}

/// Who sends for a number, as the outbox of this process was told last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Seat {
    /// It has not asked.
    #[default]
    Unknown,
    /// This process.
    Ours,
    /// Another one.
    Elsewhere,
}

impl Looks {
    fn numbers(&self) -> MutexGuard<'_, HashMap<String, Number>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a look. It has failed unless it is said to have succeeded.
    pub(super) fn begin(&self, sender: &str, claim: i64) -> Look<'_> {
        Look {
            looks: self,
            sender: sender.to_owned(),
            claim,
            put_back: Vec::new(),
            seat: None,
            is_known: false,
        }
    }

    /// No outbox of this process sends for this number any more.
    pub(super) fn forget(&self, sender: &str) {
        self.numbers().remove(sender);
    }
}

/// A look for work that is under way.
pub(super) struct Look<'a> {
    looks: &'a Looks,
    sender: String,
    pub(super) claim: i64,
    /// The claims whose sends it puts back.
    put_back: Vec<i64>,
    seat: Option<Seat>,
    is_known: bool,
}

impl Look<'_> {
    /// What the outbox was told last.
    pub(super) fn seat(&self) -> Seat {
        let numbers = self.looks.numbers();
        numbers
            .get(&self.sender)
            .map_or(Seat::Unknown, |it| it.seat)
    }

    /// What it is told by this look.
    pub(super) fn take_seat(&mut self, seat: Seat) {
        self.seat = Some(seat);
    }

    /// Puts back what earlier looks made fly whose end was not known. To be called with the lock of the number's lease.
    pub(super) async fn put_back(&mut self, db: &Db) -> Outcome<()> {
        self.put_back = self.failed();
        if self.put_back.is_empty() {
            return Ok(());
        }
        let sends = db
            .execute(
                "UPDATE kwa.send SET state = 0, attempt = attempt - 1, claim = NULL, epoch = NULL, flown_at = NULL, as_fallback = false
                  WHERE state IN (1, 2) AND state = 1 AND claim = ANY($1)",
                &[&self.put_back],
            )
            .await?;
        if sends > 0 {
            tracing::warn!(
                sends,
                "sends that were never handed to the transport were queued again: their takeoff was noted, and the response was lost"
            );
        }
        Ok(())
    }

    fn failed(&self) -> Vec<i64> {
        let numbers = self.looks.numbers();
        let failed = numbers.get(&self.sender).map(|it| it.failed.iter());
        failed.into_iter().flatten().copied().collect()
    }

    /// It was committed, and the response came.
    pub(super) fn succeeded(mut self) {
        self.is_known = true;
        let mut numbers = self.looks.numbers();
        let number = numbers.entry(self.sender.clone()).or_default();
        for claim in &self.put_back {
            number.failed.remove(claim);
        }
        if let Some(seat) = self.seat {
            number.seat = seat;
            if seat == Seat::Elsewhere {
                // Whoever took over decided about all that was in flight.
                number.failed.clear();
            }
        }
    }
}

impl Drop for Look<'_> {
    fn drop(&mut self) {
        if !self.is_known {
            let mut numbers = self.looks.numbers();
            let number = numbers.entry(self.sender.clone()).or_default();
            number.failed.insert(self.claim);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_that_is_dropped_has_failed() {
        let looks = Looks::default();
        let failed = |sender: &str| looks.numbers().get(sender).map(|it| it.failed.len());
        drop(looks.begin("1", 7));
        looks.begin("2", 8).succeeded();
        assert_eq!((failed("1"), failed("2")), (Some(1), Some(0)));
        let mut look = looks.begin("1", 9);
        look.put_back = vec![7];
        look.take_seat(Seat::Ours);
        assert_eq!(look.seat(), Seat::Unknown);
        look.succeeded();
        assert_eq!(failed("1"), Some(0));
        assert_eq!(looks.begin("1", 10).seat(), Seat::Ours);
        assert_eq!(failed("1"), Some(1));
    }
}
