//! What an outbox asks of a store.

use async_trait::async_trait;

use super::{NewSend, Queued};
use crate::StoreError;

/// Keeps sends until it is known what became of them.
#[async_trait]
pub trait OutboxStore: Send + Sync {
    /// Queues a send. One with the same key is there at most once.
    ///
    /// # Errors
    ///
    /// Where it can't be kept.
    async fn enqueue(&self, send: NewSend) -> Result<Queued, StoreError>;
}
