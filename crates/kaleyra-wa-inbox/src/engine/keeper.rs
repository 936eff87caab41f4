//! The task that reads from the disk what there is room for, wakes the lanes that rest, and looks after what was put back.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_store::StoreError;
use kaleyra_wa_store::inbox::{EventId, Settlement};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

use super::{Engine, GRACE, Phase};
use crate::observe::Backlog;
use crate::queue::{LaneName, Wanted};

/// How many events are read at once.
const PAGE: usize = 500;
/// How long to wait before something is read again that could not be.
const PAUSE: Duration = Duration::from_millis(500);

impl Engine {
    pub(super) async fn tend(self: Arc<Self>) {
        self.look_after().await;
        self.end().await;
    }

    /// Others may have what waits, once what runs has ended.
    async fn end(&self) {
        let mut phase = self.phase.subscribe();
        tokio::select! {
            () = self.all_left() => {}
            () = async {
                // Its sender lives as long as this.
                let _ = phase.wait_for(|phase| *phase == Phase::Stopping).await;
                sleep(GRACE).await;
            } => {}
        }
        if let Err(error) = self.store.end_handling().await {
            tracing::debug!(%error, "the store could not be told that nothing is handled any more");
        }
        self.has_ended.send_replace(true);
    }

    async fn look_after(self: &Arc<Self>) {
        let mut moved = self.store.watch();
        let mut looks_for_moved = true;
        let mut backlog = Backlog::default();
        while self.phase() == Phase::Open {
            if looks_for_moved {
                looks_for_moved = self.load_requeued().await.is_err();
            }
            // Before that: a lane whose rest is over may have to be read.
            self.wake();
            let outcome = self.load_wanted().await;
            if looks_for_moved || outcome.is_err() {
                sleep(PAUSE).await;
                continue;
            }
            let next = self.state().queue.next_wake();
            let count = backlog.count(&*self.store).await;
            let next = [next, count].into_iter().flatten().min();
            looks_for_moved = tokio::select! {
                () = self.look.notified() => false,
                () = until(next) => false,
                is_moved = has_moved(&mut moved) => is_moved,
            };
        }
    }

    /// Reads as long as there is something to read and room for it.
    async fn load_wanted(self: &Arc<Self>) -> Result<(), StoreError> {
        loop {
            let wanted = self.state().queue.wanted();
            let read = match wanted {
                None => return Ok(()),
                Some(Wanted::After(after, tail)) => self.load(after, tail).await,
                Some(Wanted::Of(conversation, from, to)) => {
                    let read = self.refill(&conversation, from, to).await;
                    if read.is_err() {
                        let lane = LaneName::Conversation(conversation);
                        self.state().queue.ask_again(lane);
                    }
                    read
                }
            };
            if let Err(error) = read {
                tracing::warn!(%error, "waiting events could not be read");
                self.note(&error);
                return Err(error);
            }
            if self.phase() != Phase::Open {
                return Ok(());
            }
        }
    }

    async fn load(self: &Arc<Self>, after: EventId, tail: EventId) -> Result<(), StoreError> {
        let page = self.store.load(after, PAGE).await?;
        let now = Instant::now();
        let read = self.read(page, now);
        self.give_up(&read.unreadable).await?;
        let mut state = self.state();
        state
            .queue
            .load(read.events, read.last, tail, read.is_all, now);
        self.staff(&mut state);
        Ok(())
    }

    async fn refill(
        self: &Arc<Self>,
        conversation: &Arc<str>,
        from: EventId,
        to: EventId,
    ) -> Result<(), StoreError> {
        let limit = self.settings.limits.lane;
        let page = self
            .store
            .load_conversation(conversation, from, limit)
            .await?;
        let now = Instant::now();
        let read = self.read(page, now);
        self.give_up(&read.unreadable).await?;
        let events = read.events.into_iter().map(|(_, queued)| queued).collect();
        let lane = LaneName::Conversation(Arc::clone(conversation));
        let mut state = self.state();
        state
            .queue
            .refill(&lane, events, read.last, (from, to), read.is_all, now);
        self.staff(&mut state);
        Ok(())
    }

    /// Takes what was put back, here or by another process.
    async fn load_requeued(self: &Arc<Self>) -> Result<(), StoreError> {
        let mut after = EventId::default();
        loop {
            let page = self
                .store
                .load_requeued(after, PAGE)
                .await
                .inspect_err(|error| {
                    tracing::warn!(%error, "events that were put back could not be read");
                    self.note(error);
                })?;
            let now = Instant::now();
            let read = self.read(page, now);
            self.give_up(&read.unreadable).await?;
            let mut state = self.state();
            let mut rest_is_read = false;
            for (lane, queued) in read.events {
                rest_is_read = state.queue.put_back(lane, queued, now);
            }
            self.staff(&mut state);
            match read.last {
                Some(last) if !read.is_all && !rest_is_read => after = last,
                _ => return Ok(()),
            }
        }
    }

    /// What can't be read would wait forever.
    async fn give_up(&self, unreadable: &[EventId]) -> Result<(), StoreError> {
        for event in unreadable {
            if let Some(attempt) = self.store.take(*event).await? {
                tracing::error!(
                    event = event.get(),
                    "a kept event can't be read by this version"
                );
                let failure = "this version can't read the event".to_owned();
                self.settle(*event, attempt, Settlement::Dead { failure })
                    .await?;
            }
        }
        Ok(())
    }

    /// Makes the lanes ready that are due.
    fn wake(self: &Arc<Self>) {
        let mut state = self.state();
        state.queue.wake(Instant::now());
        self.staff(&mut state);
    }
}

async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => pending().await,
    }
}

/// A store that is gone moves nothing any more.
async fn has_moved(moved: &mut watch::Receiver<u64>) -> bool {
    if moved.changed().await.is_err() {
        pending::<()>().await;
    }
    true
}
