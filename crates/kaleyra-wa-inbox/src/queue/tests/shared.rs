//! The queue over a store that several processes share: conversations go to another and come back at any moment, also while
//! their events are in memory, on their way from the store, or being handled.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use kaleyra_wa_store::inbox::EventId;
use tokio::time::Instant;

use super::{Chance, queued};
use crate::queue::{Job, LaneName, Limits, Queue, Queued, Wanted};

/// Events of this one belong to no conversation, and need no order.
const OF_NONE: usize = 0;

/// What is live, whose it is, and what this process was not told of.
struct Store {
    live: BTreeMap<i64, usize>,
    next: i64,
    is_ours: Vec<bool>,
    /// How often each has changed hands.
    changes: Vec<u32>,
    untold: BTreeSet<i64>,
    /// Attempts of each conversation, whoever made them.
    attempts: BTreeMap<usize, Vec<i64>>,
}

impl Store {
    fn new(conversations: usize) -> Self {
        Self {
            live: BTreeMap::new(),
            next: 0,
            is_ours: vec![true; conversations],
            changes: vec![0; conversations],
            untold: BTreeSet::new(),
            attempts: BTreeMap::new(),
        }
    }

    /// Says which one it is, where this process is told of it at once.
    fn keep(&mut self, conversation: usize) -> Option<i64> {
        self.next += 1;
        let id = self.next;
        self.live.insert(id, conversation);
        let has_untold = self
            .untold
            .iter()
            .any(|it| self.live.get(it) == Some(&conversation));
        if self.is_ours[conversation] && !has_untold {
            return Some(id);
        }
        if self.is_ours[conversation] {
            self.untold.insert(id);
        }
        None
    }

    fn move_one(&mut self, conversation: usize) {
        self.changes[conversation] += 1;
        self.is_ours[conversation] = !self.is_ours[conversation];
        let of_it: Vec<i64> = self.of(conversation, 0).collect();
        for id in of_it {
            if self.is_ours[conversation] {
                self.untold.insert(id);
            } else {
                self.untold.remove(&id);
            }
        }
    }

    fn of(&self, conversation: usize, from: i64) -> impl Iterator<Item = i64> {
        let rest = self.live.range(from..);
        rest.filter(move |(_, it)| **it == conversation)
            .map(|(id, _)| *id)
    }

    /// Another process handles the first event of a conversation that it has.
    fn handle_elsewhere(&mut self, conversation: usize) {
        let first = self.of(conversation, 0).next();
        if let Some(id) = first.filter(|_| !self.is_ours[conversation]) {
            self.attempts.entry(conversation).or_default().push(id);
            self.live.remove(&id);
        }
    }

    fn take(&mut self, id: i64) -> Option<u32> {
        let conversation = *self.live.get(&id)?;
        let is_first = conversation == OF_NONE || self.of(conversation, 0).next() == Some(id);
        if !self.is_ours[conversation] || !is_first {
            return None;
        }
        self.untold.remove(&id);
        self.attempts.entry(conversation).or_default().push(id);
        Some(self.changes[conversation])
    }

    fn settle(&mut self, id: i64, changes: u32) -> bool {
        let is_ours = self
            .live
            .get(&id)
            .is_some_and(|it| self.changes[*it] == changes);
        is_ours && self.live.remove(&id).is_some()
    }

    fn read(&mut self, queue: &mut Queue, limit: usize) -> Option<Page> {
        Some(match queue.wanted()? {
            Wanted::After(after, tail) => {
                let rest = self.live.range(after.get() + 1..);
                let ours = rest.filter(|(_, conversation)| self.is_ours[**conversation]);
                let ids: Vec<i64> = ours.map(|(id, _)| *id).take(limit).collect();
                self.untold.retain(|id| !ids.contains(id));
                Page::After(self.named(&ids), tail, ids.len() < limit)
            }
            Wanted::Of(name, from, to) => {
                let conversation: usize = name.parse().unwrap();
                let is_ours = self.is_ours[conversation];
                let ids = self.of(conversation, from.get()).filter(|_| is_ours);
                let read: Vec<Queued> = ids.take(limit).map(queued).collect();
                let is_all = read.len() < limit;
                Page::Of(LaneName::Conversation(name), read, (from, to), is_all)
            }
        })
    }

    fn tell(&mut self, limit: usize) -> Page {
        let ids: Vec<i64> = self.untold.iter().copied().take(limit).collect();
        self.untold.retain(|id| !ids.contains(id));
        Page::Told(self.named(&ids))
    }

    fn named(&self, ids: &[i64]) -> Vec<(LaneName, Queued)> {
        let ids = ids.iter();
        ids.map(|id| (self.lane(*id), queued(*id))).collect()
    }

    fn lane(&self, id: i64) -> LaneName {
        match self.live.get(&id) {
            Some(&OF_NONE) | None => LaneName::Own(EventId::new(id)),
            Some(conversation) => super::lane(*conversation),
        }
    }
}

/// A page on its way from the store to the queue.
enum Page {
    After(Vec<(LaneName, Queued)>, EventId, bool),
    Of(LaneName, Vec<Queued>, (EventId, EventId), bool),
    Told(Vec<(LaneName, Queued)>),
}

impl Page {
    fn take(self, queue: &mut Queue, now: Instant) {
        match self {
            Self::After(read, tail, is_all) => {
                let last = read.last().map(|(_, queued)| queued.id);
                queue.load(read, last, tail, is_all, now);
            }
            Self::Of(name, read, asked, is_all) => {
                let last = read.last().map(|queued| queued.id);
                queue.refill(&name, read, last, asked, is_all, now);
            }
            Self::Told(events) => {
                for (lane, queued) in events {
                    queue.put_back(lane, queued, now);
                }
            }
        }
    }
}

#[test]
fn nothing_is_overtaken_or_left_where_conversations_change_hands() {
    for seed in 0..2_000 {
        let mut chance = Chance(seed);
        let conversations = 1 + chance.below(4);
        let mut store = Store::new(conversations);
        let mut queue = Queue::new(Limits {
            events: 4 + chance.below(20),
            bytes: usize::MAX,
            lane: 1 + chance.below(6),
        });
        let (mut arriving, mut page) = (VecDeque::new(), None);
        let mut busy: Vec<(Job, u32)> = Vec::new();
        let mut now = Instant::now();
        let mut steps = 0;
        loop {
            let is_ending = steps > 300;
            steps += 1;
            assert!(
                steps < 10_000,
                "seed {seed}: these wait for ever: {:?}",
                store.live
            );
            let conversation = chance.below(conversations);
            match chance.below(8) {
                0 if !is_ending => {
                    let kept = store.keep(conversation);
                    arriving.extend(kept.map(|id| (store.lane(id), queued(id))));
                }
                1 => {
                    if let Some((lane, queued)) = arriving.pop_front() {
                        queue.arrive(lane, queued, now);
                    }
                }
                2 => match page.take() {
                    Some(page) => Page::take(page, &mut queue, now),
                    None if chance.below(2) == 0 => page = Some(store.tell(1 + chance.below(8))),
                    None => page = store.read(&mut queue, 1 + chance.below(8)),
                },
                3 => {
                    let job = queue.take();
                    match job.as_ref().map(|job| store.take(job.queued.id.get())) {
                        Some(Some(changes)) => busy.extend(job.map(|job| (job, changes))),
                        Some(None) => job.into_iter().for_each(|job| queue.refuse(job, now)),
                        None => {}
                    }
                }
                4 if !busy.is_empty() => {
                    let (mut job, changes) = busy.swap_remove(chance.below(busy.len()));
                    if store.settle(job.queued.id.get(), changes) {
                        queue.remove(job, now);
                    } else {
                        job.queued.due = Some(now);
                        queue.rest(job, now);
                    }
                }
                5 if !is_ending || !store.is_ours[conversation] => store.move_one(conversation),
                6 => store.handle_elsewhere(conversation),
                _ => {
                    now += Duration::from_millis(40);
                    queue.wake(now);
                }
            }
            if is_ending && store.live.is_empty() && busy.is_empty() && arriving.is_empty() {
                break;
            }
        }
        store.attempts.remove(&OF_NONE);
        for ids in store.attempts.values() {
            assert!(ids.is_sorted(), "seed {seed}: {ids:?}");
        }
    }
}

#[test]
fn a_lane_whose_first_event_is_gone_goes_on_with_the_next() {
    let mut queue = Queue::new(Limits {
        events: 10,
        bytes: usize::MAX,
        lane: 10,
    });
    let now = Instant::now();
    queue.load(Vec::new(), None, EventId::default(), true, now);
    for id in [5, 6] {
        queue.arrive(super::lane(1), queued(id), now);
    }
    let job = queue.take().unwrap();
    queue.refuse(job, now);
    assert!(queue.take().is_none(), "6 may not be the first any more");
    assert_eq!(queue.events(), 0);
    let later = now + Duration::from_secs(1);
    assert_eq!(queue.wake(later), 1);
    let Some(Wanted::Of(name, from, to)) = queue.wanted() else {
        panic!("the conversation is to be read again");
    };
    assert_eq!((from, to), (EventId::default(), EventId::new(6)));
    let read = vec![queued(6)];
    let lane = LaneName::Conversation(name);
    queue.refill(&lane, read, Some(EventId::new(6)), (from, to), true, later);
    assert_eq!(queue.take().unwrap().queued.id, EventId::new(6));
}
