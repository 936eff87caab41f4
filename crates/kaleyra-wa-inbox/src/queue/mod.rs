//! What of the events that are to be handled is in memory: a lane for each conversation, and the lanes whose turn it is.
//!
//! The disk has all of them. Nothing here reads it, waits or runs; the caller supplies the time.

mod held;
mod lane;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_store::inbox::EventId;
use tokio::time::Instant;

use self::held::Held;
use self::lane::{Lane, Spilled, Turn};
pub(crate) use self::lane::{LaneName, Queued};

/// What may be in memory. More waits on the disk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) events: usize,
    /// Of the bodies that the events came in.
    pub(crate) bytes: usize,
    /// Of one lane: so that an endless conversation leaves room for others.
    pub(crate) lane: usize,
}

/// Events in lanes.
///
/// Every live event of the disk up to `loaded` is in its lane, or its lane says that it is spilled.
pub(crate) struct Queue {
    limits: Limits,
    lanes: HashMap<LaneName, Lane>,
    ready: VecDeque<LaneName>,
    /// By when they go on; the number tells those of one moment apart.
    resting: BTreeMap<(Instant, u64), LaneName>,
    /// Lanes that should be filled from the disk.
    thirsty: VecDeque<LaneName>,
    loaded: EventId,
    /// The last event that was reported.
    tail: EventId,
    /// Whether there are events after `loaded`.
    is_behind: bool,
    held: Held,
    /// How many events are being handled.
    busy: usize,
    numbers: u64,
}

/// How many lanes that rest may be remembered for each event that may be in memory.
const LANES_PER_EVENT: usize = 10;

/// How long to wait before a lane is read again whose first event was not to be had, at first and at most.
const REFUSED: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

/// An event with a worker; its lane is busy.
pub(crate) struct Job {
    pub(crate) lane: LaneName,
    pub(crate) queued: Queued,
}

/// What should be read from the disk.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// What comes after this; the tail by now goes along.
    After(EventId, EventId),
    /// The conversation from this event on; the last one that was reported goes along.
    Of(Arc<str>, EventId, EventId),
}

impl Queue {
    /// With nothing in it: the disk is to be read first.
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            lanes: HashMap::new(),
            ready: VecDeque::new(),
            resting: BTreeMap::new(),
            thirsty: VecDeque::new(),
            loaded: EventId::default(),
            tail: EventId::default(),
            is_behind: true,
            held: Held::default(),
            busy: 0,
            numbers: 0,
        }
    }

    /// Takes an event that was kept a moment ago, if there is room; else it stays on the disk. To be called in the order of
    /// the ids.
    pub(crate) fn arrive(&mut self, lane: LaneName, queued: Queued, now: Instant) {
        let id = queued.id;
        self.tail = self.tail.max(id);
        if id <= self.loaded {
            // It was read from the disk before it was reported.
            return;
        }
        if self.is_behind || self.is_full(&queued) {
            self.is_behind = true;
            return;
        }
        self.loaded = id;
        self.put(lane, queued, now);
    }

    /// Takes what was read: all live events after what was loaded, up to the last of these; or, if those were all, up to
    /// what was the tail before reading.
    pub(crate) fn load(
        &mut self,
        read: Vec<(LaneName, Queued)>,
        last: Option<EventId>,
        tail_before: EventId,
        is_all: bool,
        now: Instant,
    ) {
        for (lane, queued) in read {
            if queued.id > self.loaded {
                self.put(lane, queued, now);
            }
        }
        if let Some(last) = last {
            self.loaded = self.loaded.max(last);
        }
        if is_all {
            self.loaded = self.loaded.max(tail_before);
        }
        self.tail = self.tail.max(self.loaded);
        self.is_behind = !is_all || self.loaded < self.tail;
    }

    /// Takes what was read of a lane that was spilled.
    pub(crate) fn refill(
        &mut self,
        lane: &LaneName,
        read: Vec<Queued>,
        last: Option<EventId>,
        (from_before, to_before): (EventId, EventId),
        is_all: bool,
        now: Instant,
    ) {
        let Some(found) = self.lanes.get_mut(lane) else {
            return;
        };
        let Some(spilled) = &mut found.spilled else {
            return;
        };
        if spilled.from < from_before {
            // Earlier ones were left to the disk meanwhile.
            spilled.is_asked_for = false;
            return self.settle_turn(lane, now);
        }
        let spilled = *spilled;
        let loaded = self.loaded;
        // What comes after that is read with all others.
        let is_all = is_all || last > Some(loaded);
        let last = last.min(Some(loaded));
        let reached = last.into_iter().chain(is_all.then_some(to_before)).max();
        let from = reached
            .map_or(spilled.from, EventId::next)
            .max(spilled.from);
        found.spilled = (!is_all || spilled.to >= from).then_some(Spilled {
            from,
            to: spilled.to.max(from),
            is_asked_for: false,
        });
        for queued in read {
            let is_due_here = (spilled.from..=loaded).contains(&queued.id);
            if is_due_here && !found.has(queued.id) {
                self.held.add(&queued);
                found.insert(queued);
            }
        }
        self.settle_turn(lane, now);
    }

    /// Takes an event that was put back, to be first; unless it is in memory, or will be read with others. Says whether it
    /// will be: then all that come after it will be as well.
    pub(crate) fn put_back(&mut self, lane: LaneName, queued: Queued, now: Instant) -> bool {
        if queued.id <= self.loaded && self.is_full(&queued) {
            // It and what comes after it is read once more, when there is room.
            self.loaded = queued.id.before();
        }
        if queued.id > self.loaded {
            // Another process may have kept it.
            self.is_behind = true;
            return true;
        }
        let found = self.lanes.entry(lane.clone()).or_insert_with(Lane::new);
        if !found.has_already(queued.id) && !found.is_on_disk(queued.id) {
            self.held.add(&queued);
            found.insert(queued);
        }
        self.settle_turn(&lane, now);
        false
    }

    fn put(&mut self, name: LaneName, queued: Queued, now: Instant) {
        let lane = self.lanes.entry(name.clone()).or_insert_with(Lane::new);
        if lane.has_already(queued.id) {
            return;
        }
        // Where the look at the disk was taken back, it may stand before what was left there.
        let is_first = lane.spilled.is_some_and(|spilled| queued.id < spilled.from);
        if !is_first && (lane.spilled.is_some() || lane.events.len() >= self.limits.lane) {
            lane.spill(queued.id);
        } else {
            self.held.add(&queued);
            lane.insert(queued);
        }
        self.settle_turn(&name, now);
    }

    /// Sees to it that the lane is where it belongs: ready, resting, empty or gone.
    fn settle_turn(&mut self, name: &LaneName, now: Instant) {
        let has_room = self.has_room();
        let Some(lane) = self.lanes.get_mut(name) else {
            return;
        };
        if let Some(spilled) = &mut lane.spilled
            && !spilled.is_asked_for
            && lane.events.len() * 4 <= self.limits.lane
            && match lane.turn {
                Turn::Empty | Turn::Ready => true,
                // Before it is drained, where that costs nothing.
                Turn::Busy(_) => has_room,
                Turn::Resting(_) => false,
            }
        {
            spilled.is_asked_for = true;
            self.thirsty.push_back(name.clone());
        }
        let due = lane
            .events
            .front()
            .map(|first| first.due.filter(|due| *due > now));
        match (lane.turn, due) {
            (Turn::Busy(_) | Turn::Ready, Some(_)) | (Turn::Busy(_), None) => {}
            // Its turn comes, and finds nothing.
            (Turn::Ready, None) => lane.turn = Turn::Empty,
            // What rests was left to the disk.
            (Turn::Resting(_), None) if lane.spilled.is_some() => {}
            (turn @ (Turn::Empty | Turn::Resting(_)), due) => {
                if let Turn::Resting(place) = turn {
                    self.resting.remove(&place);
                }
                lane.turn = match due {
                    None => Turn::Empty,
                    Some(None) => {
                        self.ready.push_back(name.clone());
                        Turn::Ready
                    }
                    Some(Some(due)) => {
                        self.numbers += 1;
                        let place = (due, self.numbers);
                        self.resting.insert(place, name.clone());
                        Turn::Resting(place)
                    }
                };
            }
        }
        if lane.is_over() {
            self.lanes.remove(name);
        }
    }

    /// Begins an attempt at the first event of the lane that is ready for the longest time.
    pub(crate) fn take(&mut self) -> Option<Job> {
        while let Some(name) = self.ready.pop_front() {
            let Some(lane) = self.lanes.get_mut(&name) else {
                continue;
            };
            if lane.turn != Turn::Ready {
                continue;
            }
            if let Some(queued) = lane.events.pop_front() {
                lane.turn = Turn::Busy(queued.id);
                lane.is_told_again = false;
                self.busy += 1;
                return Some(Job { lane: name, queued });
            }
            lane.turn = Turn::Empty;
        }
        None
    }

    /// Ends an attempt: the event leaves.
    pub(crate) fn remove(&mut self, job: Job, now: Instant) {
        self.end_attempt(&job.lane);
        self.held.remove(&job.queued);
        self.settle_turn(&job.lane, now);
    }

    /// Ends an attempt: the event comes again, not before it is due.
    pub(crate) fn rest(&mut self, job: Job, now: Instant) {
        self.end_attempt(&job.lane);
        if let Some(lane) = self.lanes.get_mut(&job.lane) {
            lane.insert(job.queued);
        }
        self.settle_turn(&job.lane, now);
    }

    /// Ends a turn in which no attempt could be made, since the event does not wait for this process.
    ///
    /// It may be gone, its conversation may be another process's, or may have come back from one with earlier events. So what was
    /// read of the conversation counts no more: all that waits in it is read again, after a pause.
    pub(crate) fn refuse(&mut self, job: Job, now: Instant) {
        let id = job.queued.id;
        self.end_turn(&job.lane);
        let Some(lane) = self.lanes.get_mut(&job.lane) else {
            return self.held.remove(&job.queued);
        };
        if matches!(job.lane, LaneName::Own(_)) {
            if lane.is_told_again {
                lane.insert(job.queued);
            } else {
                self.held.remove(&job.queued);
            }
            return self.settle_turn(&job.lane, now);
        }
        let last = lane.events.back().map_or(id, |queued| queued.id);
        for queued in lane.events.drain(..).chain([job.queued]) {
            self.held.remove(&queued);
        }
        lane.spilled = Some(Spilled {
            from: EventId::default(),
            to: lane.spilled.map_or(last, |it| it.to.max(last)),
            is_asked_for: false,
        });
        let pause = REFUSED.0 * (1 << lane.refused.min(7));
        lane.refused += 1;
        self.numbers += 1;
        let place = (now + pause.min(REFUSED.1), self.numbers);
        self.resting.insert(place, job.lane);
        lane.turn = Turn::Resting(place);
    }

    fn end_attempt(&mut self, name: &LaneName) {
        self.end_turn(name);
        if let Some(lane) = self.lanes.get_mut(name) {
            lane.refused = 0;
        }
    }

    fn end_turn(&mut self, name: &LaneName) {
        self.busy -= 1;
        if let Some(lane) = self.lanes.get_mut(name) {
            lane.turn = Turn::Empty;
        }
    }

    /// Makes the lanes ready that have rested enough, and says how many.
    pub(crate) fn wake(&mut self, now: Instant) -> usize {
        let mut woken = 0;
        while let Some(entry) = self.resting.first_entry()
            && entry.key().0 <= now
        {
            let name = entry.remove();
            if let Some(lane) = self.lanes.get_mut(&name) {
                lane.turn = Turn::Empty;
                self.settle_turn(&name, now);
                woken += 1;
            }
        }
        woken
    }

    /// When the next lane has rested enough.
    pub(crate) fn next_wake(&self) -> Option<Instant> {
        self.resting.first_key_value().map(|((until, _), _)| *until)
    }

    /// What should be read from the disk now.
    pub(crate) fn wanted(&mut self) -> Option<Wanted> {
        while let Some(name) = self.thirsty.pop_front() {
            let Some(lane) = self.lanes.get_mut(&name) else {
                continue;
            };
            if let (Turn::Resting(_), Some(spilled)) = (lane.turn, &mut lane.spilled) {
                // It is asked for when its rest is over.
                spilled.is_asked_for = false;
                continue;
            }
            if let (LaneName::Conversation(conversation), Some(spilled)) = (name, lane.spilled) {
                return Some(Wanted::Of(conversation, spilled.from, spilled.to));
            }
        }
        if self.is_starved() {
            self.shrink();
        }
        (self.is_behind && self.has_room()).then_some(Wanted::After(self.loaded, self.tail))
    }

    /// Whether there is something to read from the disk, and room for it or a need to make some.
    pub(crate) fn wants_more(&self) -> bool {
        !self.thirsty.is_empty() || (self.is_behind && self.has_room()) || self.is_starved()
    }

    fn has_room(&self) -> bool {
        let (events, bytes) = (self.limits.events / 2, self.limits.bytes / 2);
        self.held.events <= events
            && self.held.bytes <= bytes
            && self.lanes.len() <= self.limits.events.saturating_mul(LANES_PER_EVENT)
    }

    /// Whether the memory is full of what can't go on by now, while there may be something on the disk that can.
    fn is_starved(&self) -> bool {
        self.is_behind && self.ready.is_empty() && !self.has_room() && self.held.events > self.busy
    }

    /// Leaves to the disk what can't go on by now: what rests, and what stands behind an event that is being handled.
    fn shrink(&mut self) {
        for lane in self.lanes.values_mut() {
            let Some(first) = lane.events.front().map(|queued| queued.id) else {
                continue;
            };
            let Some(last) = lane.events.back().map(|queued| queued.id) else {
                continue;
            };
            if !matches!(lane.turn, Turn::Busy(_) | Turn::Resting(_)) {
                continue;
            }
            for queued in lane.events.drain(..) {
                self.held.remove(&queued);
            }
            let (to, is_asked_for) = lane.spilled.map_or((last, false), |spilled| {
                (spilled.to.max(last), spilled.is_asked_for)
            });
            lane.spilled = Some(Spilled {
                from: first,
                to,
                is_asked_for,
            });
        }
    }

    /// A lane could not be filled: it is to be tried again.
    pub(crate) fn ask_again(&mut self, lane: LaneName) {
        self.thirsty.push_back(lane);
    }

    pub(crate) fn ready(&self) -> usize {
        self.ready.len()
    }

    /// How many events are in memory, with those that are being handled.
    pub(crate) fn events(&self) -> usize {
        self.held.events
    }

    /// The bytes of the deliveries that they came in.
    pub(crate) fn bytes(&self) -> usize {
        self.held.bytes
    }

    pub(crate) fn lanes(&self) -> usize {
        self.lanes.len()
    }

    fn is_full(&self, queued: &Queued) -> bool {
        // One alone is always taken: else a large one never would be.
        self.held.events > 0
            && (self.held.events >= self.limits.events
                || self.held.bytes + self.held.more(queued) > self.limits.bytes)
    }
}
