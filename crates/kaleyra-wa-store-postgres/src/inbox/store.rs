//! Postgres as the store of an inbox.

use std::path::Path;
use std::sync::atomic::Ordering;

use kaleyra_wa_store::inbox::{
    EventId, EventQuery, EventRecord, InboxStats, InboxStore, Kept, NewDelivery, OnKept, Page,
    Pruned, Recovered, Retention, Settlement,
};
use kaleyra_wa_store::{Announcer, StoreError, StoreErrorKind, async_trait};
use tokio::sync::{oneshot, watch};

use super::writer::KeepJob;
use super::{load, prune, query, settle};
use crate::PostgresStore;

#[async_trait]
impl InboxStore for PostgresStore {
    async fn keep(&self, delivery: NewDelivery, on_kept: OnKept) -> Result<Kept, StoreError> {
        let closed = || StoreError::new(StoreErrorKind::Closed, "");
        let (response, kept) = oneshot::channel();
        let job = KeepJob {
            delivery,
            on_kept,
            response,
        };
        self.keeps().send(job).await.map_err(|_| closed())?;
        kept.await.map_err(|_| closed())?
    }

    async fn recover(&self, attempts: u32) -> Result<Recovered, StoreError> {
        let inner = self.inner();
        let attempts = i64::from(attempts);
        let db = inner.transaction().await?;
        let (shards, mine) = (inner.shards.open(), inner.all_mine());
        let recovered = settle::recover(&db, &shards, attempts, &mine, inner.now()).await?;
        db.commit().await?;
        inner.attempts.store(attempts, Ordering::SeqCst);
        Ok(recovered)
    }

    async fn load(&self, after: EventId, limit: usize) -> Result<Page, StoreError> {
        let inner = self.inner();
        let shards = inner.shards.loading(after.get());
        load::after(&inner.db().await?, &shards, after, limit).await
    }

    async fn load_conversation(
        &self,
        conversation: &str,
        from: EventId,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let db = self.inner().db().await?;
        load::of_conversation(&db, conversation, from, limit).await
    }

    async fn load_requeued(&self, after: EventId, limit: usize) -> Result<Page, StoreError> {
        let inner = self.inner();
        let db = inner.db().await?;
        let (open, pass) = inner.shards.pass(after.get());
        let page = load::untold(&db, &open, &pass, after, limit).await?;
        let events = page.deliveries.iter().flat_map(|it| &it.events);
        let last = events.map(|event| event.id.get()).max();
        inner.shards.passed(last, page.is_last);
        Ok(page)
    }

    async fn take(&self, event: EventId) -> Result<Option<u32>, StoreError> {
        let inner = self.inner();
        settle::take(&inner.db().await?, event, inner.me()).await
    }

    async fn settle(
        &self,
        event: EventId,
        attempt: u32,
        settlement: Settlement,
    ) -> Result<bool, StoreError> {
        let inner = self.inner();
        let db = match &settlement {
            Settlement::Handled { sends } if !sends.is_empty() => inner.transaction().await?,
            _ => {
                let db = inner.db().await?;
                let settled = settle::settle(&db, inner, event, attempt, &settlement).await?;
                return Ok(settled.is_some());
            }
        };
        let settled = settle::settle(&db, inner, event, attempt, &settlement).await?;
        db.commit().await?;
        if settled.is_some_and(|sends| sends > 0) {
            inner.signals.queued();
        }
        Ok(settled.is_some())
    }

    async fn requeue(&self, event: EventId) -> Result<bool, StoreError> {
        let inner = self.inner();
        let db = inner.transaction().await?;
        let is_done = settle::requeue(&db, inner, event, inner.now()).await?;
        db.commit().await?;
        if is_done {
            inner.signals.moved();
        }
        Ok(is_done)
    }

    async fn discard(&self, event: EventId) -> Result<bool, StoreError> {
        let inner = self.inner();
        let is_done = settle::discard(&inner.db().await?, event, inner.now()).await?;
        if is_done {
            inner.signals.moved();
        }
        Ok(is_done)
    }

    async fn prune(&self, retention: Retention, limit: usize) -> Result<Pruned, StoreError> {
        let inner = self.inner();
        let db = inner.transaction().await?;
        let pruned = prune(&db, &retention, inner.now(), limit).await?;
        db.commit().await?;
        Ok(pruned)
    }

    async fn stats(&self) -> Result<InboxStats, StoreError> {
        query::stats(&self.inner().db().await?).await
    }

    async fn events(&self, query: EventQuery) -> Result<Vec<EventRecord>, StoreError> {
        query::events(&self.inner().db().await?, &query).await
    }

    /// Always refused: Postgres has its own ways.
    async fn backup(&self, _: &Path) -> Result<(), StoreError> {
        let detail = "use pg_dump, or what else your Postgres is backed up by";
        Err(StoreError::new(StoreErrorKind::Invalid, detail))
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.inner().signals.watch_moved()
    }

    fn announcer(&self) -> &Announcer {
        &self.inner().signals.announcer
    }
}
