//! What waits to be handled: a lane for each conversation, and the lanes whose turn it is.
//!
//! Nothing here waits or runs; what time it is, the caller says.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::batch::Batch;
use super::recent_keys::{Fingerprint, RecentKeys};
use crate::handle::{ConversationKey, IncomingEvent};

/// How much may wait. What is being handled still waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) events: usize,
    /// Of the bodies that the events came in.
    pub(super) bytes: usize,
}

/// Events in lanes.
///
/// A lane exists exactly as long as it holds events. It is ready, and once in `ready`; or it rests, and is once in
/// `resting`; or it is busy: its first event is with a worker.
pub(super) struct Queue {
    limits: Limits,
    lanes: HashMap<Lane, VecDeque<Queued>>,
    ready: VecDeque<Lane>,
    /// By when they go on; the number tells those of one moment apart.
    resting: BTreeMap<(Instant, u64), Lane>,
    /// The events in the lanes: they are known however long they wait.
    live: HashSet<Fingerprint>,
    recent: RecentKeys,
    events: usize,
    bytes: usize,
    /// How many numbers were given out.
    numbers: u64,
}

/// The name of a lane.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Lane {
    Conversation(ConversationKey),
    /// Of an event that belongs to no conversation.
    Own(u64),
}

struct Queued {
    event: IncomingEvent,
    fingerprint: Option<Fingerprint>,
    last_wait: Option<Duration>,
    /// Of the attempt that is under way, if one is.
    ticket: Option<u64>,
    /// The bytes of the delivery, which shares this among its events: they are held until the last of them is gone.
    bytes: Arc<usize>,
}

/// The first event of a lane, which is busy now.
pub(super) struct Job {
    pub(super) hold: Hold,
    pub(super) event: IncomingEvent,
    pub(super) last_wait: Option<Duration>,
}

/// A worker's hold on a busy lane. It is good once: what ends the attempt a second time ends nothing.
#[derive(Clone)]
pub(super) struct Hold {
    lane: Lane,
    ticket: u64,
}

/// What became of a batch.
#[derive(Debug)]
pub(super) enum Admission {
    /// It is in.
    Taken {
        /// How many lanes became ready by it.
        ready: usize,
        /// What of it was known already, and left out.
        duplicates: Vec<IncomingEvent>,
    },
    /// It does not fit, and is as it was.
    Full,
}

impl Queue {
    pub(super) fn new(limits: Limits, recent: RecentKeys) -> Self {
        Self {
            limits,
            lanes: HashMap::new(),
            ready: VecDeque::new(),
            resting: BTreeMap::new(),
            live: HashSet::new(),
            recent,
            events: 0,
            bytes: 0,
            numbers: 0,
        }
    }

    /// Takes all new events of a batch, or none.
    pub(super) fn admit(&mut self, batch: &mut Batch, now: Instant) -> Admission {
        // A large one that waits looks each time that an event leaves: not at all of its events, which would hold up
        // those that leave.
        if batch.new > 0 && !self.fits(batch.new, batch.bytes) {
            return Admission::Full;
        }
        // To be marked as live is what tells a repetition within the batch, too.
        let mut new = 0;
        for arrival in &mut batch.arrivals {
            arrival.is_new = arrival
                .fingerprint
                .is_none_or(|it| !self.recent.contains(it, now) && self.live.insert(it));
            new += usize::from(arrival.is_new);
        }
        batch.new = new;
        if new > 0 && !self.fits(new, batch.bytes) {
            for arrival in batch.arrivals.iter().filter(|arrival| arrival.is_new) {
                arrival.fingerprint.map(|it| self.live.remove(&it));
            }
            return Admission::Full;
        }
        if new > 0 {
            self.bytes += batch.bytes;
        }
        let bytes = Arc::new(batch.bytes);
        let (mut ready, mut duplicates) = (0, Vec::new());
        for arrival in batch.arrivals.drain(..) {
            if arrival.is_new {
                let queued = Queued {
                    event: arrival.event,
                    fingerprint: arrival.fingerprint,
                    last_wait: None,
                    ticket: None,
                    bytes: Arc::clone(&bytes),
                };
                ready += usize::from(self.push(queued));
            } else {
                duplicates.push(arrival.event);
            }
        }
        Admission::Taken { ready, duplicates }
    }

    /// A delivery that is larger than all that may wait is taken when nothing else does: else it never would be.
    fn fits(&self, events: usize, bytes: usize) -> bool {
        let fits = |held: usize, more, limit| held.saturating_add(more) <= limit;
        self.events == 0
            || (fits(self.events, events, self.limits.events)
                && fits(self.bytes, bytes, self.limits.bytes))
    }

    /// Puts an event at the end of its lane, and says whether that became ready by it.
    fn push(&mut self, queued: Queued) -> bool {
        let lane = match queued.event.conversation() {
            Some(conversation) => Lane::Conversation(conversation.clone()),
            None => Lane::Own(self.number()),
        };
        self.events += 1;
        match self.lanes.entry(lane) {
            Entry::Occupied(mut others) => {
                others.get_mut().push_back(queued);
                false
            }
            Entry::Vacant(place) => {
                self.ready.push_back(place.key().clone());
                place.insert(VecDeque::from([queued]));
                true
            }
        }
    }

    /// Begins an attempt at the first event of the lane that is ready for the longest time.
    pub(super) fn take(&mut self) -> Option<Job> {
        let lane = self.ready.pop_front()?;
        let ticket = self.number();
        let queued = self.lanes.get_mut(&lane)?.front_mut()?;
        queued.ticket = Some(ticket);
        Some(Job {
            event: queued.event.clone(),
            last_wait: queued.last_wait,
            hold: Hold { lane, ticket },
        })
    }

    /// Ends an attempt: the event stays the first of its lane, which rests for this long.
    ///
    /// Says until when; `None` where the event was [abandoned](Self::abandon) meanwhile.
    pub(super) fn rest(&mut self, hold: Hold, wait: Duration, now: Instant) -> Option<Instant> {
        /// In place of what the clock can't count.
        const FAR_OFF: Duration = Duration::from_secs(60 * 60 * 24 * 365);

        let Hold { lane, ticket } = hold;
        let queued = self.lanes.get_mut(&lane)?.front_mut()?;
        queued.ticket.take_if(|held| *held == ticket)?;
        let attempt = queued.event.attempt().saturating_add(1);
        queued.event = queued.event.clone().at_attempt(attempt);
        queued.last_wait = Some(wait);
        let until = now.checked_add(wait).unwrap_or(now + FAR_OFF);
        let number = self.number();
        self.resting.insert((until, number), lane);
        Some(until)
    }

    /// Ends the last attempt: the event leaves. One that was handled is known for a while; the next of its lane is ready.
    ///
    /// `None` where the event was [abandoned](Self::abandon) meanwhile.
    pub(super) fn remove(&mut self, hold: Hold, was_handled: bool, now: Instant) -> Option<()> {
        let Hold { lane, ticket } = hold;
        let Entry::Occupied(mut others) = self.lanes.entry(lane) else {
            return None;
        };
        if others.get().front()?.ticket != Some(ticket) {
            return None;
        }
        let gone = others.get_mut().pop_front()?;
        if others.get().is_empty() {
            others.remove();
        } else {
            self.ready.push_back(others.key().clone());
        }
        self.forget(&gone);
        if let Some(fingerprint) = gone.fingerprint.filter(|_| was_handled) {
            self.recent.insert(fingerprint, now);
        }
        self.release(gone);
        Some(())
    }

    /// Makes the lanes ready that have rested enough, and says how many.
    pub(super) fn wake(&mut self, now: Instant) -> usize {
        let before = self.ready.len();
        while let Some(entry) = self.resting.first_entry()
            && entry.key().0 <= now
        {
            self.ready.push_back(entry.remove());
        }
        self.ready.len() - before
    }

    /// Makes all resting lanes ready, and says how many.
    pub(super) fn wake_all(&mut self) -> usize {
        let woken = std::mem::take(&mut self.resting);
        self.ready.extend(woken.values().cloned());
        woken.len()
    }

    /// When the next lane has rested enough.
    pub(super) fn next_wake(&self) -> Option<Instant> {
        self.resting.first_key_value().map(|((until, _), _)| *until)
    }

    /// Takes everything out, also what is with a worker.
    pub(super) fn abandon(&mut self) -> Vec<IncomingEvent> {
        self.ready.clear();
        self.resting.clear();
        let lanes = std::mem::take(&mut self.lanes);
        let mut events = Vec::new();
        for gone in lanes.into_values().flatten() {
            self.forget(&gone);
            events.push(gone.event.clone());
            self.release(gone);
        }
        events
    }

    fn forget(&mut self, gone: &Queued) {
        if let Some(fingerprint) = gone.fingerprint {
            self.live.remove(&fingerprint);
        }
    }

    fn release(&mut self, gone: Queued) {
        self.events -= 1;
        // The last one that holds them.
        if let Some(bytes) = Arc::into_inner(gone.bytes) {
            self.bytes -= bytes;
        }
    }

    pub(super) fn events(&self) -> usize {
        self.events
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn lanes(&self) -> usize {
        self.lanes.len()
    }

    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }
}
