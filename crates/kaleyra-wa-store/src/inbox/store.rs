//! What an inbox requires of a store.

use std::path::Path;

use async_trait::async_trait;
use tokio::sync::watch;

use super::{
    EventId, EventQuery, EventRecord, InboxStats, Kept, Moved, MovedDelivery, NewDelivery, OnKept,
    Page, Pruned, Recovered, Retention, Settlement,
};
use crate::{Announcer, StoreError, StoreErrorKind};

/// Keeps callbacks until they are handled, and remembers them for a while.
///
/// # The contract
///
/// * **What returned `Ok` is kept**: it survives the end of the process and of the machine.
/// * **All or none.** [`keep`](Self::keep) keeps the delivery, its new events and its facts in one transaction, and
///   [`settle`](Self::settle) the outcome with its sends in another.
/// * **A future that is dropped** may have done its work or not, never half of it.
/// * **Ids rise** with every event, and are never reused.
///
/// One process at a time owns the store: it alone keeps, takes and settles. Others may read, put back and drop. A store
/// that several processes share gives each of them the events of its own conversations only, and has them told by
/// [`watch`](Self::watch) and [`load_requeued`](Self::load_requeued) of what became theirs.
///
/// The suite in `conformance`, with the feature of that name, checks all of it.
///
/// # Examples
///
/// The events that were given up, in any store:
///
///
/// ```
/// use kaleyra_wa_store::inbox::{EventId, EventQuery, EventState};
/// use kaleyra_wa_store::{InboxStore, SqliteStore, StoreError};
///
/// async fn dead(store: &dyn InboxStore) -> Result<Vec<EventId>, StoreError> {
///     let mut dead = Vec::new();
///     let mut query = EventQuery::new().state(EventState::Dead);
///     loop {
///         let page = store.events(query.clone()).await?;
///         let Some(last) = page.last() else { return Ok(dead) };
///         query = query.after(last.id);
///         dead.extend(page.iter().map(|event| event.id));
///     }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-example-inbox-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// assert!(dead(&store).await?.is_empty());
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[async_trait]
pub trait InboxStore: Send + Sync {
    /// Keeps a delivery with those of its events that are new; nothing at all where all are known.
    ///
    /// An event is known while one with its fingerprint is kept, whatever became of that, and within the delivery as well.
    ///
    /// # Errors
    ///
    /// Where it can't be kept, or where that can't be determined: then all of it is kept, or nothing.
    async fn keep(&self, delivery: NewDelivery, on_kept: OnKept) -> Result<Kept, StoreError>;

    /// Looks after what an earlier process left: events that it was handling wait again, or, where that was the last of
    /// so many attempts, are given up.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn recover(&self, attempts: u32) -> Result<Recovered, StoreError>;

    /// The next live events after this one, in the order in which they were kept, at most so many and a few megabytes.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn load(&self, after: EventId, limit: usize) -> Result<Page, StoreError>;

    /// The same of one conversation, from this event on; of a store that several processes share, nothing where the conversation is
    /// not this process's to handle.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn load_conversation(
        &self,
        conversation: &str,
        from: EventId,
        limit: usize,
    ) -> Result<Page, StoreError>;

    /// Events after this one that were [put back](Self::requeue) and not taken since, or that became this process's to
    /// handle without its being told of them otherwise.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn load_requeued(&self, after: EventId, limit: usize) -> Result<Page, StoreError>;

    /// This process handles events from now on: to be called before the first [`load`](Self::load) or [`take`](Self::take). A
    /// store that several processes share gives it its conversations with this, and not before: one that only keeps or reads
    /// would have them for nothing.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn begin_handling(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// This process handles nothing any more, until it [begins](Self::begin_handling) again: others may have its conversations,
    /// and what it has still running is theirs to do again.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn end_handling(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Notes that an attempt at an event begins, and says which; before the handler is called, so that an attempt that
    /// ends the process counts. `None` where the event does not wait any more; of a store that several processes share, also where it is
    /// not this process's to handle, or an earlier one of its conversation is not settled yet.
    ///
    /// # Errors
    ///
    /// Where the store can't be written. The attempt must not be made.
    async fn take(&self, event: EventId) -> Result<Option<u32>, StoreError>;

    /// Notes what became of an attempt. `false`, and nothing is done, where the event is not at this attempt any more.
    ///
    /// # Errors
    ///
    /// Where the store can't be written. To be tried again.
    async fn settle(
        &self,
        event: EventId,
        attempt: u32,
        settlement: Settlement,
    ) -> Result<bool, StoreError>;

    /// Puts an event back that was given up, dropped or handled: it waits with no attempt made, and is the first of its
    /// conversation. `false` where there is none, or its body is gone.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn requeue(&self, event: EventId) -> Result<bool, StoreError>;

    /// Drops a live or dead event unhandled: it is remembered, and not handled. `false` where there is none.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn discard(&self, event: EventId) -> Result<bool, StoreError>;

    /// Prunes what is not needed any more, so many events at most. A store may do it by itself as well.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn prune(&self, retention: Retention, limit: usize) -> Result<Pruned, StoreError>;

    /// How much is kept. It looks at every event.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn stats(&self) -> Result<InboxStats, StoreError>;

    /// How many events wait or are being handled: what is asked every few seconds for a gauge. It looks at those alone.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn live(&self) -> Result<u64, StoreError> {
        Ok(self.stats().await?.live())
    }

    /// A page of the events that are asked for, in the order in which they were kept.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn events(&self, query: EventQuery) -> Result<Vec<EventRecord>, StoreError>;

    /// Takes over deliveries of another store in one transaction, with the states that their events have there: nothing is handled
    /// twice, and what waits there waits here. What is here already is left as it is.
    ///
    /// # Errors
    ///
    /// Where they can't be kept, or the store takes nothing over from others.
    async fn take_over(&self, deliveries: Vec<MovedDelivery>) -> Result<Moved, StoreError> {
        let _ = deliveries;
        let detail = "this store takes nothing over from others";
        Err(StoreError::new(StoreErrorKind::Invalid, detail))
    }

    /// One event, with its body.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn event(&self, event: EventId) -> Result<Option<EventRecord>, StoreError> {
        let query = EventQuery::new()
            .after(EventId::new(event.get().saturating_sub(1)))
            .limit(1)
            .with_bodies();
        let found = self.events(query).await?;
        Ok(found.into_iter().find(|record| record.id == event))
    }

    /// Writes a whole, consistent copy into a new file, while the store is in use.
    ///
    /// A copy is marked as one, and is reported as such when it is opened by an owner.
    ///
    /// # Errors
    ///
    /// Where it can't be read or written, or the file already exists.
    async fn backup(&self, to: &Path) -> Result<(), StoreError>;

    /// Rises whenever events may have been put back or dropped by somebody else.
    fn watch(&self) -> watch::Receiver<u64>;

    /// Where changes are reported.
    fn announcer(&self) -> &Announcer;
}
