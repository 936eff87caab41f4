//! What an outbox requires of a store.

use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::watch;

use super::{
    Adoption, Doubts, Flown, Landing, NewSend, OutboxStats, Pause, Purpose, Queued, SendId,
    SendQuery, SendRecord, Takeoff, Wish,
};
use crate::tracking::{ConversationRecord, Facts, MessageRecord};
use crate::{Changes, Moment, StoreError};

/// Keeps sends until it is known what became of them, and what callbacks say about them.
///
/// # The contract
///
/// * **What returned `Ok` is kept**: it survives the end of the process and of the machine.
/// * **One row for a key**, until retention: the same key never makes a second send.
/// * **A send flies once for each attempt.** [`fly`](Self::fly) alone makes a queued send flying, in one transaction with
///   all that is checked, and gives it to nobody else.
/// * **Back to the queue only where it certainly was not sent**: by [`Landing::Again`] of the attempt that is flying.
///   What is uncertain never is queued again; [`resend`](Self::resend) makes another send.
/// * **Proofs hold** in any order, and any number of times: what callbacks say by [`note`](Self::note), or in the
///   transaction that keeps a delivery, and what lands give the same result whichever is first.
/// * **In each conversation** sends of no campaign fly one at a time, in the order in which they were queued.
/// * **A store that may be older than what was sent** gives nothing to fly until it is [adopted](Self::adopt).
///
/// One process at a time owns the store: it alone queues, flies and lands. Others may read, cancel, pause and opt out.
///
/// The suite in `conformance`, with the feature of that name, checks all of it.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::{Cargo, Landing, SendState, Takeoff};
/// use kaleyra_wa_store::{OutboxStore, SqliteStore};
/// # use kaleyra_wa_store::{Moment, outbox::{Digest as D, NewSend, Purpose}};
/// # fn new_send(key: &str) -> NewSend {
/// #     NewSend {
/// #         key: key.into(), digest: D::of([key.as_bytes()]), reference: key.into(),
/// #         sender: "919700000001".into(),
/// #         recipient: "+919800000001".into(), conversation: "919800000001".into(),
/// #         body: "{}".into(), fallback: None,
/// #         purpose: Purpose::Utility, priority: 0, not_before: Moment::default(), expires_at: None,
/// #         needs_window: false,
/// #         user_wrote_at: None, follows: None,
/// #     }
/// # }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-example-outbox-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// store.enqueue(new_send("order-17")).await?;
///
/// let flown = store.fly(Takeoff::new("919700000001", 10)).await?;
/// for flight in flown.flights {
///     let Cargo::Body(body) = &flight.cargo else { panic!("no campaign is running") };
///     assert!(!body.is_empty()); // here it goes to the server, once
///     let landing = Landing::Accepted { http: Some(202), message_id: Some("8e1b".into()) };
///     assert!(store.land(flight.id, flight.attempt, landing).await?);
/// }
/// let record = store.find_send("order-17").await?.expect("it was queued");
/// assert_eq!((record.state, record.http), (SendState::Accepted, Some(202)));
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[async_trait]
pub trait OutboxStore: Send + Sync {
    /// Queues a send. One with the same key is there at most once.
    ///
    /// # Errors
    ///
    /// Where it can't be kept.
    async fn enqueue(&self, send: NewSend) -> Result<Queued, StoreError>;

    /// Queues several in one transaction: all or none are kept. Those whose key exists already are left as they are; where
    /// one has the key of another content, none is queued, and that conflict is the result for each.
    ///
    /// # Errors
    ///
    /// Where they can't be kept.
    async fn enqueue_all(&self, sends: Vec<NewSend>) -> Result<Vec<Queued>, StoreError>;

    /// Looks after what an earlier process left in flight: it is uncertain.
    ///
    /// It also puts right what a clock that was set back made wrong, so it is to be called at every start, and again when
    /// the clock is seen to go back: what waits longer for its next attempt than any wait is, is due; a pause and a doubt that
    /// began at a time that is still to come count from now, and last as long as they were to last.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn recover_sends(&self) -> Result<Doubts, StoreError>;

    /// Takes sends that may go out now and notes that they are flying. Those that must not be sent any more are settled on
    /// the way.
    ///
    /// # Errors
    ///
    /// Where the store can't be written. Nothing must be sent.
    async fn fly(&self, takeoff: Takeoff) -> Result<Flown, StoreError>;

    /// This process sends nothing more for this number: another one that shares the store may. What is still in flight is in doubt.
    ///
    /// # Errors
    ///
    /// Where the store can't be written: then others may when this process ends.
    async fn end_sending(&self, sender: &str) -> Result<(), StoreError> {
        let _ = sender;
        Ok(())
    }

    /// Notes what became of an attempt. `false`, and nothing is done, where the send is not at this attempt any more, or
    /// a proof came before.
    ///
    /// # Errors
    ///
    /// Where the store can't be written. To be tried again.
    async fn land(&self, send: SendId, attempt: u32, landing: Landing) -> Result<bool, StoreError>;

    /// Gives up on what is uncertain for longer than this: it is unresolved, with the evidence that there is.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn resolve(&self, after: Duration) -> Result<Doubts, StoreError>;

    /// Cancels a send that is queued.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn cancel(&self, send: SendId) -> Result<Wish, StoreError>;

    /// Queues a copy of a send that is done or in doubt, under a new key and a new reference. A person decides this.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn resend(&self, send: SendId) -> Result<Wish, StoreError>;

    /// Takes a restored store into use again, and gives the number of sends that are uncertain by that.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn adopt(&self, adoption: Adoption) -> Result<u64, StoreError>;

    /// Pauses a sender, or makes the reason and the time of a pause others.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn pause_sender(
        &self,
        sender: &str,
        why: &str,
        until: Option<Moment>,
    ) -> Result<(), StoreError>;

    /// Resumes a sender; `false` where it was not paused.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn resume_sender(&self, sender: &str) -> Result<bool, StoreError>;

    /// The pause of a sender. One of a store that was restored is paused without an end, until it is
    /// [adopted](Self::adopt).
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn pause_of(&self, sender: &str) -> Result<Option<Pause>, StoreError>;

    /// Notes that a user wants no messages for this purpose any more, or wants them again. The latest statement counts.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn set_opt_out(
        &self,
        sender: &str,
        conversation: &str,
        purpose: Purpose,
        is_out: bool,
        source: &str,
    ) -> Result<(), StoreError>;

    /// Notes that WhatsApp said just now that a user's 24-hour window is closed.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn close_window(&self, sender: &str, conversation: &str) -> Result<(), StoreError>;

    /// Records what a callback says: for applications without an inbox in the same store.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    async fn note(&self, facts: Facts) -> Result<(), StoreError>;

    /// One send, by its id, with what callbacks said.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn send(&self, send: SendId) -> Result<Option<SendRecord>, StoreError>;

    /// One send, by its key or its reference.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn find_send(&self, name: &str) -> Result<Option<SendRecord>, StoreError>;

    /// What callbacks said of a message, whether it is a send of this store or not.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn message(&self, reference: &str) -> Result<Option<MessageRecord>, StoreError>;

    /// What is known of a conversation.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn conversation(
        &self,
        sender: &str,
        conversation: &str,
    ) -> Result<ConversationRecord, StoreError>;

    /// A page of the sends that are asked for, in the order in which they were queued.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn sends(&self, query: SendQuery) -> Result<Vec<SendRecord>, StoreError>;

    /// How much is kept. It looks at every send.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn outbox_stats(&self) -> Result<OutboxStats, StoreError>;

    /// How many sends of a sender are queued: what is asked every few seconds for a gauge. It looks at those alone.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn queued(&self, sender: &str) -> Result<u64, StoreError>;

    /// The conversations that were begun with templates since then, each with the last time: what the daily limit of a
    /// sender is counted by.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    async fn initiated(
        &self,
        sender: &str,
        since: Moment,
    ) -> Result<Vec<(String, Moment)>, StoreError>;

    /// Rises whenever there may be something to send.
    fn watch_sends(&self) -> watch::Receiver<u64>;

    /// What happens from now on.
    fn send_changes(&self) -> Changes;

    /// The time, by the store's clock.
    fn time(&self) -> Moment;
}
