//! Postgres as the store of an outbox.

use std::time::Duration;

use kaleyra_wa_store::outbox::{
    Adoption, Doubts, Flown, Landing, NewSend, OutboxStats, OutboxStore, Pause, Purpose, Queued,
    SendId, SendQuery, SendRecord, Takeoff, Wish,
};
use kaleyra_wa_store::tracking::{ConversationRecord, Facts, MessageRecord};
use kaleyra_wa_store::{Change, Changes, Moment, StoreError, StoreErrorKind, async_trait};
use tokio::sync::watch;

use super::insert::{conflict, insert_all};
use super::{fly, land, query, sender, wish};
use crate::cluster::notify_sends;
use crate::retry::retry;
use crate::store::Inner;
use crate::{PostgresStore, tracking};

#[async_trait]
impl OutboxStore for PostgresStore {
    async fn enqueue(&self, send: NewSend) -> Result<Queued, StoreError> {
        let queued = self.enqueue_all(vec![send]).await?;
        let none = || StoreError::new(StoreErrorKind::Other, "nothing was queued");
        queued.into_iter().next().ok_or_else(none)
    }

    async fn enqueue_all(&self, sends: Vec<NewSend>) -> Result<Vec<Queued>, StoreError> {
        let inner = self.inner();
        let queued = retry(|| enqueue_once(inner, &sends)).await?;
        if queued.iter().any(|it| matches!(it, Queued::New(_))) {
            inner.signals.queued();
        }
        Ok(queued)
    }

    async fn recover_sends(&self) -> Result<Doubts, StoreError> {
        let inner = self.inner();
        let mut changes = Vec::new();
        let db = inner.transaction().await?;
        let doubts = land::recover(&db, &inner.all_mine(), inner.now(), &mut changes).await?;
        db.commit().await?;
        inner.signals.tell(changes);
        Ok(doubts)
    }

    async fn fly(&self, takeoff: Takeoff) -> Result<Flown, StoreError> {
        let inner = self.inner();
        let (flown, changes) = retry(|| fly_once(inner, &takeoff)).await?;
        inner.signals.tell(changes);
        Ok(flown)
    }

    async fn end_sending(&self, sender: &str) -> Result<(), StoreError> {
        let inner = self.inner();
        let changes = retry(|| end_once(inner, sender)).await?;
        inner.looks.forget(sender);
        inner.signals.tell(changes);
        Ok(())
    }

    async fn land(&self, send: SendId, number: u32, landing: Landing) -> Result<bool, StoreError> {
        let inner = self.inner();
        let (landed, changes) = retry(|| land_once(inner, (send, number), &landing)).await?;
        inner.signals.tell(changes);
        // The next of the conversation may have its turn.
        inner.signals.queued();
        Ok(landed)
    }

    async fn resolve(&self, after: Duration) -> Result<Doubts, StoreError> {
        let inner = self.inner();
        let mut changes = Vec::new();
        let db = inner.transaction().await?;
        let doubts = land::resolve(&db, after, inner.now(), &mut changes).await?;
        db.commit().await?;
        inner.signals.tell(changes);
        Ok(doubts)
    }

    async fn cancel(&self, send: SendId) -> Result<Wish, StoreError> {
        let inner = self.inner();
        let mut changes = Vec::new();
        let db = inner.transaction().await?;
        let wish = wish::cancel(&db, send, inner.now(), &mut changes).await?;
        notify_sends(&db, inner).await?;
        db.commit().await?;
        inner.signals.tell(changes);
        Ok(wish)
    }

    async fn resend(&self, send: SendId) -> Result<Wish, StoreError> {
        let inner = self.inner();
        let db = inner.transaction().await?;
        let wish = wish::resend(&db, send, inner.now()).await?;
        notify_sends(&db, inner).await?;
        db.commit().await?;
        inner.signals.queued();
        Ok(wish)
    }

    async fn adopt(&self, adoption: Adoption) -> Result<u64, StoreError> {
        let inner = self.inner();
        let db = inner.transaction().await?;
        let adopted = wish::adopt(&db, adoption, inner.now()).await?;
        notify_sends(&db, inner).await?;
        db.commit().await?;
        inner.signals.queued();
        Ok(adopted)
    }

    async fn pause_sender(
        &self,
        sender: &str,
        why: &str,
        until: Option<Moment>,
    ) -> Result<(), StoreError> {
        let inner = self.inner();
        let mut changes = Vec::new();
        let db = inner.transaction().await?;
        sender::pause(&db, sender, why, until, inner.now(), &mut changes).await?;
        notify_sends(&db, inner).await?;
        db.commit().await?;
        inner.signals.tell(changes);
        Ok(())
    }

    async fn resume_sender(&self, sender: &str) -> Result<bool, StoreError> {
        let inner = self.inner();
        let mut changes = Vec::new();
        let db = inner.transaction().await?;
        let was_paused = sender::resume(&db, sender, inner.now(), &mut changes).await?;
        notify_sends(&db, inner).await?;
        db.commit().await?;
        inner.signals.tell(changes);
        Ok(was_paused)
    }

    async fn pause_of(&self, sender: &str) -> Result<Option<Pause>, StoreError> {
        let inner = self.inner();
        sender::hold_of(&inner.db().await?, sender, inner.now()).await
    }

    async fn set_opt_out(
        &self,
        sender: &str,
        conversation: &str,
        purpose: Purpose,
        is_out: bool,
        source: &str,
    ) -> Result<(), StoreError> {
        let inner = self.inner();
        let (db, said) = (inner.db().await?, (purpose, is_out));
        sender::set_opt_out(&db, sender, conversation, said, inner.now(), source).await
    }

    async fn close_window(&self, sender: &str, conversation: &str) -> Result<(), StoreError> {
        let inner = self.inner();
        tracking::window_closed(&inner.db().await?, sender, conversation, inner.now()).await
    }

    async fn note(&self, facts: Facts) -> Result<(), StoreError> {
        if facts.is_empty() {
            return Ok(());
        }
        let inner = self.inner();
        let changes = retry(|| note_once(inner, &facts)).await?;
        inner.signals.tell(changes);
        Ok(())
    }

    async fn send(&self, send: SendId) -> Result<Option<SendRecord>, StoreError> {
        query::by_id(&self.inner().db().await?, send).await
    }

    async fn find_send(&self, name: &str) -> Result<Option<SendRecord>, StoreError> {
        query::by_name(&self.inner().db().await?, name).await
    }

    async fn message(&self, reference: &str) -> Result<Option<MessageRecord>, StoreError> {
        tracking::message(&self.inner().db().await?, reference).await
    }

    async fn conversation(
        &self,
        sender: &str,
        conversation: &str,
    ) -> Result<ConversationRecord, StoreError> {
        tracking::conversation(&self.inner().db().await?, sender, conversation).await
    }

    async fn sends(&self, query: SendQuery) -> Result<Vec<SendRecord>, StoreError> {
        query::list(&self.inner().db().await?, &query).await
    }

    async fn outbox_stats(&self) -> Result<OutboxStats, StoreError> {
        let inner = self.inner();
        query::stats(&inner.db().await?, inner.now()).await
    }

    async fn queued(&self, sender: &str) -> Result<u64, StoreError> {
        query::queued(&self.inner().db().await?, sender).await
    }

    async fn initiated(
        &self,
        sender: &str,
        since: Moment,
    ) -> Result<Vec<(String, Moment)>, StoreError> {
        query::initiated(&self.inner().db().await?, sender, since).await
    }

    fn watch_sends(&self) -> watch::Receiver<u64> {
        self.inner().signals.watch_queued()
    }

    fn send_changes(&self) -> Changes {
        self.changes()
    }

    fn time(&self) -> Moment {
        self.inner().now()
    }
}

async fn enqueue_once(inner: &Inner, sends: &[NewSend]) -> Result<Vec<Queued>, StoreError> {
    let now = inner.now();
    let db = inner.transaction().await?;
    if let Some(conflict) = conflict(&db, sends).await? {
        return Ok(vec![conflict; sends.len()]);
    }
    let queued = insert_all(&db, sends, now).await?;
    if queued.iter().any(|it| matches!(it, Queued::New(_))) {
        notify_sends(&db, inner).await?;
    }
    db.commit().await?;
    Ok(queued)
}

async fn fly_once(inner: &Inner, takeoff: &Takeoff) -> Result<(Flown, Vec<Change>), StoreError> {
    let mut changes = Vec::new();
    let mut look = inner.looks.begin(&takeoff.sender, inner.claim());
    let db = inner.transaction().await?;
    let flown = fly::fly(&db, inner, takeoff, &mut look, inner.now(), &mut changes).await?;
    db.commit().await?;
    look.succeeded();
    Ok((flown, changes))
}

async fn end_once(inner: &Inner, sender: &str) -> Result<Vec<Change>, StoreError> {
    let mut changes = Vec::new();
    let mut look = inner.looks.begin(sender, inner.claim());
    let db = inner.transaction().await?;
    fly::end(&db, inner, sender, &mut look, inner.now(), &mut changes).await?;
    notify_sends(&db, inner).await?;
    db.commit().await?;
    look.succeeded();
    Ok(changes)
}

async fn land_once(
    inner: &Inner,
    (send, number): (SendId, u32),
    landing: &Landing,
) -> Result<(bool, Vec<Change>), StoreError> {
    loop {
        let attempt = land::Attempt {
            send,
            number,
            epochs: inner.all_mine(),
        };
        let mut changes = Vec::new();
        let db = inner.transaction().await?;
        let landed = land::land(&db, &attempt, landing, inner.now(), &mut changes).await?;
        db.commit().await?;
        // This worker may have got another number while it waited for the row, and the row with it.
        if landed || inner.all_mine() == attempt.epochs {
            return Ok((landed, changes));
        }
    }
}

async fn note_once(inner: &Inner, facts: &Facts) -> Result<Vec<Change>, StoreError> {
    let mut changes = Vec::new();
    let db = inner.transaction().await?;
    tracking::feed(&db, &[facts], inner.now(), &mut changes).await?;
    db.commit().await?;
    Ok(changes)
}
