//! The operations of the trait.

use std::path::Path;

use kaleyra_wa_store::inbox::{
    EventId, EventQuery, EventRecord, InboxStats, InboxStore, Kept, Moved, MovedDelivery,
    NewDelivery, OnKept, Page, Pruned, Recovered, Retention, Settlement,
};
use kaleyra_wa_store::tracking::Facts;
use kaleyra_wa_store::{Announcer, StoreError, async_trait};
use tokio::sync::{oneshot, watch};

use super::{attempts, page, people, query};
use crate::failure::{closed, invalid};
use crate::keep::{KeepJob, events_at_once, short};
use crate::names::{lane_of, partition_of};
use crate::{NatsStore, moved, prune};

#[async_trait]
impl InboxStore for NatsStore {
    async fn keep(&self, mut delivery: NewDelivery, on_kept: OnKept) -> Result<Kept, StoreError> {
        self.inner().check()?;
        if let Some(outbox) = &self.inner().outbox {
            // What is noted twice is noted once.
            let facts = std::mem::take(&mut delivery.facts);
            if facts != Facts::default() {
                outbox.note(facts).await?;
            }
        }
        let at_once = events_at_once(self.inner(), delivery.raw.len())?;
        if delivery.events.len() <= at_once {
            return self.keep_at_once(delivery, Some(on_kept)).await;
        }
        // More than a batch may have: in several steps, each of them whole.
        let mut all = Kept::default();
        let events = std::mem::take(&mut delivery.events);
        for events in events.chunks(at_once) {
            let step = NewDelivery {
                events: events.to_vec(),
                ..delivery.clone()
            };
            let kept = self.keep_at_once(step, None).await?;
            all.events.extend(kept.events);
            all.duplicates += kept.duplicates;
        }
        on_kept(&Kept::default());
        Ok(all)
    }

    async fn recover(&self, attempts: u32) -> Result<Recovered, StoreError> {
        self.inner().index().attempts = attempts;
        attempts::resolve(self.inner()).await
    }

    async fn load(&self, after: EventId, limit: usize) -> Result<Page, StoreError> {
        let inner = self.inner();
        let (ids, is_last) = inner.index().load(after.get(), limit);
        if inner.index().has_untold() {
            // A partition whose older events come first was passed over: nothing else may ask for it.
            inner.signals.moved();
        }
        let (mut page, last) = page::page(inner, &ids, limit).await?;
        page.is_last = is_last && last == ids.last().map(|(_, id)| *id);
        Ok(page)
    }

    async fn load_conversation(
        &self,
        conversation: &str,
        from: EventId,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let inner = self.inner();
        let conversation = short(conversation);
        let partition = partition_of(Some(&conversation), "");
        let lane = lane_of(Some(&conversation));
        let ids = inner.index().of(partition, lane, from.get());
        let (mut page, last) = page::page(inner, &ids, limit).await?;
        page.is_last = last == ids.last().map(|(_, id)| *id);
        Ok(page)
    }

    async fn load_requeued(&self, after: EventId, limit: usize) -> Result<Page, StoreError> {
        let inner = self.inner();
        let (ids, is_last) = inner.index().untold(after.get(), limit);
        let read = page::page(inner, &ids, limit).await;
        let (mut page, last) = match read {
            Ok(read) => read,
            Err(failure) => {
                inner.index().tell_again();
                return Err(failure.into());
            }
        };
        let is_whole = last == ids.last().map(|(_, id)| *id);
        if !is_whole {
            inner.index().untell(last.unwrap_or(0));
        }
        page.is_last = is_last && is_whole;
        Ok(page)
    }

    async fn take(&self, event: EventId) -> Result<Option<u32>, StoreError> {
        attempts::take(self.inner(), event).await
    }

    async fn settle(
        &self,
        event: EventId,
        attempt: u32,
        settlement: Settlement,
    ) -> Result<bool, StoreError> {
        attempts::settle(self.inner(), event, attempt, settlement).await
    }

    async fn requeue(&self, event: EventId) -> Result<bool, StoreError> {
        people::requeue(self.inner(), event).await
    }

    async fn discard(&self, event: EventId) -> Result<bool, StoreError> {
        people::discard(self.inner(), event).await
    }

    async fn prune(&self, retention: Retention, limit: usize) -> Result<Pruned, StoreError> {
        Ok(prune::prune(self.inner(), &retention, limit).await?)
    }

    /// `deliveries` counts the messages of the stream: those of bodies that several events share as well.
    async fn stats(&self) -> Result<InboxStats, StoreError> {
        Ok(query::stats(self.inner()).await?)
    }

    async fn live(&self) -> Result<u64, StoreError> {
        Ok(query::live(self.inner()).await?)
    }

    async fn events(&self, query: EventQuery) -> Result<Vec<EventRecord>, StoreError> {
        Ok(query::events(self.inner(), &query).await?)
    }

    async fn event(&self, event: EventId) -> Result<Option<EventRecord>, StoreError> {
        Ok(query::event(self.inner(), event).await?)
    }

    /// In batches, each of them whole: what is broken off is started again.
    async fn take_over(&self, deliveries: Vec<MovedDelivery>) -> Result<Moved, StoreError> {
        Ok(moved::take_over(self.inner(), deliveries).await?)
    }

    /// Always refused: JetStream has its own ways.
    async fn backup(&self, _: &Path) -> Result<(), StoreError> {
        Err(invalid(
            "use `nats stream backup` for both of its streams, or a mirror of them",
        ))
    }

    fn watch(&self) -> watch::Receiver<u64> {
        self.inner().signals.watch_moved()
    }

    fn announcer(&self) -> &Announcer {
        &self.inner().signals.announcer
    }
}

impl NatsStore {
    async fn keep_at_once(
        &self,
        delivery: NewDelivery,
        on_kept: Option<OnKept>,
    ) -> Result<Kept, StoreError> {
        let (response, kept) = oneshot::channel();
        let job = KeepJob {
            delivery,
            on_kept,
            response,
        };
        self.keeps().send(job).await.map_err(|_| closed())?;
        kept.await.map_err(|_| closed())?
    }
}
