//! SQLite as the store of an inbox.

use std::path::Path;

use async_trait::async_trait;
use tokio::sync::watch;

use super::{keep, load, moved, prune, query, settle};
use crate::inbox::{
    EventId, EventQuery, EventRecord, InboxStats, InboxStore, Kept, Moved, MovedDelivery,
    NewDelivery, OnKept, Page, Pruned, Recovered, Retention, Settlement,
};
use crate::sqlite::SqliteStore;
use crate::sqlite::backup::backup;
use crate::sqlite::writer::Class;
use crate::{Announcer, Change, StoreError, crash_point};

/// What a statement without a body weighs.
const SMALL: usize = 256;

#[async_trait]
impl InboxStore for SqliteStore {
    async fn keep(&self, delivery: NewDelivery, on_kept: OnKept) -> Result<Kept, StoreError> {
        self.as_owner()?;
        crash_point!("inbox.keep");
        let weight = delivery.weight();
        let (now, signals) = (self.now(), self.signals());
        let run = move |db: &_| keep::keep(db, &delivery, now);
        let then = move |(kept, changes): &(Kept, Vec<Change>)| {
            on_kept(kept);
            signals.tell(changes);
        };
        let kept = self.writer().run_then(Class::Intake, weight, run, then);
        let (kept, _) = kept.await?;
        crash_point!("inbox.kept");
        Ok(kept)
    }

    async fn take_over(&self, deliveries: Vec<MovedDelivery>) -> Result<Moved, StoreError> {
        self.as_owner()?;
        let bodies = deliveries.iter().filter_map(|it| it.raw.as_ref());
        let weight = bodies.map(|raw| raw.len() + SMALL).sum();
        let (now, signals) = (self.now(), self.signals());
        let run = move |db: &_| moved::take_over(db, &deliveries, now);
        let then = move |(_, changes): &(Moved, Vec<Change>)| signals.tell(changes);
        let moved = self.writer().run_then(Class::Intake, weight, run, then);
        Ok(moved.await?.0)
    }

    async fn recover(&self, attempts: u32) -> Result<Recovered, StoreError> {
        self.as_owner()?;
        let now = self.now();
        let run = move |db: &_| settle::recover(db, attempts, now);
        self.writer().run(Class::Outcome, SMALL, run).await
    }

    async fn load(&self, after: EventId, limit: usize) -> Result<Page, StoreError> {
        self.loads()
            .run(move |db| load::after(db, after, limit))
            .await
    }

    async fn load_conversation(
        &self,
        conversation: &str,
        from: EventId,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let conversation = conversation.to_owned();
        let run = move |db: &_| load::of_conversation(db, &conversation, from, limit);
        self.loads().run(run).await
    }

    async fn load_requeued(&self, after: EventId, limit: usize) -> Result<Page, StoreError> {
        self.loads()
            .run(move |db| load::requeued(db, after, limit))
            .await
    }

    async fn take(&self, event: EventId) -> Result<Option<u32>, StoreError> {
        self.as_owner()?;
        let run = move |db: &_| settle::take(db, event);
        let taken = self.writer().run(Class::Outcome, SMALL, run).await?;
        crash_point!("inbox.taken");
        Ok(taken)
    }

    async fn settle(
        &self,
        event: EventId,
        attempt: u32,
        settlement: Settlement,
    ) -> Result<bool, StoreError> {
        self.as_owner()?;
        crash_point!("inbox.settle");
        let weight = match &settlement {
            Settlement::Handled { sends } => sends.iter().map(|send| send.body.len() + SMALL).sum(),
            Settlement::Again { .. } | Settlement::Dead { .. } => SMALL,
        };
        let (now, signals) = (self.now(), self.signals());
        let run = move |db: &_| settle::settle(db, event, attempt, &settlement, now);
        let then = move |settled: &settle::Settled| {
            if settled.sends > 0 {
                signals.queued();
            }
        };
        let settled = self
            .writer()
            .run_then(Class::Outcome, weight, run, then)
            .await?;
        crash_point!("inbox.settled");
        Ok(settled.is_done)
    }

    async fn requeue(&self, event: EventId) -> Result<bool, StoreError> {
        let (now, signals) = (self.now(), self.signals());
        let run = move |db: &_| settle::requeue(db, event, now);
        let then = move |is_done: &bool| {
            if *is_done {
                signals.moved();
            }
        };
        self.writer()
            .run_then(Class::Outcome, SMALL, run, then)
            .await
    }

    async fn discard(&self, event: EventId) -> Result<bool, StoreError> {
        let (now, signals) = (self.now(), self.signals());
        let run = move |db: &_| settle::discard(db, event, now);
        let then = move |is_done: &bool| {
            if *is_done {
                signals.moved();
            }
        };
        self.writer()
            .run_then(Class::Outcome, SMALL, run, then)
            .await
    }

    async fn prune(&self, retention: Retention, limit: usize) -> Result<Pruned, StoreError> {
        let now = self.now();
        let run = move |db: &_| prune::prune(db, &retention, now, limit);
        self.writer().run(Class::Outcome, SMALL, run).await
    }

    async fn live(&self) -> Result<u64, StoreError> {
        self.questions().run(query::live).await
    }

    async fn stats(&self) -> Result<InboxStats, StoreError> {
        self.questions().run(query::stats).await
    }

    async fn events(&self, query: EventQuery) -> Result<Vec<EventRecord>, StoreError> {
        self.questions()
            .run(move |db| query::events(db, &query))
            .await
    }

    async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        backup(self.path().to_owned(), to.to_owned()).await
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.signals().watch_moved()
    }

    fn announcer(&self) -> &Announcer {
        self.announcer()
    }
}
