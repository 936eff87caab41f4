//! SQLite as the store of an outbox.

use async_trait::async_trait;

use super::insert::insert;
use crate::outbox::{NewSend, OutboxStore, Queued};
use crate::sqlite::SqliteStore;
use crate::sqlite::writer::Class;
use crate::{StoreError, crash_point};

#[async_trait]
impl OutboxStore for SqliteStore {
    async fn enqueue(&self, send: NewSend) -> Result<Queued, StoreError> {
        self.as_owner()?;
        crash_point!("outbox.enqueue");
        let (now, signals) = (self.now(), self.signals());
        let weight = send.body.len();
        let run = move |db: &_| insert(db, &send, now);
        let then = move |queued: &Queued| {
            if matches!(queued, Queued::New(_)) {
                signals.queued();
            }
        };
        let queued = self
            .writer()
            .run_then(Class::Intake, weight, run, then)
            .await?;
        crash_point!("outbox.enqueued");
        Ok(queued)
    }
}
