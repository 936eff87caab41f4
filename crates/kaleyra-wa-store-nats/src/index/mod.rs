//! Which events of the partitions that this process owns wait, and which of these the inbox was not told of.
//!
//! An inbox reads events once, in the order of their ids, and is told of those that are kept here meanwhile. A partition that
//! becomes ours later has older events, which it must see before any newer ones: they are `untold` until it asked for them.

mod part;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use kaleyra_wa_store::inbox::EventId;

pub(crate) use self::part::{Part, Step, Tried};
use crate::names::PARTITIONS;
use crate::record::{Owner, State};

/// What is in memory: a few bytes for each event that waits, and what was tried.
pub(crate) struct Index {
    parts: BTreeMap<u16, Part>,
    /// Up to this event of the stream, all are known.
    known: i64,
    /// Up to this one the inbox was told of something.
    told: i64,
    /// How often an event is tried; 0 where that is not known yet.
    pub(crate) attempts: u32,
    /// The attempts that this process has in hand.
    in_hand: HashSet<(i64, u32)>,
}

/// An event, and what stands for its conversation.
pub(crate) type Event = (i64, u64);

/// What a written outcome does to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Taken(u32),
    Again {
        attempt: u32,
        due_at: i64,
        waited: Option<u64>,
    },
    Settled,
}

impl Index {
    pub(crate) fn new(known: i64) -> Self {
        Self {
            parts: BTreeMap::new(),
            known,
            told: 0,
            attempts: 0,
            in_hand: HashSet::new(),
        }
    }

    /// Takes a partition that is ours from now on; what it has is to be [`adopt`](Self::adopt)ed up to the event that this
    /// gives.
    pub(crate) fn own(&mut self, partition: u16, fence: u64, changes: u64, floor: i64) -> i64 {
        let part = Part {
            fence,
            changes,
            floor,
            ..Part::default()
        };
        self.parts.insert(partition, part);
        self.known
    }

    /// Takes what was read of it. Attempts that this process has in hand go on; one of it that nobody makes any more, since its
    /// outcome came while the partition was not ours, is as that of another worker.
    pub(crate) fn adopt(&mut self, partition: u16, event: Event, state: Option<&State>, me: &str) {
        let in_hand = &self.in_hand;
        let is_ours = |state: &State| {
            state.worker.as_deref() == Some(me) && in_hand.contains(&(event.0, state.attempt))
        };
        if let Some(part) = self.parts.get_mut(&partition) {
            part.apply(event, state, Some(&is_ours));
        }
    }

    /// All of it is known, and no other worker has any of it: the inbox may be told. Says whether there is something to tell.
    pub(crate) fn open(&mut self, partition: u16) -> bool {
        let part = self.parts.get_mut(&partition);
        part.is_some_and(|part| {
            part.is_read = true;
            !part.untold.is_empty() || !part.requeued.is_empty()
        })
    }

    /// It is another's, or nobody's.
    pub(crate) fn lose(&mut self, partition: u16) {
        self.parts.remove(&partition);
    }

    pub(crate) fn part(&self, partition: u16) -> Option<&Part> {
        self.parts.get(&partition)
    }

    pub(crate) fn owned(&self) -> Vec<u16> {
        self.parts.keys().copied().collect()
    }

    /// How many of them are read, and handled.
    pub(crate) fn share(&self) -> usize {
        self.parts.values().filter(|part| part.is_read).count()
    }

    pub(crate) fn owns_all(&self) -> bool {
        self.parts.len() == usize::from(PARTITIONS) && self.parts.values().all(|it| it.is_read)
    }

    /// All that others did up to this message is known.
    pub(crate) fn refresh(&mut self, partition: u16, fence: u64, owner: &Owner) {
        if let Some(part) = self.parts.get_mut(&partition) {
            (part.fence, part.changes) = (fence, owner.changes);
        }
    }

    pub(crate) fn change(&mut self, partition: u16, event: Event, state: Option<&State>) {
        if let Some(part) = self.parts.get_mut(&partition) {
            part.apply(event, state, None);
        }
    }

    /// The server says that there is such an event, and what became of it in another store. Says whether the inbox is to be told of
    /// it.
    pub(crate) fn heard(
        &mut self,
        partition: u16,
        (id, lane): Event,
        moved: Option<&State>,
    ) -> bool {
        if id <= self.known {
            return false;
        }
        self.known = id;
        let Some(part) = self.parts.get_mut(&partition) else {
            return false;
        };
        if let Some(state) = moved {
            if part.live.contains_key(&id) {
                // Somebody put it back before it was heard of.
                return false;
            }
            part.apply((id, lane), Some(state), None);
            return part.untold.contains(&id);
        }
        part.live.insert(id, lane);
        part.untold.insert(id);
        true
    }

    /// These were kept here a moment ago, in messages of these sequences. Gives those that the inbox is told of at once:
    /// no earlier one may be unknown, or untold.
    pub(crate) fn kept(&mut self, first: i64, last: i64, events: &[(u16, Event)]) -> BTreeSet<i64> {
        let mut here = BTreeSet::new();
        if first != self.known + 1 {
            // What others kept before it is not known yet: it is heard of after that.
            return here;
        }
        self.known = last;
        for (partition, (id, lane)) in events {
            let Some(part) = self.parts.get_mut(partition) else {
                continue;
            };
            part.live.insert(*id, *lane);
            if part.is_read && part.untold.is_empty() && part.telling.is_empty() {
                here.insert(*id);
                self.told = self.told.max(*id);
            } else {
                part.untold.insert(*id);
            }
        }
        here
    }

    /// Up to which event all are known.
    pub(crate) fn known(&self) -> i64 {
        self.known
    }

    /// Whether something is to be told.
    pub(crate) fn has_untold(&self) -> bool {
        self.parts.values().any(|part| !part.untold.is_empty())
    }

    /// The next events after this one, for the inbox to have.
    pub(crate) fn load(&mut self, after: i64, limit: usize) -> (Vec<(u16, i64)>, bool) {
        let mut ids = Vec::new();
        for (number, part) in &mut self.parts {
            part.telling.clear();
            if !part.is_read || part.is_leaving {
                continue;
            }
            let rest = (after.saturating_add(1))..;
            if part.untold.first().is_some_and(|first| *first <= after) {
                // Its older ones come first: all of it is told in order.
                part.untold.extend(part.live.range(rest).map(|(id, _)| *id));
                continue;
            }
            // One more tells whether there are more.
            ids.extend(
                part.live
                    .range(rest)
                    .take(limit + 1)
                    .map(|(id, _)| (*number, *id)),
            );
        }
        let is_last = cut(&mut ids, limit);
        for (number, id) in &ids {
            if let Some(part) = self.parts.get_mut(number) {
                part.untold.remove(id);
            }
            self.told = self.told.max(*id);
        }
        (ids, is_last)
    }

    /// The events of a conversation from this one on, where they are this process's to handle.
    pub(crate) fn of(&self, partition: u16, lane: u64, from: i64) -> Vec<(u16, i64)> {
        let part = self.parts.get(&partition);
        let Some(part) = part.filter(|part| part.is_read && !part.is_leaving) else {
            return Vec::new();
        };
        let rest = part.live.range(from..).filter(|(_, it)| **it == lane);
        rest.map(|(id, _)| (partition, *id)).collect()
    }

    /// It is not in the stream any more, or its body is not: there is nothing to handle.
    pub(crate) fn forget(&mut self, partition: u16, id: i64) {
        if let Some(part) = self.parts.get_mut(&partition) {
            part.forget(id);
        }
    }

    /// What was put back, and what became ours otherwise.
    pub(crate) fn untold(&mut self, after: i64, limit: usize) -> (Vec<(u16, i64)>, bool) {
        let mut ids = BTreeSet::new();
        for (number, part) in &mut self.parts {
            part.telling.clear();
            if !part.is_read || part.is_leaving {
                continue;
            }
            let rest = (after.saturating_add(1))..;
            let untold = part.untold.range(rest.clone()).take(limit + 1);
            let requeued = part.requeued.range(rest).take(limit + 1);
            ids.extend(untold.chain(requeued).map(|id| (*id, *number)));
        }
        let mut ids: Vec<(u16, i64)> = ids.into_iter().map(|(id, number)| (number, id)).collect();
        let is_last = cut(&mut ids, limit);
        // What is beyond all that was told is read with all others, once it is known that there is something.
        let told = self.told;
        if let Some(at) = ids.iter().position(|(_, id)| *id > told) {
            ids.truncate(at + 1);
            // Those before it are told now, so that their partition is not passed over when all others are read.
            self.tell(&ids[..at]);
            return (ids, false);
        }
        self.tell(&ids);
        (ids, is_last)
    }

    fn tell(&mut self, ids: &[(u16, i64)]) {
        for (number, id) in ids {
            if let Some(part) = self.parts.get_mut(number)
                && part.untold.remove(id)
            {
                part.telling.insert(*id);
            }
        }
    }

    /// Those after this one did not fit on the page.
    pub(crate) fn untell(&mut self, after: i64) {
        for part in self.parts.values_mut() {
            let mut rest = part.telling.split_off(&after.saturating_add(1));
            part.untold.append(&mut rest);
        }
    }

    /// What the inbox was about to be told of could not be read, or not be noted.
    pub(crate) fn tell_again(&mut self) {
        for part in self.parts.values_mut() {
            part.untold.append(&mut part.telling);
        }
    }

    pub(crate) fn find(&self, id: EventId) -> Option<(u16, Tried)> {
        let id = id.get();
        let found = self
            .parts
            .iter()
            .find(|(_, part)| part.live.contains_key(&id));
        found.map(|(number, part)| (*number, part.tried.get(&id).cloned().unwrap_or_default()))
    }

    pub(crate) fn tried(&self, partition: u16, id: i64) -> Tried {
        let part = self.parts.get(&partition);
        let tried = part.and_then(|part| part.tried.get(&id).cloned());
        tried.unwrap_or_default()
    }

    /// The partition in which this process makes this attempt; where there is none, it is not in hand any more.
    pub(crate) fn running(&mut self, id: EventId, attempt: u32) -> Option<u16> {
        let found = self
            .find(id)
            .filter(|(_, tried)| tried.step == Step::Running && tried.attempt == attempt);
        if found.is_none() {
            self.in_hand.remove(&(id.get(), attempt));
        }
        found.map(|(partition, _)| partition)
    }

    /// Begins an attempt at an event that waits, and is the first of its conversation; gives where it is and which one it would be.
    pub(crate) fn begin(&mut self, id: EventId) -> Option<(u16, u32)> {
        let id = id.get();
        let found = self.parts.iter_mut();
        let (number, part) = found
            .filter(|(_, part)| part.is_read && !part.is_leaving)
            .find(|(_, part)| part.live.contains_key(&id) && part.is_first(id))?;
        let tried = part.tried.entry(id).or_default();
        if tried.step != Step::Waiting {
            return None;
        }
        tried.step = Step::Taking;
        Some((*number, tried.attempt + 1))
    }

    /// The attempt could not be written down.
    pub(crate) fn abandon(&mut self, partition: u16, id: i64) {
        if let Some(part) = self.parts.get_mut(&partition)
            && let Some(tried) = part.tried.get_mut(&id)
            && tried.step == Step::Taking
        {
            tried.step = Step::Waiting;
        }
    }

    /// Whether what is to be written still makes sense; an outcome that doesn't is nobody's to note any more.
    pub(crate) fn allows(&mut self, partition: u16, id: i64, change: Change, attempt: u32) -> bool {
        let is_allowed = self.makes_sense(partition, id, change, attempt);
        if !is_allowed {
            self.in_hand.remove(&(id, attempt));
        }
        is_allowed
    }

    fn makes_sense(&self, partition: u16, id: i64, change: Change, attempt: u32) -> bool {
        let Some(part) = self.parts.get(&partition) else {
            return false;
        };
        let tried = part.tried.get(&id);
        part.live.contains_key(&id)
            && match change {
                Change::Taken(_) => tried.is_some_and(|it| it.step == Step::Taking),
                _ => tried.is_some_and(|it| {
                    it.attempt == attempt && matches!(it.step, Step::Running | Step::Orphaned)
                }),
            }
    }

    /// It is written.
    pub(crate) fn apply(&mut self, partition: u16, id: i64, change: Change, attempt: u32) {
        match change {
            Change::Taken(_) => self.in_hand.insert((id, attempt)),
            Change::Again { .. } | Change::Settled => self.in_hand.remove(&(id, attempt)),
        };
        let Some(part) = self.parts.get_mut(&partition) else {
            return;
        };
        if !part.live.contains_key(&id) {
            // Somebody dropped it at the same time.
            return;
        }
        match change {
            Change::Taken(attempt) => {
                part.requeued.remove(&id);
                part.untold.remove(&id);
                let tried = part.tried.entry(id).or_default();
                (tried.attempt, tried.step) = (attempt, Step::Running);
            }
            Change::Again {
                attempt,
                due_at,
                waited,
            } => {
                let tried = Tried {
                    attempt,
                    due_at,
                    waited,
                    step: Step::Waiting,
                };
                let before = part.tried.insert(id, tried);
                if before.is_some_and(|it| it.step == Step::Orphaned) {
                    part.untold.insert(id);
                }
            }
            Change::Settled => part.forget(id),
        }
    }

    /// What other workers had when they ended.
    pub(crate) fn orphans(&self) -> Vec<(u16, i64, u32)> {
        let parts = self.parts.iter();
        let orphans = parts.flat_map(|(number, part)| {
            let tried = part.tried.iter();
            let orphans = tried.filter(|(_, tried)| tried.step == Step::Orphaned);
            orphans.map(|(id, tried)| (*number, *id, tried.attempt))
        });
        orphans.collect()
    }

    /// Below which event of a partition all are settled, where it was written otherwise.
    pub(crate) fn floor(&self, partition: u16) -> Option<i64> {
        let part = self.parts.get(&partition).filter(|part| part.is_read)?;
        let first = part.live.first_key_value().map(|(id, _)| *id);
        let floor = first.unwrap_or(self.known + 1);
        (floor != part.floor).then_some(floor)
    }

    pub(crate) fn floored(&mut self, partition: u16, floor: i64) {
        if let Some(part) = self.parts.get_mut(&partition) {
            part.floor = floor;
        }
    }

    /// Begins nothing more of a partition, so that it can be given up; or goes on with it, as if it were new.
    ///
    /// Says whether the inbox has to be told of it.
    pub(crate) fn leave(&mut self, partition: u16, is_leaving: bool) -> bool {
        match self.parts.get_mut(&partition) {
            Some(part) if part.is_leaving != is_leaving => {
                part.is_leaving = is_leaving;
                part.untold.extend(part.live.keys());
                !is_leaving
            }
            _ => false,
        }
    }

    /// Whether nothing of a partition is being handled.
    pub(crate) fn is_idle(&self, partition: u16) -> bool {
        let part = self.parts.get(&partition);
        part.is_some_and(|part| {
            let mut tried = part.tried.values();
            part.is_read && !tried.any(|it| matches!(it.step, Step::Taking | Step::Running))
        })
    }

    /// How many wait or run.
    pub(crate) fn live(&self) -> u64 {
        self.parts.values().map(|part| part.live.len() as u64).sum()
    }
}

/// The first of them, in the order of the ids; says whether those are all.
fn cut(ids: &mut Vec<(u16, i64)>, limit: usize) -> bool {
    ids.sort_unstable_by_key(|(_, id)| *id);
    let is_last = ids.len() <= limit;
    ids.truncate(limit);
    is_last
}
