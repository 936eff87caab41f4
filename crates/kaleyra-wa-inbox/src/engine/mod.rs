//! What takes deliveries and has their events handled.

mod keeper;
mod reading;
mod work;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kaleyra_wa_store::inbox::{Fingerprint, InboxStore, Kept, NewDelivery, NewEvent};
use kaleyra_wa_store::tracking::Facts;
use kaleyra_wa_store::{Clock, Moment, StoreError, StoreErrorKind, index_key};
use kaleyra_wa_webhook::{IncomingEvent, ReceivedCallback, Runner};
use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout};

use crate::queue::{LaneName, Limits, Queue, Queued};
use crate::{Depth, observe};

/// What the engine goes by.
pub(crate) struct Settings {
    pub(crate) runner: Runner,
    pub(crate) attempts: u32,
    pub(crate) longest_wait: Duration,
    pub(crate) retries_after_send: bool,
    pub(crate) parallel: usize,
    pub(crate) limits: Limits,
    pub(crate) clock: Arc<dyn Clock>,
}

/// What an inbox and its tasks share.
pub(crate) struct Engine {
    store: Arc<dyn InboxStore>,
    settings: Settings,
    /// Commits are reported on the store's thread, which has no runtime.
    runtime: Handle,
    state: Mutex<State>,
    /// There may be something to read from the disk, or a lane that rests is due earlier than all others.
    look: Notify,
    /// A worker ended.
    left: Notify,
    phase: watch::Sender<Phase>,
    /// Whether it has told the store that it handles nothing any more.
    has_ended: watch::Sender<bool>,
    failure: watch::Sender<Option<StoreError>>,
}

struct State {
    queue: Queue,
    workers: usize,
}

/// How far the shutdown is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Open,
    /// Nothing new is taken or begun.
    Closing,
    /// Handlers are stopped.
    Stopping,
}

/// How long outcomes are waited for after handlers were stopped.
const GRACE: Duration = Duration::from_secs(5);

impl Engine {
    /// Looks after what an earlier process left, and begins.
    pub(crate) async fn start(
        store: Arc<dyn InboxStore>,
        settings: Settings,
    ) -> Result<Arc<Self>, StoreError> {
        let no_runtime = |_| {
            let detail = "an inbox needs a tokio runtime";
            StoreError::new(StoreErrorKind::Invalid, detail)
        };
        let runtime = Handle::try_current().map_err(no_runtime)?;
        store.begin_handling().await?;
        let recovered = store.recover(settings.attempts).await?;
        observe::recovered(recovered);
        let engine = Arc::new(Self {
            store,
            state: Mutex::new(State {
                queue: Queue::new(settings.limits),
                workers: 0,
            }),
            settings,
            runtime,
            look: Notify::new(),
            left: Notify::new(),
            phase: watch::Sender::new(Phase::Open),
            has_ended: watch::Sender::new(false),
            failure: watch::Sender::new(None),
        });
        engine.runtime.spawn(Arc::clone(&engine).tend());
        Ok(engine)
    }

    pub(crate) fn store(&self) -> &dyn InboxStore {
        &*self.store
    }

    pub(crate) fn depth(&self) -> Depth {
        let state = self.state();
        Depth {
            events: state.queue.events(),
            bytes: state.queue.bytes(),
            conversations: state.queue.lanes(),
            running: state.workers,
        }
    }

    /// Keeps a delivery. When this is done it is where it can't be lost.
    pub(crate) async fn accept(
        self: &Arc<Self>,
        delivery: ReceivedCallback,
    ) -> Result<(), StoreError> {
        if self.phase() != Phase::Open {
            return Err(StoreError::new(
                StoreErrorKind::Closed,
                "the inbox was shut down",
            ));
        }
        let received_at = Moment::from(delivery.received_at);
        let facts = Facts::of(&delivery.callback, received_at);
        let raw = delivery.raw.clone();
        let incoming = IncomingEvent::all(delivery);
        let new = NewDelivery {
            received_at,
            raw,
            events: incoming.iter().enumerate().map(new_event).collect(),
            facts,
        };
        let engine = Arc::clone(self);
        let on_kept = move |kept: &Kept| engine.arrive(kept, incoming);
        match self.store.keep(new, Box::new(on_kept)).await {
            Ok(kept) => {
                observe::kept(&kept);
                Ok(())
            }
            Err(error) => {
                observe::refused(&error);
                self.note(&error);
                Err(error)
            }
        }
    }

    /// What was kept is on its way to a handler, as far as there is room. In the order of the ids, on the store's thread.
    fn arrive(self: &Arc<Self>, kept: &Kept, incoming: Vec<IncomingEvent>) {
        let now = Instant::now();
        let mut state = self.state();
        for (nth, id) in &kept.events {
            let Some(event) = incoming.get(*nth as usize) else {
                continue;
            };
            // As the store names it: what is read again later is of the same lane.
            let conversation = event.conversation().map(|it| index_key(it.as_str()));
            let lane = lane_name(conversation.as_deref(), *id);
            let queued = Queued {
                id: *id,
                event: event.clone(),
                waited: None,
                due: None,
            };
            state.queue.arrive(lane, queued, now);
        }
        self.staff(&mut state);
    }

    /// Ends: waits for the handlers that run, and stops them at the deadline.
    pub(crate) async fn shutdown(&self, deadline: Duration) {
        self.enter(Phase::Closing);
        if timeout(deadline, self.all_left()).await.is_err() {
            self.enter(Phase::Stopping);
            if timeout(GRACE, self.all_left()).await.is_err() {
                tracing::error!(
                    "outcomes of handlers could not be written down; their events are handled again at the next start"
                );
            }
        }
        self.enter(Phase::Stopping);
        let mut ended = self.has_ended.subscribe();
        let _ = timeout(GRACE, ended.wait_for(|has_ended| *has_ended)).await;
        // The last figure that anybody sees is what is left for the next start.
        observe::Backlog::default().count(&*self.store).await;
    }

    /// Stops all that runs, without waiting for it.
    pub(crate) fn stop(&self) {
        self.enter(Phase::Stopping);
    }

    pub(crate) async fn failed(&self) -> StoreError {
        let mut failure = self.failure.subscribe();
        let failed = failure.wait_for(Option::is_some).await;
        // Its sender lives as long as the engine.
        let failed = failed.ok().and_then(|failed| failed.clone());
        failed.unwrap_or_else(|| StoreError::new(StoreErrorKind::Closed, ""))
    }

    async fn all_left(&self) {
        loop {
            let mut left = std::pin::pin!(self.left.notified());
            left.as_mut().enable();
            if self.state().workers == 0 {
                return;
            }
            left.await;
        }
    }

    /// Where no later attempt can succeed, nothing is tried any more.
    fn note(&self, error: &StoreError) {
        if error.is_temporary() || self.phase() != Phase::Open {
            return;
        }
        let is_fatal = matches!(
            error.kind(),
            StoreErrorKind::Closed | StoreErrorKind::Corrupt | StoreErrorKind::NotOwner
        );
        if is_fatal {
            tracing::error!(%error, "the inbox has stopped: its store can't be used any more");
            self.failure.send_replace(Some(error.clone()));
            self.enter(Phase::Closing);
        }
    }

    fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    fn enter(&self, phase: Phase) {
        self.phase.send_if_modified(|now| {
            let is_later = phase > *now;
            *now = phase.max(*now);
            is_later
        });
        self.look.notify_one();
    }

    /// Each step leaves the state whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The moment at which something is due by the wall clock, on the clock of the runtime. One that is further off than any
    /// pause is due now: the wall clock was set back.
    fn due(&self, due_at: Moment, now: Instant) -> Option<Instant> {
        let wait = due_at.since(self.settings.clock.now());
        (!wait.is_zero() && wait <= self.settings.longest_wait).then(|| now + wait)
    }
}

fn new_event((nth, incoming): (usize, &IncomingEvent)) -> NewEvent {
    let event = incoming.event();
    let callback = &incoming.delivery().callback;
    NewEvent {
        nth: u32::try_from(nth).unwrap_or(u32::MAX),
        fingerprint: event.key().map(|key| Fingerprint::of(callback, &key)),
        conversation: incoming
            .conversation()
            .map(|it| index_key(it.as_str()).into_owned()),
        kind: event.kind(),
    }
}

fn lane_name(conversation: Option<&str>, id: kaleyra_wa_store::inbox::EventId) -> LaneName {
    match conversation {
        Some(conversation) => LaneName::Conversation(conversation.into()),
        None => LaneName::Own(id),
    }
}
