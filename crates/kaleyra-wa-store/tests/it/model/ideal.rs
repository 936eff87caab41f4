//! What a store should be like: simple, in memory, and slow.

use std::collections::BTreeMap;
use std::time::Duration;

use kaleyra_wa_store::Moment;
use kaleyra_wa_store::inbox::EventState;

use super::text;

pub(super) const DAY: Duration = Duration::from_secs(24 * 60 * 60);
pub(super) const ATTEMPTS: u32 = 3;

/// The default retention, in days.
const HANDLED: u64 = 7;
const DEAD: u64 = 90;

pub(super) fn start() -> Moment {
    Moment::from_millis(1_722_863_329_000)
}

/// An operation.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A delivery with events of these keys and conversations.
    Keep(Vec<(Option<u8>, Option<u8>)>),
    Take(i64),
    /// An attempt ends, perhaps one that was never made.
    Settle(i64, u32, Outcome),
    Requeue(i64),
    Discard(i64),
    Days(u64),
    Prune,
    /// Dropped without a word, and opened again.
    Crash,
    /// Closed in good order, and opened again.
    Reopen,
    Load(i64, usize),
    LoadOf(u8, i64, usize),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Outcome {
    Handled,
    Again,
    Dead,
}

/// An event as it is shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) id: i64,
    pub(super) conversation: Option<String>,
    pub(super) state: EventState,
    pub(super) attempt: u32,
    pub(super) has_body: bool,
}

struct Event {
    key: Option<u8>,
    conversation: Option<u8>,
    delivery: i64,
    state: EventState,
    attempt: u32,
    /// In days.
    settled: u64,
    is_requeued: bool,
}

pub(super) struct Ideal {
    today: u64,
    events: BTreeMap<i64, Event>,
    /// Those whose bodies are there.
    bodies: Vec<i64>,
    last: i64,
}

impl Ideal {
    pub(super) fn new() -> Self {
        Self {
            today: 0,
            events: BTreeMap::new(),
            bodies: Vec::new(),
            last: 0,
        }
    }

    pub(super) fn keep(&mut self, events: &[(Option<u8>, Option<u8>)]) -> Vec<(u32, i64)> {
        let delivery = self.last + 1;
        let mut kept = Vec::new();
        for (nth, (key, conversation)) in (0..).zip(events) {
            let is_known = key.is_some() && self.events.values().any(|event| event.key == *key);
            if is_known {
                continue;
            }
            self.last += 1;
            let event = Event {
                key: *key,
                conversation: *conversation,
                delivery,
                state: EventState::Waiting,
                attempt: 0,
                settled: 0,
                is_requeued: false,
            };
            self.events.insert(self.last, event);
            kept.push((nth, self.last));
        }
        if !kept.is_empty() {
            self.bodies.push(delivery);
        }
        kept
    }

    pub(super) fn take(&mut self, id: i64) -> Option<u32> {
        let event = self.events.get_mut(&id)?;
        if event.state != EventState::Waiting {
            return None;
        }
        event.state = EventState::Running;
        event.attempt += 1;
        event.is_requeued = false;
        Some(event.attempt)
    }

    pub(super) fn settle(&mut self, id: i64, attempt: u32, outcome: Outcome) -> bool {
        let Some(event) = self.events.get_mut(&id) else {
            return false;
        };
        if event.state != EventState::Running || event.attempt != attempt {
            return false;
        }
        event.state = match outcome {
            Outcome::Handled => EventState::Handled,
            Outcome::Again => EventState::Waiting,
            Outcome::Dead => EventState::Dead,
        };
        event.settled = self.today;
        true
    }

    pub(super) fn requeue(&mut self, id: i64) -> bool {
        let Some(event) = self.events.get_mut(&id) else {
            return false;
        };
        if event.state.is_live() || !self.bodies.contains(&event.delivery) {
            return false;
        }
        event.state = EventState::Waiting;
        event.attempt = 0;
        event.is_requeued = true;
        true
    }

    pub(super) fn discard(&mut self, id: i64) -> bool {
        let Some(event) = self.events.get_mut(&id) else {
            return false;
        };
        if matches!(event.state, EventState::Handled | EventState::Dropped) {
            return false;
        }
        event.state = EventState::Dropped;
        event.settled = self.today;
        event.is_requeued = false;
        true
    }

    pub(super) fn pass(&mut self, days: u64) {
        self.today += days;
    }

    pub(super) fn prune(&mut self) -> u64 {
        let (today, last) = (self.today, self.last);
        let goes = |event: &Event| match event.state {
            EventState::Handled | EventState::Dropped => event.settled + HANDLED <= today,
            EventState::Dead => event.settled + DEAD <= today,
            _ => false,
        };
        let needed: Vec<i64> = self
            .events
            .values()
            .filter(|event| !goes(event))
            .map(|event| event.delivery)
            .collect();
        self.bodies.retain(|delivery| needed.contains(delivery));
        let before = self.events.len();
        self.events.retain(|id, event| !goes(event) || *id == last);
        (before - self.events.len()) as u64
    }

    pub(super) fn recover(&mut self) -> (u64, u64) {
        let (mut again, mut dead) = (0, 0);
        for event in self.events.values_mut() {
            if event.state != EventState::Running {
                continue;
            }
            if event.attempt >= ATTEMPTS {
                event.state = EventState::Dead;
                event.settled = self.today;
                dead += 1;
            } else {
                event.state = EventState::Waiting;
                again += 1;
            }
        }
        (again, dead)
    }

    pub(super) fn load(&self, after: i64, limit: usize) -> (Vec<i64>, bool) {
        self.page(limit, |id, _| id > after)
    }

    pub(super) fn load_of(&self, conversation: u8, from: i64, limit: usize) -> (Vec<i64>, bool) {
        self.page(limit, |id, event| {
            id >= from && event.conversation == Some(conversation)
        })
    }

    fn page(&self, limit: usize, is_meant: impl Fn(i64, &Event) -> bool) -> (Vec<i64>, bool) {
        let live = self
            .events
            .iter()
            .filter(|(_, event)| event.state.is_live());
        let meant = live.filter(|(id, event)| is_meant(**id, event));
        let ids: Vec<i64> = meant.map(|(id, _)| *id).take(limit).collect();
        let is_last = ids.len() < limit;
        (ids, is_last)
    }

    pub(super) fn requeued(&self) -> Vec<i64> {
        let requeued = self.events.iter().filter(|(_, event)| event.is_requeued);
        requeued.map(|(id, _)| *id).collect()
    }

    pub(super) fn all(&self) -> Vec<Shown> {
        let shown = |(id, event): (&i64, &Event)| Shown {
            id: *id,
            conversation: event.conversation.map(|it| text(Some(it))),
            state: event.state,
            attempt: event.attempt,
            has_body: self.bodies.contains(&event.delivery),
        };
        self.events.iter().map(shown).collect()
    }
}
