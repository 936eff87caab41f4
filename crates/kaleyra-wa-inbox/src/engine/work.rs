//! The workers: as many as lanes are ready, up to a limit.

use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_store::inbox::Settlement;
use kaleyra_wa_store::outbox::Effects;
use kaleyra_wa_store::{Change, Moment, StoreError, crash_point};
use kaleyra_wa_webhook::{Attempt, DeadLetter, HandlerError, HandlerFailure, IncomingEvent};
use tokio::sync::watch;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

use super::{Engine, Phase, State};
use crate::observe;
use crate::queue::Job;

/// How long a worker has the thread for, at least one event.
const TURN: Duration = Duration::from_micros(100);
/// The pauses between two attempts to record something.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// What is to be done with an event after an attempt.
enum Next {
    /// It leaves.
    Done,
    /// It comes again, after this time.
    Again(Duration),
    /// It does not wait here: its conversation is read again.
    Refused,
}

impl Engine {
    /// Has the ready lanes worked on, as far as the limit allows; beyond it they wait for a worker that is done with
    /// another.
    pub(super) fn staff(self: &Arc<Self>, state: &mut State) {
        if self.phase() != Phase::Open {
            return;
        }
        let free = self.settings.parallel.saturating_sub(state.workers);
        // Those that work already take from the same lanes.
        for _ in 0..state.queue.ready().min(free) {
            state.workers += 1;
            let worker = Worker(Arc::clone(self));
            self.runtime.spawn(worker.work());
        }
    }

    fn next_job(&self) -> Option<Job> {
        if self.phase() != Phase::Open {
            return None;
        }
        let mut state = self.state();
        let job = state.queue.take();
        let wants_more = state.queue.wants_more();
        drop(state);
        if wants_more {
            self.look.notify_one();
        }
        job
    }

    /// One attempt at an event, written down before and after.
    async fn attempt(&self, job: &mut Job, phase: &mut watch::Receiver<Phase>) -> Next {
        let id = job.queued.id;
        let attempt = match self.store.take(id).await {
            Ok(Some(attempt)) => attempt,
            // It was dropped meanwhile, or another process has its conversation.
            Ok(None) => return Next::Refused,
            Err(error) => {
                tracing::warn!(%error, "an attempt could not be written down, and was not made");
                self.note(&error);
                return Next::Again(PAUSES.1.min(PAUSES.0 * 10));
            }
        };
        let mut event = job.queued.event.clone().at_attempt(attempt);
        if attempt == 1 {
            let came = Moment::from(event.delivery().received_at);
            observe::begins(self.settings.clock.now().since(came));
        }
        let effects = Effects::new(name(&event, id.get()));
        event.extensions_mut().insert(effects.clone());
        crash_point!("inbox.attempt");
        let stop = async {
            // Its sender lives as long as the workers.
            let _ = phase.wait_for(|phase| *phase == Phase::Stopping).await;
        };
        let outcome = self
            .settings
            .runner
            .attempt(event, job.queued.waited, stop)
            .await;
        crash_point!("inbox.attempted");
        // What is said after the end goes nowhere.
        let sends = effects.close();
        let (settlement, next, letter) = self.judge(outcome, sends);
        let wait = match &settlement {
            Settlement::Again { wait, .. } => Some(*wait),
            _ => None,
        };
        match self.settle(id, attempt, settlement).await {
            Ok(true) => {}
            // Somebody dropped it, or took over what this process had. Where it waits again by now, it is still the first of its
            // conversation: nothing may overtake it.
            Ok(false) => return Next::Again(Duration::ZERO),
            Err(error) => return self.give_up_outcome(job, attempt, error).await,
        }
        job.queued.waited = wait;
        if let Some(letter) = letter {
            self.store.announcer().tell(Change::DeadLetter {
                event: id,
                failure: letter.failure.to_string(),
            });
            self.settings.runner.dead_letter(letter).await;
        }
        next
    }

    /// An outcome that the store will never take, as where two replies have one reference: the event is given up without its
    /// replies, or it would run for ever by the store, and hold up its conversation.
    async fn give_up_outcome(&self, job: &Job, attempt: u32, error: StoreError) -> Next {
        let id = job.queued.id;
        let failure = format!("its outcome can't be written down: {error}");
        let settlement = Settlement::Dead {
            failure: failure.clone(),
        };
        if matches!(self.settle(id, attempt, settlement).await, Ok(true)) {
            let change = Change::DeadLetter { event: id, failure };
            self.store.announcer().tell(change);
            let event = job.queued.event.clone().at_attempt(attempt);
            let failure = HandlerFailure::Error(HandlerError::permanent(error));
            let letter = DeadLetter::new(event, failure, false);
            self.settings.runner.dead_letter(letter).await;
        }
        Next::Done
    }

    fn judge(
        &self,
        outcome: Attempt,
        sends: Vec<kaleyra_wa_store::outbox::NewSend>,
    ) -> (Settlement, Next, Option<DeadLetter>) {
        let again = |failure: &HandlerFailure, wait: Duration| Settlement::Again {
            due_at: self.settings.clock.now() + wait,
            wait,
            failure: text(failure),
        };
        match outcome {
            Attempt::Handled => (Settlement::Handled { sends }, Next::Done, None),
            Attempt::Repeat { failure, wait } => (again(&failure, wait), Next::Again(wait), None),
            Attempt::GivenUp(letter) if self.is_merely_stopped(&letter) => {
                (again(&letter.failure, Duration::ZERO), Next::Done, None)
            }
            Attempt::GivenUp(letter) => {
                let failure = text(&letter.failure);
                (Settlement::Dead { failure }, Next::Done, Some(letter))
            }
            // A kind of outcome that this version doesn't know is no success.
            _ => {
                let failure = "the attempt ended in an unknown way".to_owned();
                (Settlement::Dead { failure }, Next::Done, None)
            }
        }
    }

    /// The next start goes on with it, where that can't have a message sent twice.
    fn is_merely_stopped(&self, letter: &DeadLetter) -> bool {
        matches!(letter.failure, HandlerFailure::ShutDown)
            && (!letter.may_have_sent || self.settings.retries_after_send)
    }

    /// Writes an outcome down, however long that takes: the handler must not be called again for nothing. `false` where the event
    /// is not at this attempt any more.
    pub(super) async fn settle(
        &self,
        id: kaleyra_wa_store::inbox::EventId,
        attempt: u32,
        settlement: Settlement,
    ) -> Result<bool, StoreError> {
        let mut pause = PAUSES.0;
        loop {
            match self.store.settle(id, attempt, settlement.clone()).await {
                Ok(is_settled) => return Ok(is_settled),
                Err(error) if error.is_temporary() => {
                    tracing::warn!(%error, "an outcome could not be written down yet");
                    sleep(pause).await;
                    pause = (pause * 2).min(PAUSES.1);
                }
                Err(error) => {
                    tracing::error!(%error, "an outcome could not be written down");
                    self.note(&error);
                    return Err(error);
                }
            }
        }
    }
}

/// What stands for the event in the keys of replies: the same at every attempt.
fn name(event: &IncomingEvent, id: i64) -> String {
    match event.key() {
        Some(key) => key.as_str().to_owned(),
        None => format!("event/{id}"),
    }
}

/// What is written down beside the event: all that the error says, since the event itself lies there, too.
fn text(failure: &HandlerFailure) -> String {
    match failure {
        HandlerFailure::Error(error) => {
            format!("the handler failed with {}: {error}", error.type_name())
        }
        failure => failure.to_string(),
    }
}

/// A worker, which counts until it ends, however it ends.
struct Worker(Arc<Engine>);

impl Worker {
    async fn work(self) {
        let engine = &self.0;
        let mut phase = engine.phase.subscribe();
        let mut since = Instant::now();
        while let Some(job) = engine.next_job() {
            let mut held = Held {
                engine: Arc::clone(engine),
                job: Some(job),
            };
            held.work(&mut phase).await;
            // Handlers that never wait would have the thread for as long as there are events.
            if since.elapsed() >= TURN {
                yield_now().await;
                since = Instant::now();
            }
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let engine = &self.0;
        let mut state = engine.state();
        state.workers -= 1;
        // What became ready after the last look.
        engine.staff(&mut state);
        drop(state);
        engine.left.notify_waiters();
    }
}

/// A job that gives its lane back, whatever happens.
struct Held {
    engine: Arc<Engine>,
    job: Option<Job>,
}

impl Held {
    async fn work(&mut self, phase: &mut watch::Receiver<Phase>) {
        let Some(job) = &mut self.job else {
            return;
        };
        let next = self.engine.attempt(job, phase).await;
        let Some(mut job) = self.job.take() else {
            return;
        };
        let now = Instant::now();
        let mut state = self.engine.state();
        match next {
            Next::Done => state.queue.remove(job, now),
            Next::Refused => state.queue.refuse(job, now),
            Next::Again(wait) => {
                job.queued.due = Some(now + wait);
                state.queue.rest(job, now);
            }
        }
        observe::depth(&state.queue);
        drop(state);
        if !matches!(next, Next::Done) {
            self.engine.look.notify_one();
        }
    }
}

/// Something panicked that must not: the event is tried again a little later, or by the next start.
impl Drop for Held {
    fn drop(&mut self) {
        if let Some(mut job) = self.job.take() {
            job.queued.due = Some(Instant::now() + PAUSES.1);
            self.engine.state().queue.rest(job, Instant::now());
            self.engine.look.notify_one();
        }
    }
}
