//! A partition that this process owns: what waits in it, and what was tried.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kaleyra_wa_store::inbox::EventState;

use crate::names::NO_LANE;
use crate::record::State;

/// A partition that this process owns.
#[derive(Default)]
pub(crate) struct Part {
    /// The sequence of the message that says so: every outcome is written only while it is the last.
    pub(crate) fence: u64,
    pub(crate) changes: u64,
    /// The floor that was written last.
    pub(crate) floor: i64,
    /// What waits or runs is known only once all of it was read.
    pub(super) is_read: bool,
    /// Another worker is to have it: nothing more is begun.
    pub(super) is_leaving: bool,
    /// What waits or runs, and the conversation of each.
    pub(super) live: BTreeMap<i64, u64>,
    pub(super) tried: HashMap<i64, Tried>,
    pub(super) requeued: BTreeSet<i64>,
    pub(super) untold: BTreeSet<i64>,
    /// Told a moment ago: the inbox has them once it asks for the next thing.
    pub(super) telling: BTreeSet<i64>,
}

/// An event that was tried, or put back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tried {
    pub(crate) attempt: u32,
    pub(crate) due_at: i64,
    pub(crate) waited: Option<u64>,
    pub(crate) step: Step,
}

/// What such an event is at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Step {
    #[default]
    Waiting,
    /// An attempt is being written down.
    Taking,
    Running,
    /// Another worker had it when it ended.
    Orphaned,
}

/// Whether an attempt that runs is one of this process, which it has in hand.
pub(super) type IsOurs<'a> = &'a dyn Fn(&State) -> bool;

impl Part {
    /// Whether no earlier event of its conversation waits or runs.
    pub(super) fn is_first(&self, id: i64) -> bool {
        let lane = self.live.get(&id).copied().unwrap_or(NO_LANE);
        let mut earlier = self.live.range(..id);
        lane == NO_LANE || !earlier.any(|(_, it)| *it == lane)
    }

    /// What is written about an event.
    pub(super) fn apply(
        &mut self,
        (id, lane): (i64, u64),
        state: Option<&State>,
        adopts: Option<IsOurs<'_>>,
    ) {
        let Some(state) = state else {
            if adopts.is_some() {
                self.live.insert(id, lane);
                self.untold.insert(id);
            }
            return;
        };
        match state.state() {
            Ok(EventState::Waiting) => {
                self.live.insert(id, lane);
                if state.is_requeued {
                    self.requeued.insert(id);
                } else {
                    self.untold.insert(id);
                }
                self.tried.insert(id, Tried::of(state, Step::Waiting));
            }
            Ok(EventState::Running) => {
                let Some(is_ours) = adopts else { return };
                let step = if is_ours(state) {
                    Step::Running
                } else {
                    Step::Orphaned
                };
                self.live.insert(id, lane);
                self.tried.insert(id, Tried::of(state, step));
            }
            // It is settled, or a newer version knows what it is.
            _ => self.forget(id),
        }
    }

    pub(super) fn forget(&mut self, id: i64) {
        self.live.remove(&id);
        self.tried.remove(&id);
        self.requeued.remove(&id);
        self.untold.remove(&id);
    }
}

impl Tried {
    pub(super) fn of(state: &State, step: Step) -> Self {
        Self {
            attempt: state.attempt,
            due_at: state.due_at,
            waited: state.waited,
            step,
        }
    }
}
