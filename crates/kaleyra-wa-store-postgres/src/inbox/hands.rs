//! The attempts that this process has in hand. What is running by the tables, in a shard of ours, and is not in hand here, is
//! nobody's: its beginning was committed, and the response was lost.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What this process has in hand, by event.
#[derive(Default)]
pub(crate) struct Hands(Mutex<HashMap<i64, Hand>>);

/// An attempt that is in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hand {
    pub(super) claim: i64,
    /// Which attempt it is; 0 until that is known.
    pub(super) attempt: u32,
    pub(super) stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The statement that begins the attempt is under way.
    Taking,
    /// The attempt is being made.
    Taken,
    /// Its outcome may have been noted: the response was lost.
    Doubtful,
    /// Its outcome can't be noted, and nobody tries any more.
    Failed,
}

impl Hands {
    fn hands(&self) -> MutexGuard<'_, HashMap<i64, Hand>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to take an event under this claim; `None` where it is in hand already. It is let go again where the result is
    /// dropped.
    pub(super) fn begin(&self, event: i64, claim: i64) -> Option<Taking<'_>> {
        let mut hands = self.hands();
        if hands
            .get(&event)
            .is_some_and(|it| it.stage != Stage::Failed)
        {
            return None;
        }
        let hand = Hand {
            claim,
            attempt: 0,
            stage: Stage::Taking,
        };
        hands.insert(event, hand);
        Some(Taking {
            hands: self,
            event,
            claim,
        })
    }

    /// How an event is in hand.
    pub(super) fn get(&self, event: i64) -> Option<Hand> {
        self.hands().get(&event).copied()
    }

    /// Its outcome was noted, or is not wanted any more.
    pub(super) fn settled(&self, event: i64, claim: i64) {
        let mut hands = self.hands();
        if hands.get(&event).is_some_and(|it| it.claim == claim) {
            hands.remove(&event);
        }
    }

    /// Its outcome could not be noted, or nobody knows.
    pub(super) fn unsettled(&self, event: i64, claim: i64, stage: Stage) {
        if let Some(hand) = self.hands().get_mut(&event)
            && hand.claim == claim
        {
            hand.stage = stage;
        }
    }

    /// The events that somebody works on.
    pub(super) fn events(&self) -> Vec<i64> {
        let hands = self.hands();
        let worked_on = hands.iter().filter(|(_, it)| it.stage != Stage::Failed);
        worked_on.map(|(event, _)| *event).collect()
    }

    /// Nothing is in hand any more.
    pub(crate) fn clear(&self) {
        self.hands().clear();
    }
}

/// An event that is being taken.
pub(super) struct Taking<'a> {
    hands: &'a Hands,
    event: i64,
    claim: i64,
}

impl Taking<'_> {
    /// The attempt is ours to make.
    pub(super) fn taken(self, attempt: u32) {
        if let Some(hand) = self.hands.hands().get_mut(&self.event)
            && hand.claim == self.claim
        {
            hand.stage = Stage::Taken;
            hand.attempt = attempt;
        }
    }
}

impl Drop for Taking<'_> {
    fn drop(&mut self) {
        let hand = self.hands.get(self.event);
        if hand.is_some_and(|it| it.claim == self.claim && it.stage == Stage::Taking) {
            self.hands.settled(self.event, self.claim);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_in_one_hand() {
        let hands = Hands::default();
        let taking = hands.begin(1, 10).unwrap();
        assert!(hands.begin(1, 11).is_none());
        taking.taken(3);
        let hand = hands.get(1).unwrap();
        assert_eq!(
            (hand.claim, hand.attempt, hand.stage),
            (10, 3, Stage::Taken)
        );
        assert!(hands.begin(1, 11).is_none());
        hands.settled(1, 9);
        assert_eq!(hands.get(1), Some(hand));
        hands.settled(1, 10);
        assert_eq!(hands.get(1), None);
    }

    #[test]
    fn what_could_not_be_taken_is_let_go() {
        let hands = Hands::default();
        drop(hands.begin(1, 10));
        assert_eq!(hands.get(1), None);
        hands.begin(2, 11).unwrap().taken(1);
        hands.unsettled(2, 11, Stage::Failed);
        assert!(hands.begin(2, 12).is_some());
    }
}
