//! The tasks: as many workers as lanes are ready, up to a limit; and one that wakes the lanes that rest.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};

use super::{State, WorkerPool};
use crate::guard::catch_panic;
use crate::handle::IncomingEvent;
use crate::memory::observe;
use crate::memory::queue::{Hold, Job};
use crate::run::Attempt;

/// How long a worker has the thread for, at least one event.
const TURN: Duration = Duration::from_micros(100);

impl WorkerPool {
    /// Has this many more ready lanes worked on, as far as the limit allows; beyond it they wait for a worker that is
    /// done with another.
    pub(super) fn spawn_workers(self: &Arc<Self>, state: &mut State, ready: usize) {
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
            let (hold, event) = (job.hold.clone(), job.event.clone());
            // The runner lets nothing through; whatever does get here must cost neither the worker nor the lane.
            if catch_panic(pin!(self.handle(job, &mut closing)))
                .await
                .is_err()
            {
                observe::abandoned();
                self.remove(hold, event, Fate::Unclaimed);
            }
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
        let Job {
            hold,
            event,
            last_wait,
        } = job;
        let stop = async {
            // Its sender lives as long as the workers.
            let _ = closing.wait_for(|is_closing| *is_closing).await;
        };
        let runner = &self.settings.runner;
        match runner.attempt(event.clone(), last_wait, stop).await {
            Attempt::Handled => self.remove(hold, event, Fate::Handled),
            Attempt::Repeat { wait, .. } => self.repeat(hold, wait),
            Attempt::GivenUp(letter) => {
                let fate = match runner.dead_letter(letter).await {
                    true => Fate::Buried,
                    false => Fate::Unclaimed,
                };
                self.remove(hold, event, fate);
            }
        }
    }

    fn repeat(self: &Arc<Self>, hold: Hold, wait: Duration) {
        let mut state = self.state();
        // Whoever closes wakes those that rest by then.
        let wait = if *self.closing.borrow() {
            Duration::ZERO
        } else {
            wait
        };
        let Some(until) = state.queue.rest(hold, wait, Instant::now()) else {
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
        self.spawn_workers(&mut state, woken);
        let next = state.queue.next_wake();
        state.has_timer = next.is_some();
        next
    }

    fn remove(&self, hold: Hold, event: IncomingEvent, fate: Fate) {
        let mut state = self.state();
        let was_handled = matches!(fate, Fate::Handled);
        let removed = state.queue.remove(hold, was_handled, Instant::now());
        if removed.is_none() {
            return;
        }
        if *self.closing.borrow() {
            match fate {
                Fate::Handled => {}
                Fate::Buried => state.unfinished.dead_letters += 1,
                Fate::Unclaimed => state.unfinished.left.push(event),
            }
        }
        let is_idle = state.queue.events() == 0;
        drop(state);
        self.room.notify_one();
        if is_idle {
            self.idle.notify_waiters();
        }
        observe::left(1);
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
