//! Who handles what is queued: as many tasks as lanes are ready, up to a limit; and one that wakes lanes that rest.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until, timeout};
use tracing::Instrument;

use super::attempt::{attempt, guarded};
use super::batch::Batch;
use super::builder::Settings;
use super::queue::{Admission, Job, Limits, Queue};
use super::window::{Fingerprints, Window};
use super::{DeadLetter, Depth, Failure, Unfinished, observe};
use crate::handle::IncomingEvent;

/// What a sink's clones and its tasks share.
///
/// A task exists only while there is work for it, so none has to be told that the sink was dropped.
pub(super) struct Workshop {
    settings: Settings,
    pub(super) fingerprints: Fingerprints,
    state: Mutex<State>,
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

impl Workshop {
    pub(super) fn new(settings: Settings, limits: Limits, recent: Window) -> Self {
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
        let first = self.try_enter(&mut batch);
        if !matches!(first, Entry::Full) || self.settings.patience.is_zero() {
            return first;
        }
        let waiting = async {
            loop {
                // Listens before it looks, so that nothing is missed in between.
                let mut room = std::pin::pin!(self.room.notified());
                room.as_mut().enable();
                match self.try_enter(&mut batch) {
                    Entry::Full => room.await,
                    entry => return entry,
                }
            }
        };
        let entry = timeout(self.settings.patience, waiting).await;
        let entry = entry.unwrap_or(Entry::Full);
        if matches!(entry, Entry::Taken) {
            // Whoever waits behind this one may fit as well.
            self.room.notify_one();
        }
        entry
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
        observe::queued(state.queue.events() - before);
        self.staff(&mut state, ready);
        drop(state);
        duplicates.iter().for_each(observe::duplicate);
        Entry::Taken
    }

    /// Has this many more ready lanes worked on, as far as the limit allows; beyond it they wait for a worker that is
    /// done with another.
    fn staff(self: &Arc<Self>, state: &mut State, ready: usize) {
        let free = self.settings.parallel.saturating_sub(state.workers);
        for _ in 0..ready.min(free) {
            state.workers += 1;
            tokio::spawn(Arc::clone(self).work());
        }
    }

    async fn work(self: Arc<Self>) {
        let mut closing = self.closing.subscribe();
        while let Some(job) = self.next_job() {
            let span = observe::span(&job.event);
            self.handle(job, &mut closing).instrument(span).await;
        }
    }

    fn next_job(&self) -> Option<Job> {
        let mut state = self.state();
        let job = state.queue.take();
        if job.is_none() {
            state.workers -= 1;
        }
        job
    }

    async fn handle(self: &Arc<Self>, job: Job, closing: &mut watch::Receiver<bool>) {
        let begun = Instant::now();
        let settings = &self.settings;
        let event = job.event.clone();
        let outcome = attempt(&*settings.handler, event, settings.handler_timeout, closing).await;
        observe::attempted(&job.event, &outcome, begun.elapsed());
        match outcome {
            Ok(()) => self.remove(job, Fate::Handled),
            Err(failure) if self.is_repeated(&job.event, &failure) => self.repeat(job, &failure),
            Err(failure) => self.bury(job, failure).await,
        }
    }

    fn is_repeated(&self, event: &IncomingEvent, failure: &Failure) -> bool {
        let may_be = match failure {
            Failure::ShutDown => false,
            Failure::Error(error) => !error.is_permanent(),
            Failure::Panicked | Failure::TimedOut => true,
        };
        let is_wanted = || self.settings.retry_if.iter().all(|agrees| agrees(failure));
        may_be
            && event.attempt() < self.settings.attempts
            && catch_unwind(AssertUnwindSafe(is_wanted)).unwrap_or(false)
    }

    fn repeat(self: &Arc<Self>, job: Job, failure: &Failure) {
        let wait = self.settings.backoff.next(job.last_wait);
        observe::repeated(&job.event, failure, wait);
        let mut state = self.state();
        // Whoever closes wakes those that rest by then.
        let wait = if *self.closing.borrow() {
            Duration::ZERO
        } else {
            wait
        };
        let Some(until) = state.queue.rest(job.lane, wait, Instant::now()) else {
            return;
        };
        if !state.has_timer {
            state.has_timer = true;
            tokio::spawn(Arc::clone(self).tick());
        } else if state.queue.next_wake() == Some(until) {
            self.earlier.notify_one();
        }
    }

    async fn tick(self: Arc<Self>) {
        while let Some(next) = self.wake() {
            tokio::select! {
                () = sleep_until(next) => {}
                () = self.earlier.notified() => {}
            }
        }
    }

    /// Makes the lanes ready that are due. Says when the next ones are.
    fn wake(self: &Arc<Self>) -> Option<Instant> {
        let mut state = self.state();
        let woken = state.queue.wake(Instant::now());
        self.staff(&mut state, woken);
        let next = state.queue.next_wake();
        state.has_timer = next.is_some();
        next
    }

    /// Hands an event to whoever takes dead letters.
    async fn bury(&self, job: Job, failure: Failure) {
        observe::dead_letter(&job.event, &failure);
        let fate = match &self.settings.on_dead_letter {
            None => Fate::Unclaimed,
            Some(take) => {
                let event = job.event.clone();
                let taken = guarded(|| take(DeadLetter { event, failure })).await;
                if taken.is_some() {
                    Fate::Buried
                } else {
                    tracing::error!("what takes dead letters panicked: an event is lost");
                    Fate::Unclaimed
                }
            }
        };
        self.remove(job, fate);
    }

    fn remove(&self, job: Job, fate: Fate) {
        let mut state = self.state();
        let was_handled = matches!(fate, Fate::Handled);
        if state
            .queue
            .remove(job.lane, was_handled, Instant::now())
            .is_none()
        {
            return;
        }
        observe::left(1);
        if *self.closing.borrow() {
            match fate {
                Fate::Handled => {}
                Fate::Buried => state.unfinished.dead_letters += 1,
                Fate::Unclaimed => state.unfinished.left.push(job.event),
            }
        }
        let is_idle = state.queue.events() == 0;
        drop(state);
        self.room.notify_one();
        if is_idle {
            self.idle.notify_waiters();
        }
    }

    /// Takes nothing any more, and waits until all is handled; what is not by the deadline becomes dead letters, and
    /// what nobody has taken after the grace is given back.
    pub(super) async fn drain(
        self: &Arc<Self>,
        deadline: Duration,
        grace: Duration,
    ) -> Result<(), Unfinished> {
        self.state().is_open = false;
        self.room.notify_waiters();
        if timeout(deadline, self.all_gone()).await.is_err() {
            {
                let mut state = self.state();
                self.closing.send_replace(true);
                let woken = state.queue.wake_all();
                self.staff(&mut state, woken);
                // Nothing rests, so the timer ends.
                self.earlier.notify_one();
            }
            // If it is not enough, what is left shows it.
            let _ = timeout(grace, self.all_gone()).await;
        }
        let mut state = self.state();
        let mut unfinished = std::mem::take(&mut state.unfinished);
        let abandoned = state.queue.abandon();
        observe::left(abandoned.len());
        unfinished.left.extend(abandoned);
        if unfinished.dead_letters == 0 && unfinished.left.is_empty() {
            Ok(())
        } else {
            Err(unfinished)
        }
    }

    async fn all_gone(&self) {
        loop {
            let mut idle = std::pin::pin!(self.idle.notified());
            idle.as_mut().enable();
            if self.state().queue.events() == 0 {
                return;
            }
            idle.await;
        }
    }
}

/// How an event leaves.
enum Fate {
    Handled,
    /// It was taken as a dead letter.
    Buried,
    /// It is a dead letter that nobody took.
    Unclaimed,
}

/// The runtime ended, or nobody shut the sink down before it was dropped.
impl Drop for Workshop {
    fn drop(&mut self) {
        let state = self.state();
        let queued = state.queue.events();
        let events = queued + state.unfinished.left.len();
        if events > 0 {
            observe::left(queued);
            tracing::error!(
                events,
                "dropped with events that were not handled: shut it down first"
            );
        }
    }
}
