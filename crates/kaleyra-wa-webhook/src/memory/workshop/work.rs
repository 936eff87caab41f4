//! The tasks: as many workers as lanes are ready, up to a limit; and one that wakes the lanes that rest.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};
use tracing::Instrument;

use super::{State, Workshop};
use crate::handle::IncomingEvent;
use crate::memory::attempt::{attempt, guarded};
use crate::memory::queue::Job;
use crate::memory::{DeadLetter, Failure, observe};

/// How long a worker has the thread for, at least one event.
const TURN: Duration = Duration::from_micros(100);

impl Workshop {
    /// Has this many more ready lanes worked on, as far as the limit allows; beyond it they wait for a worker that is
    /// done with another.
    pub(super) fn staff(self: &Arc<Self>, state: &mut State, ready: usize) {
        let free = self.settings.parallel.saturating_sub(state.workers);
        for _ in 0..ready.min(free) {
            state.workers += 1;
            tokio::spawn(Arc::clone(self).work());
        }
    }

    async fn work(self: Arc<Self>) {
        let mut closing = self.closing.subscribe();
        let mut since = Instant::now();
        while let Some(job) = self.next_job() {
            let span = observe::span(&job.event);
            self.handle(job, &mut closing).instrument(span).await;
            // Handlers that never wait would have the thread for as long as there are events, and the server on it would
            // answer nobody. To give way after each event lets the queue grow while it could be emptied.
            if since.elapsed() >= TURN {
                yield_now().await;
                since = Instant::now();
            }
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
}

/// How an event leaves.
enum Fate {
    Handled,
    /// It was taken as a dead letter.
    Buried,
    /// It is a dead letter that nobody took.
    Unclaimed,
}
