//! Postgres as the store of an inbox.

use std::path::Path;
use std::sync::atomic::Ordering;

use kaleyra_wa_store::inbox::{
    EventId, EventQuery, EventRecord, InboxStats, InboxStore, Kept, Moved, MovedDelivery,
    NewDelivery, OnKept, Page, Pruned, Recovered, Retention, Settlement,
};
use kaleyra_wa_store::{Announcer, Change, StoreError, StoreErrorKind, async_trait};
use tokio::sync::{oneshot, watch};

use super::hands::Stage;
use super::prune::prune;
use super::writer::KeepJob;
use super::{load, moved, query, settle};
use crate::retry::retry;
use crate::store::Inner;
use crate::{PostgresStore, cluster};

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

    async fn take_over(&self, deliveries: Vec<MovedDelivery>) -> Result<Moved, StoreError> {
        let inner = self.inner();
        let (moved, changes) = retry(|| take_over_once(inner, &deliveries)).await?;
        inner.signals.tell(changes);
        Ok(moved)
    }

    async fn begin_handling(&self) -> Result<(), StoreError> {
        cluster::begin_handling(self.inner()).await
    }

    async fn end_handling(&self) -> Result<(), StoreError> {
        cluster::end_handling(self.inner()).await
    }

    async fn recover(&self, attempts: u32) -> Result<Recovered, StoreError> {
        let inner = self.inner();
        let attempts = i64::from(attempts);
        let _turn = inner.sharing.lock().await;
        let db = inner.transaction().await?;
        let (shards, in_hand) = (inner.shards.open(), inner.hands.events());
        let recovered = settle::recover(&db, &shards, attempts, &in_hand, inner.now()).await?;
        db.commit().await?;
        inner.attempts.store(attempts, Ordering::SeqCst);
        Ok(recovered)
    }

    async fn load(&self, after: EventId, limit: usize) -> Result<Page, StoreError> {
        let inner = self.inner();
        let load = inner.shards.load();
        let shards = inner.shards.loading(after.get());
        let page = load::after(&inner.db().await?, &shards, after, limit).await?;
        load.gave(last_of(&page));
        Ok(page)
    }

    async fn load_conversation(
        &self,
        conversation: &str,
        from: EventId,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let inner = self.inner();
        let mine = inner.all_mine();
        load::of_conversation(&inner.db().await?, &mine, conversation, from, limit).await
    }

    async fn load_requeued(&self, after: EventId, limit: usize) -> Result<Page, StoreError> {
        let inner = self.inner();
        let db = inner.db().await?;
        let (open, pass) = inner.shards.pass(after.get());
        let page = load::untold(&db, &open, &pass, after, limit).await?;
        inner.shards.passed(last_of(&page), page.is_last);
        Ok(page)
    }

    async fn take(&self, event: EventId) -> Result<Option<u32>, StoreError> {
        let inner = self.inner();
        let claim = inner.claim();
        let Some(taking) = inner.hands.begin(event.get(), claim) else {
            return Ok(None);
        };
        let taken = loop {
            let mine = inner.all_mine();
            let db = inner.db().await?;
            let taken = settle::take(&db, event, (inner.me(), &mine), claim).await?;
            // This worker may have got another number while it waited for the shard, and the shard with it.
            if taken.is_some() || inner.all_mine() == mine {
                break taken;
            }
        };
        if let Some(attempt) = taken {
            taking.taken(attempt);
        }
        Ok(taken)
    }

    async fn settle(
        &self,
        event: EventId,
        attempt: u32,
        settlement: Settlement,
    ) -> Result<bool, StoreError> {
        let inner = self.inner();
        let Some(hand) = inner.hands.get(event.get()) else {
            return Ok(false);
        };
        if hand.attempt != attempt || hand.stage == Stage::Taking {
            return Ok(false);
        }
        let claim = hand.claim;
        let attempt = settle::Attempt {
            event,
            number: attempt,
            claim,
            is_doubtful: hand.stage == Stage::Doubtful,
        };
        match retry(|| settle_once(inner, attempt, &settlement)).await {
            Ok(settled) => {
                inner.hands.settled(event.get(), claim);
                if settled.is_some_and(|sends| sends > 0) {
                    inner.signals.queued();
                }
                Ok(settled.is_some())
            }
            Err(error) => {
                let stage = if error.is_temporary() {
                    Stage::Doubtful
                } else {
                    Stage::Failed
                };
                inner.hands.unsettled(event.get(), claim, stage);
                Err(error)
            }
        }
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

async fn settle_once(
    inner: &Inner,
    attempt: settle::Attempt,
    settlement: &Settlement,
) -> Result<Option<usize>, StoreError> {
    if !matches!(settlement, Settlement::Handled { sends } if !sends.is_empty()) {
        return settle::settle(&inner.db().await?, inner, attempt, settlement).await;
    }
    let db = inner.transaction().await?;
    let settled = settle::settle(&db, inner, attempt, settlement).await?;
    db.commit().await?;
    Ok(settled)
}

fn last_of(page: &Page) -> Option<i64> {
    let events = page.deliveries.iter().flat_map(|it| &it.events);
    events.map(|event| event.id.get()).max()
}

async fn take_over_once(
    inner: &Inner,
    deliveries: &[MovedDelivery],
) -> Result<(Moved, Vec<Change>), StoreError> {
    let mut changes = Vec::new();
    let db = inner.transaction().await?;
    let moved = moved::take_over(&db, inner, deliveries, inner.now(), &mut changes).await?;
    db.commit().await?;
    Ok((moved, changes))
}
