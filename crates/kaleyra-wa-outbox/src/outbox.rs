//! The outbox: what an application queues messages with and queries.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_client::types::outbound::Content;
use kaleyra_wa_client::{Client, IntoRecipient, RetryPolicy};
use kaleyra_wa_store::outbox::{Adoption, OutboxStats, Pause, SendId, Wish};
use kaleyra_wa_store::{CampaignStore, Changes};

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
    /// For an example see the [crate](crate).
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
    ///
    /// For an example see [`Builder`].
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
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-outbox-track-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
    /// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// # let client = kaleyra_wa_client::Client::new(account)?;
    /// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
    /// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
    /// outbox.enqueue("order-17", "+919800000001", "Your order is on its way.").await?;
    ///
    /// let order = outbox.track("order-17").await?.expect("it was queued");
    /// assert_eq!((order.state(), order.advice()), ("queued", None));
    /// assert!(outbox.track("order-18").await?.is_none());
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn track(&self, name: &str) -> Result<Option<Track>, OutboxError> {
        crate::track::track(&*self.parts.store, name).await
    }

    /// What happens from now on: sends and messages that came to a state, campaigns, pauses.
    ///
    /// ```
    /// use kaleyra_wa_outbox::Change;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-outbox-changes-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
    /// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// # let client = kaleyra_wa_client::Client::new(account)?;
    /// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
    /// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
    /// let mut changes = outbox.changes();
    /// outbox.pause("the shop is closed").await?;
    /// assert!(matches!(changes.next().await, Some(Change::SenderPaused { why, .. }) if why == "the shop is closed"));
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
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
    /// use kaleyra_wa_outbox::SendState;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-outbox-stats-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
    /// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// # let client = kaleyra_wa_client::Client::new(account)?;
    /// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
    /// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
    /// outbox.enqueue("order-17", "+919800000001", "Your order is on its way.").await?;
    /// assert_eq!(outbox.stats().await?.count(SendState::Queued), 1);
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
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
    /// use kaleyra_wa_outbox::{SendState, Wish};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-outbox-cancel-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
    /// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// # let client = kaleyra_wa_client::Client::new(account)?;
    /// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
    /// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
    /// let queued = outbox.enqueue("order-17", "+919800000001", "Your order is on its way.").await?;
    /// let id = queued.id.expect("it is no reply");
    /// assert_eq!(outbox.cancel(id).await?, Wish::Done(id)); // `Refused` where it was flying already
    /// assert_eq!(outbox.cancel(id).await?, Wish::Refused(SendState::Cancelled));
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn cancel(&self, send: SendId) -> Result<Wish, OutboxError> {
        Ok(self.parts.store.cancel(send).await?)
    }

    /// Sends a message again that is done or in doubt: as another message, with another key and reference. The user may
    /// get it twice, which is for a person to decide.
    ///
    /// ```
    /// use kaleyra_wa_outbox::Wish;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-outbox-resend-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
    /// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// # let client = kaleyra_wa_client::Client::new(account)?;
    /// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
    /// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
    /// let queued = outbox.enqueue("order-17", "+919800000001", "Your order is on its way.").await?;
    /// let id = queued.id.expect("it is no reply");
    /// outbox.cancel(id).await?; // by mistake
    ///
    /// let Wish::Done(copy) = outbox.resend(id).await? else { panic!("it is done, so it can be sent again") };
    /// assert_ne!(copy, id);
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    pub async fn resend(&self, send: SendId) -> Result<Wish, OutboxError> {
        Ok(self.parts.store.resend(send).await?)
    }

    /// Adopts a store that was restored from a backup: what is queued in it may have been sent since.
    ///
    /// ```
    /// use kaleyra_wa_outbox::{Adoption, Outbox};
    /// use kaleyra_wa_outbox::store::{InboxStore, SqliteStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-outbox-adopt-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
    /// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// # let client = kaleyra_wa_client::Client::new(account)?;
    /// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
    /// # let outbox = Outbox::builder(client.clone(), store.clone()).build();
    /// outbox.enqueue("order-17", "+919800000001", "Your order is on its way.").await?;
    /// store.backup(&directory.join("backup.db")).await?;
    ///
    /// // Later, on another machine:
    /// let restored = SqliteStore::open(directory.join("backup.db"))?;
    /// let outbox = Outbox::builder(client, restored.clone()).build();
    /// assert!(outbox.paused().await?.is_some());
    /// assert_eq!(outbox.adopt(Adoption::Uncertain).await?, 1); // it may have gone out since
    /// assert!(outbox.paused().await?.is_none());
    /// # restored.close().await;
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
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
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-outbox-pause-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
    /// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// # let client = kaleyra_wa_client::Client::new(account)?;
    /// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
    /// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
    /// outbox.pause("the shop is closed").await?;
    /// assert_eq!(outbox.paused().await?.map(|pause| pause.why).as_deref(), Some("the shop is closed"));
    /// assert!(outbox.resume().await?);
    /// assert!(outbox.paused().await?.is_none());
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
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
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-outbox-campaignname-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
    /// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// # let client = kaleyra_wa_client::Client::new(account)?;
    /// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
    /// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
    /// assert!(outbox.campaign("spring").await?.is_none());
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn campaign(&self, name: &str) -> Result<Option<Campaign>, OutboxError> {
        let found = self.parts.store.campaign(name).await?;
        Ok(found.map(|record| Campaign::new(self.clone(), record)))
    }

    /// The store below.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-outbox-thestore-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
    /// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// # let client = kaleyra_wa_client::Client::new(account)?;
    /// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
    /// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
    /// assert!(outbox.store().campaigns().await?.is_empty());
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn store(&self) -> &Arc<dyn CampaignStore> {
        &self.parts.store
    }

    /// Stops sending: nothing new goes out, and what is in flight is waited for, at most this long. `false` where
    /// something was still in flight then; it is uncertain at the next start, as after a crash.
    ///
    /// For an example see the [crate](crate).
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
