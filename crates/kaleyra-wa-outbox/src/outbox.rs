//! The outbox: what an application queues messages with and queries.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_client::types::outbound::Content;
use kaleyra_wa_client::{Client, IntoRecipient, RetryPolicy};
use kaleyra_wa_store::outbox::{Adoption, OutboxStats, Pause, Purpose, SendId, Wish};
use kaleyra_wa_store::tracking::{ConversationRecord, Facts};
use kaleyra_wa_store::types::inbound::Callback;
use kaleyra_wa_store::{CampaignStore, Changes};

use crate::address::conversation_of;
use crate::builder::{Builder, Settings};
use crate::runner::Running;
use crate::{Campaign, Enqueue, NewCampaign, OutboxError, Track};

/// Queues messages, sends them, and knows what became of each. It is cheap to clone, and clones share everything.
///
/// One that was [started](Builder::start) sends in the background until it is [shut down](Self::shutdown); one that was
/// [built](Builder::build) only queues and queries.
///
/// See the [crate](crate) for what is promised.
///
/// For an example see the [crate](crate).
#[derive(Clone)]
pub struct Outbox {
    pub(crate) parts: Arc<Parts>,
}

pub(crate) struct Parts {
    pub(crate) client: Client,
    pub(crate) store: Arc<dyn CampaignStore>,
    pub(crate) settings: Settings,
    pub(crate) running: Running,
    #[cfg(feature = "webhook")]
    pub(crate) replies: crate::reply::Replies,
}

impl Outbox {
    /// An outbox with the default settings, that is sending from now on: see [`builder`](Self::builder).
    ///
    /// # Errors
    ///
    /// Where the store can't be read or written.
    pub async fn start(
        client: Client,
        store: impl CampaignStore + 'static,
    ) -> Result<Self, OutboxError> {
        Self::builder(client, store).start().await
    }

    /// The settings of an outbox over this client and this store.
    ///
    /// What the client would try again is not: the outbox does that, when it is safe. Its transport, its account and its
    /// references are used.
    pub fn builder(client: Client, store: impl CampaignStore + 'static) -> Builder {
        Builder::new(client.with_retry(RetryPolicy::never()), Arc::new(store))
    }

    /// A message to queue, under a key of your own, such as `order-17`.
    ///
    /// The same key with the same content is queued once, however often you call this, also after a crash; with another
    /// content it is a [`KeyConflict`](OutboxError::KeyConflict). The key is also the message's reference, as long as it
    /// has room in one (255 characters), so that it comes back in callbacks and in Kaleyra's reports: put nothing secret in it.
    ///
    /// For an example see [`Enqueue`].
    pub fn enqueue(
        &self,
        key: impl Into<String>,
        to: impl IntoRecipient,
        content: impl Into<Content>,
    ) -> Enqueue {
        Enqueue::new(
            self.clone(),
            Some(key.into()),
            to.into_recipient(),
            content.into(),
        )
    }

    /// What became of the message with this key or reference; `None` where nothing is known of it.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    ///
    /// ```
    /// # async fn run(outbox: &kaleyra_wa_outbox::Outbox) -> Result<(), Box<dyn std::error::Error>> {
    /// if let Some(order) = outbox.track("order-17").await? {
    ///     println!("{}: {:?}", order.state(), order.advice());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn track(&self, name: &str) -> Result<Option<Track>, OutboxError> {
        crate::track::track(&*self.parts.store, name).await
    }

    /// What happens from now on: sends and messages that came to a state, campaigns, pauses.
    pub fn changes(&self) -> Changes {
        self.parts.store.send_changes()
    }

    /// How much is kept, and why nothing is sent if so. It looks at every send.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    ///
    /// ```
    /// # async fn run(outbox: &kaleyra_wa_outbox::Outbox) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("{:?}", outbox.stats().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn stats(&self) -> Result<OutboxStats, OutboxError> {
        Ok(self.parts.store.outbox_stats().await?)
    }

    /// Cancels a message that is queued.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    ///
    /// ```
    /// # async fn run(outbox: &kaleyra_wa_outbox::Outbox) -> Result<(), Box<dyn std::error::Error>> {
    /// let queued = outbox.enqueue("order-17", "+919800000001", "It is on its way.").await?;
    /// if let Some(id) = queued.id {
    ///     println!("{:?}", outbox.cancel(id).await?); // unless it is flying already
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn cancel(&self, send: SendId) -> Result<Wish, OutboxError> {
        Ok(self.parts.store.cancel(send).await?)
    }

    /// Sends a message again that is done or in doubt: as another message, with another key and reference. The user may
    /// get it twice, which is for a person to decide.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    pub async fn resend(&self, send: SendId) -> Result<Wish, OutboxError> {
        Ok(self.parts.store.resend(send).await?)
    }

    /// Adopts a store that was restored from a backup: what is queued in it may have been sent since.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    pub async fn adopt(&self, adoption: Adoption) -> Result<u64, OutboxError> {
        Ok(self.parts.store.adopt(adoption).await?)
    }

    /// Sends nothing until it is resumed.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    ///
    /// ```
    /// # async fn run(outbox: &kaleyra_wa_outbox::Outbox) -> Result<(), Box<dyn std::error::Error>> {
    /// outbox.pause("the shop is closed").await?;
    /// assert!(outbox.paused().await?.is_some());
    /// outbox.resume().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn pause(&self, why: &str) -> Result<(), OutboxError> {
        let sender = self.sender();
        Ok(self.parts.store.pause_sender(&sender, why, None).await?)
    }

    /// Sends again, after somebody paused it or fixed what had paused it. `false` where it was not paused.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    ///
    /// For an example see [`pause`](Self::pause).
    pub async fn resume(&self) -> Result<bool, OutboxError> {
        Ok(self.parts.store.resume_sender(&self.sender()).await?)
    }

    /// Why nothing is sent, if so: a pause, or a backup that was restored and is not [adopted](Self::adopt) yet.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    ///
    /// For an example see [`pause`](Self::pause).
    pub async fn paused(&self) -> Result<Option<Pause>, OutboxError> {
        Ok(self.parts.store.pause_of(&self.sender()).await?)
    }

    /// Notes that a user wants no messages for a purpose any more: for a handler of `STOP`, say. Opt-outs that WhatsApp and Kaleyra
    /// report are noted without it.
    ///
    /// # Errors
    ///
    /// Where there is no user, or the store can't be written.
    pub async fn opt_out(
        &self,
        user: impl IntoRecipient,
        purpose: Purpose,
    ) -> Result<(), OutboxError> {
        self.set_opt_out(user, purpose, true).await
    }

    /// Notes that a user wants them again.
    ///
    /// # Errors
    ///
    /// Where there is no user, or the store can't be written.
    pub async fn opt_in(
        &self,
        user: impl IntoRecipient,
        purpose: Purpose,
    ) -> Result<(), OutboxError> {
        self.set_opt_out(user, purpose, false).await
    }

    async fn set_opt_out(
        &self,
        user: impl IntoRecipient,
        purpose: Purpose,
        is_out: bool,
    ) -> Result<(), OutboxError> {
        let user = user.into_recipient().map_err(OutboxError::NoRecipient)?;
        let conversation = conversation_of(&user);
        let (store, sender) = (&self.parts.store, self.sender());
        let set = store.set_opt_out(&sender, &conversation, purpose, is_out, "call");
        Ok(set.await?)
    }

    /// What is known of the conversation with a user: until when anything may be sent, and what the user does not want.
    ///
    /// # Errors
    ///
    /// Where there is no user, or the store can't be read.
    pub async fn conversation(
        &self,
        user: impl IntoRecipient,
    ) -> Result<ConversationRecord, OutboxError> {
        let user = user.into_recipient().map_err(OutboxError::NoRecipient)?;
        let conversation = conversation_of(&user);
        let store = &self.parts.store;
        Ok(store.conversation(&self.sender(), &conversation).await?)
    }

    /// Notes what a callback says about messages that were sent and about conversations: for applications that take callbacks without
    /// an inbox in the same store. With one, each is noted as it is kept.
    ///
    /// # Errors
    ///
    /// Where the store can't be written: the callback is not to be acknowledged then.
    pub async fn observe(&self, callback: &Callback) -> Result<(), OutboxError> {
        let facts = Facts::of(callback, self.parts.store.time());
        Ok(self.parts.store.note(facts).await?)
    }

    /// A campaign to make: one template to many.
    ///
    /// For an example see [`NewCampaign`].
    pub fn new_campaign(&self, name: impl Into<String>) -> NewCampaign {
        NewCampaign::new(self.clone(), name.into())
    }

    /// The campaign of this name.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    ///
    /// ```
    /// # async fn run(outbox: &kaleyra_wa_outbox::Outbox) -> Result<(), Box<dyn std::error::Error>> {
    /// if let Some(campaign) = outbox.campaign("spring").await? {
    ///     println!("{:?}", campaign.status().await?.state);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn campaign(&self, name: &str) -> Result<Option<Campaign>, OutboxError> {
        let found = self.parts.store.campaign(name).await?;
        Ok(found.map(|record| Campaign::new(self.clone(), record)))
    }

    /// The store below.
    pub fn store(&self) -> &Arc<dyn CampaignStore> {
        &self.parts.store
    }

    /// Stops sending: nothing new goes out, and what is in flight is waited for, at most this long. `false` where
    /// something was still in flight then; it is uncertain at the next start, as after a crash.
    pub async fn shutdown(&self, patience: Duration) -> bool {
        let has_ended = self.parts.running.stop(patience).await;
        if !has_ended {
            // By itself it tells so once all has landed.
            if let Err(error) = self.parts.store.end_sending(&self.sender()).await {
                tracing::debug!(%error, "the store could not be told that nothing is sent any more");
            }
        }
        has_ended
    }

    pub(crate) fn sender(&self) -> String {
        self.parts.client.account().sender().as_str().to_owned()
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox").finish_non_exhaustive()
    }
}
