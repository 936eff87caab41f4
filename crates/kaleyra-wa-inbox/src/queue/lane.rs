//! The events of one conversation that are in memory.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_store::inbox::EventId;
use kaleyra_wa_webhook::IncomingEvent;
use tokio::time::Instant;

/// The name of a lane.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum LaneName {
    Conversation(Arc<str>),
    /// Of an event that belongs to no conversation.
    Own(EventId),
}

/// An event that waits.
#[derive(Clone)]
pub(crate) struct Queued {
    pub(crate) id: EventId,
    pub(crate) event: IncomingEvent,
    /// How long it waited before the last attempt.
    pub(crate) waited: Option<Duration>,
    /// Not before this.
    pub(crate) due: Option<Instant>,
}

/// What a lane is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It waits for a worker.
    Ready,
    /// Its first event is not due yet; this is its place among those that rest.
    Resting((Instant, u64)),
    /// A worker has this event of it, which is not among the others meanwhile.
    Busy(EventId),
    /// What comes next is on the disk alone.
    Empty,
}

/// Events of the lane that are on the disk alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spilled {
    /// All live ones from here on.
    pub(super) from: EventId,
    /// The last that is known of.
    pub(super) to: EventId,
    /// Somebody is about to read them.
    pub(super) is_asked_for: bool,
}

pub(super) struct Lane {
    /// In the order of their ids.
    pub(super) events: VecDeque<Queued>,
    pub(super) turn: Turn,
    pub(super) spilled: Option<Spilled>,
    /// The event that a worker has was read once more since it has it.
    pub(super) is_told_again: bool,
    /// How often its first event was not to be had since the last attempt.
    pub(super) refused: u32,
}

impl Lane {
    pub(super) const fn new() -> Self {
        Self {
            events: VecDeque::new(),
            turn: Turn::Empty,
            spilled: None,
            is_told_again: false,
            refused: 0,
        }
    }

    /// Whether the event is in memory already.
    pub(super) fn has(&self, id: EventId) -> bool {
        self.turn == Turn::Busy(id) || self.events.binary_search_by_key(&id, |it| it.id).is_ok()
    }

    /// The same, where the event was read a moment ago.
    pub(super) fn has_already(&mut self, id: EventId) -> bool {
        self.is_told_again |= self.turn == Turn::Busy(id);
        self.has(id)
    }

    /// Whether the event is, or will be, read from the disk with others.
    pub(super) fn is_on_disk(&self, id: EventId) -> bool {
        self.spilled.is_some_and(|spilled| id >= spilled.from)
    }

    /// Puts it in its place, and says whether that is the first.
    pub(super) fn insert(&mut self, queued: Queued) -> bool {
        let place = self.events.partition_point(|it| it.id < queued.id);
        self.events.insert(place, queued);
        place == 0
    }

    /// Leaves an event on the disk.
    pub(super) fn spill(&mut self, id: EventId) {
        let spilled = self.spilled.get_or_insert(Spilled {
            from: id,
            to: id,
            is_asked_for: false,
        });
        spilled.to = spilled.to.max(id);
    }

    /// Whether nothing keeps it.
    pub(super) fn is_over(&self) -> bool {
        self.events.is_empty() && self.spilled.is_none() && !matches!(self.turn, Turn::Busy(_))
    }
}
