//! SQLite as the store of an outbox.

use std::time::Duration;

use async_trait::async_trait;
use rusqlite::Connection;
use tokio::sync::watch;

use super::insert::{conflict, insert};
use super::{fly, land, query, sender, wish};
use crate::outbox::{
    Adoption, Doubts, Flown, Landing, NewSend, OutboxStats, OutboxStore, Pause, Purpose, Queued,
    SendId, SendQuery, SendRecord, Takeoff, Wish,
};
use crate::sqlite::failure::SqlResult;
use crate::sqlite::writer::Class;
use crate::sqlite::{SqliteStore, tracking};
use crate::tracking::{ConversationRecord, Facts, MessageRecord};
use crate::{Change, Changes, Moment, StoreError, crash_point};

/// What a statement without a body weighs.
const SMALL: usize = 256;

impl SqliteStore {
    /// Runs statements of the outbox, and tells what they changed once that is committed.
    pub(in crate::sqlite) async fn change<T: Send + 'static>(
        &self,
        class: Class,
        weight: usize,
        mut run: impl FnMut(&Connection, &mut Vec<Change>) -> SqlResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let signals = self.signals();
        let run = move |db: &Connection| {
            let mut changes = Vec::new();
            let output = run(db, &mut changes)?;
            Ok((output, changes))
        };
        let then = move |(_, changes): &(T, Vec<Change>)| signals.tell(changes);
        let (output, _) = self.writer().run_then(class, weight, run, then).await?;
        Ok(output)
    }
}

#[async_trait]
impl OutboxStore for SqliteStore {
    async fn enqueue(&self, send: NewSend) -> Result<Queued, StoreError> {
        let queued = self.enqueue_all(vec![send]).await?;
        let none = || StoreError::new(crate::StoreErrorKind::Other, "nothing was queued");
        queued.into_iter().next().ok_or_else(none)
    }

    async fn enqueue_all(&self, sends: Vec<NewSend>) -> Result<Vec<Queued>, StoreError> {
        self.as_owner()?;
        crash_point!("outbox.enqueue");
        let (now, signals) = (self.now(), self.signals());
        let weight = sends.iter().map(|send| send.body.len() + SMALL).sum();
        let run = move |db: &Connection| {
            for send in &sends {
                if let Some(conflict) = conflict(db, send)? {
                    return Ok(vec![conflict; sends.len()]);
                }
            }
            let sends = sends.iter();
            sends.map(|send| insert(db, send, now)).collect()
        };
        let then = move |queued: &Vec<Queued>| {
            if queued.iter().any(|it| matches!(it, Queued::New(_))) {
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

    async fn recover_sends(&self) -> Result<Doubts, StoreError> {
        let (epoch, now) = (self.as_owner()?, self.now());
        self.change(Class::Outcome, SMALL, move |db, changes| {
            land::recover(db, epoch, now, changes)
        })
        .await
    }

    async fn fly(&self, takeoff: Takeoff) -> Result<Flown, StoreError> {
        let (epoch, now) = (self.as_owner()?, self.now());
        crash_point!("outbox.chosen");
        let flown = self
            .change(Class::Outcome, SMALL, move |db, changes| {
                fly::fly(db, &takeoff, epoch, now, changes)
            })
            .await?;
        if !flown.flights.is_empty() {
            crash_point!("outbox.flown");
        }
        Ok(flown)
    }

    async fn land(&self, send: SendId, number: u32, landing: Landing) -> Result<bool, StoreError> {
        let (epoch, now, signals) = (self.as_owner()?, self.now(), self.signals());
        crash_point!("outbox.land");
        let attempt = land::Attempt {
            send,
            number,
            epoch,
        };
        let landed = self
            .change(Class::Outcome, SMALL, move |db, changes| {
                land::land(db, attempt, &landing, now, changes)
            })
            .await?;
        // The next of the conversation may have its turn.
        signals.queued();
        crash_point!("outbox.landed");
        Ok(landed)
    }

    async fn resolve(&self, after: Duration) -> Result<Doubts, StoreError> {
        self.as_owner()?;
        let now = self.now();
        self.change(Class::Outcome, SMALL, move |db, changes| {
            land::resolve(db, after, now, changes)
        })
        .await
    }

    async fn cancel(&self, send: SendId) -> Result<Wish, StoreError> {
        let now = self.now();
        self.change(Class::Outcome, SMALL, move |db, changes| {
            wish::cancel(db, send, now, changes)
        })
        .await
    }

    async fn resend(&self, send: SendId) -> Result<Wish, StoreError> {
        let (now, signals) = (self.now(), self.signals());
        let run = move |db: &Connection| wish::resend(db, send, now);
        let wish = self.writer().run(Class::Outcome, SMALL, run).await?;
        signals.queued();
        Ok(wish)
    }

    async fn adopt(&self, adoption: Adoption) -> Result<u64, StoreError> {
        let (now, signals) = (self.now(), self.signals());
        let run = move |db: &Connection| wish::adopt(db, adoption, now);
        let adopted = self.writer().run(Class::Outcome, SMALL, run).await?;
        signals.queued();
        Ok(adopted)
    }

    async fn pause_sender(
        &self,
        sender: &str,
        why: &str,
        until: Option<Moment>,
    ) -> Result<(), StoreError> {
        let (now, sender, why) = (self.now(), sender.to_owned(), why.to_owned());
        self.change(Class::Outcome, SMALL, move |db, changes| {
            sender::pause(db, &sender, &why, until, now, changes)
        })
        .await
    }

    async fn resume_sender(&self, sender: &str) -> Result<bool, StoreError> {
        let (now, sender) = (self.now(), sender.to_owned());
        self.change(Class::Outcome, SMALL, move |db, changes| {
            sender::resume(db, &sender, now, changes)
        })
        .await
    }

    async fn pause_of(&self, sender: &str) -> Result<Option<Pause>, StoreError> {
        let (now, sender) = (self.now(), sender.to_owned());
        self.loads()
            .run(move |db| sender::hold_of(db, &sender, now))
            .await
    }

    async fn set_opt_out(
        &self,
        sender: &str,
        conversation: &str,
        purpose: Purpose,
        is_out: bool,
        source: &str,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let (sender, conversation) = (sender.to_owned(), conversation.to_owned());
        let source = source.to_owned();
        let run = move |db: &Connection| {
            let said = (purpose, is_out);
            sender::set_opt_out(db, &sender, &conversation, said, now, &source)
        };
        self.writer().run(Class::Outcome, SMALL, run).await
    }

    async fn close_window(&self, sender: &str, conversation: &str) -> Result<(), StoreError> {
        let now = self.now();
        let (sender, conversation) = (sender.to_owned(), conversation.to_owned());
        let run = move |db: &Connection| tracking::window_closed(db, &sender, &conversation, now);
        self.writer().run(Class::Outcome, SMALL, run).await
    }

    async fn note(&self, facts: Facts) -> Result<(), StoreError> {
        if facts.is_empty() {
            return Ok(());
        }
        let now = self.now();
        self.change(Class::Outcome, SMALL, move |db, changes| {
            tracking::feed(db, &facts, now, changes)
        })
        .await
    }

    async fn send(&self, send: SendId) -> Result<Option<SendRecord>, StoreError> {
        self.questions().run(move |db| query::by_id(db, send)).await
    }

    async fn find_send(&self, name: &str) -> Result<Option<SendRecord>, StoreError> {
        let name = name.to_owned();
        self.questions()
            .run(move |db| query::by_name(db, &name))
            .await
    }

    async fn message(&self, reference: &str) -> Result<Option<MessageRecord>, StoreError> {
        let reference = reference.to_owned();
        self.questions()
            .run(move |db| tracking::message(db, &reference))
            .await
    }

    async fn conversation(
        &self,
        sender: &str,
        conversation: &str,
    ) -> Result<ConversationRecord, StoreError> {
        let (sender, conversation) = (sender.to_owned(), conversation.to_owned());
        self.questions()
            .run(move |db| tracking::conversation(db, &sender, &conversation))
            .await
    }

    async fn sends(&self, query: SendQuery) -> Result<Vec<SendRecord>, StoreError> {
        self.questions()
            .run(move |db| query::list(db, &query))
            .await
    }

    async fn outbox_stats(&self) -> Result<OutboxStats, StoreError> {
        let now = self.now();
        self.questions().run(move |db| query::stats(db, now)).await
    }

    async fn queued(&self, sender: &str) -> Result<u64, StoreError> {
        let sender = sender.to_owned();
        self.questions()
            .run(move |db| query::queued(db, &sender))
            .await
    }

    async fn initiated(
        &self,
        sender: &str,
        since: Moment,
    ) -> Result<Vec<(String, Moment)>, StoreError> {
        let sender = sender.to_owned();
        self.questions()
            .run(move |db| query::initiated(db, &sender, since))
            .await
    }

    fn watch_sends(&self) -> watch::Receiver<u64> {
        self.signals().watch_queued()
    }

    fn send_changes(&self) -> Changes {
        self.changes()
    }

    fn time(&self) -> Moment {
        self.now()
    }
}
