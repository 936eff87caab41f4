//! Where events are queued and handled.

mod drain;
mod work;

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, Notify, watch};
use tokio::time::{Instant, timeout};

use super::batch::Batch;
use super::builder::Settings;
use super::queue::{Admission, Limits, Queue};
use super::recent_keys::{Fingerprints, RecentKeys};
use super::{Depth, Unfinished, observe};

/// What a sink's clones and its tasks share.
///
/// A task exists only while there is work for it, so none has to be told that the sink was dropped.
pub(super) struct WorkerPool {
    settings: Settings,
    pub(super) fingerprints: Fingerprints,
    state: Mutex<State>,
    /// Held by the delivery that waits for room, others stand behind it.
    admission: AsyncMutex<()>,
    /// One event left.
    room: Notify,
    /// The last event left.
    idle: Notify,
    /// A lane rests that is due before all others.
    earlier: Notify,
    /// Handlers are stopped, and what is left becomes dead letters.
    closing: watch::Sender<bool>,
}

struct State {
    queue: Queue,
    is_open: bool,
    workers: usize,
    has_timer: bool,
    /// What became of the events since handlers were stopped.
    unfinished: Unfinished,
}

/// Whether a batch was taken.
pub(super) enum Entry {
    Taken,
    Full,
    Closed,
}

impl WorkerPool {
    pub(super) fn new(settings: Settings, limits: Limits, recent: RecentKeys) -> Self {
        Self {
            settings,
            fingerprints: Fingerprints::default(),
            state: Mutex::new(State {
                queue: Queue::new(limits, recent),
                is_open: true,
                workers: 0,
                has_timer: false,
                unfinished: Unfinished::default(),
            }),
            admission: AsyncMutex::new(()),
            room: Notify::new(),
            idle: Notify::new(),
            earlier: Notify::new(),
            closing: watch::Sender::new(false),
        }
    }

    /// Nothing panics while it is locked; if something did, the state would still be whole, step by step.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn depth(&self) -> Depth {
        let state = self.state();
        Depth {
            events: state.queue.events(),
            bytes: state.queue.bytes(),
            conversations: state.queue.lanes(),
        }
    }

    /// Takes a batch, waiting for room as long as the settings say. May be dropped at any time: the batch is in by then,
    /// or nothing of it.
    pub(super) async fn enter(self: &Arc<Self>, mut batch: Batch) -> Entry {
        let admission_timeout = self.settings.admission_timeout;
        // Where some wait, others queue up: else small deliveries take all room that there is, and keep a large one
        // out for ever.
        if admission_timeout.is_zero() || self.admission.try_lock().is_ok() {
            let first = self.try_enter(&mut batch);
            if !matches!(first, Entry::Full) || admission_timeout.is_zero() {
                return first;
            }
        }
        let waiting = async {
            let _first_in_line = self.admission.lock().await;
            loop {
                // Listens before it looks, so that nothing is missed in between.
                let mut room = pin!(self.room.notified());
                room.as_mut().enable();
                match self.try_enter(&mut batch) {
                    Entry::Full => room.await,
                    entry => return entry,
                }
            }
        };
        timeout(admission_timeout, waiting)
            .await
            .unwrap_or(Entry::Full)
    }

    fn try_enter(self: &Arc<Self>, batch: &mut Batch) -> Entry {
        let mut state = self.state();
        if !state.is_open {
            return Entry::Closed;
        }
        let before = state.queue.events();
        let Admission::Taken { ready, duplicates } = state.queue.admit(batch, Instant::now())
        else {
            return Entry::Full;
        };
        let queued = state.queue.events() - before;
        self.spawn_workers(&mut state, ready);
        drop(state);
        observe::queued(queued);
        duplicates.iter().for_each(observe::duplicate);
        Entry::Taken
    }
}

/// The runtime ended, or nobody shut the sink down before it was dropped.
impl Drop for WorkerPool {
    fn drop(&mut self) {
        let state = self.state();
        let queued = state.queue.events();
        let events = queued + state.unfinished.left.len();
        drop(state);
        if events > 0 {
            observe::left(queued);
            observe::dropped(events);
        }
    }
}
