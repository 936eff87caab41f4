//! The settings of an outbox.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_client::Client;
use kaleyra_wa_store::CampaignStore;

use crate::outbox::Parts;
use crate::runner::{self, Running};
use crate::{Outbox, OutboxError};

/// The settings of an outbox; made by [`Outbox::builder`].
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_outbox::Outbox;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-outbox-builder-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
/// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
/// # let client = kaleyra_wa_client::Client::new(account)?;
/// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
/// let outbox = Outbox::builder(client, store.clone())
///     .rate(80) // messages a second, of the number
///     .per_user(Duration::from_secs(6), 45)
///     .daily_limit(1_000) // users a day whom nobody of has written
///     .in_flight(32)
///     .attempts(5)
///     .backoff(Duration::from_secs(1), Duration::from_secs(60))
///     .unresolved_after(Duration::from_secs(30 * 60))
///     .expires_in(Duration::from_secs(24 * 3600))
///     .start()
///     .await?;
/// assert!(outbox.shutdown(Duration::from_secs(10)).await);
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct Builder {
    client: Client,
    store: Arc<dyn CampaignStore>,
    settings: Settings,
}

#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) rate: u32,
    pub(crate) pair: (Duration, u32),
    pub(crate) in_flight: usize,
    pub(crate) daily_limit: Option<u32>,
    pub(crate) unresolved_after: Duration,
    pub(crate) attempts: u32,
    pub(crate) expires_in: Duration,
    pub(crate) backoff: (Duration, Duration),
    pub(crate) assume_open_window: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rate: 80,
            pair: (Duration::from_secs(6), 45),
            in_flight: 64,
            daily_limit: None,
            unresolved_after: Duration::from_secs(15 * 60),
            attempts: 8,
            expires_in: Duration::from_secs(7 * 24 * 60 * 60),
            backoff: (Duration::from_secs(1), Duration::from_secs(10 * 60)),
            assume_open_window: false,
        }
    }
}

impl Builder {
    pub(crate) fn new(client: Client, store: Arc<dyn CampaignStore>) -> Self {
        Self {
            client,
            store,
            settings: Settings::default(),
        }
    }

    /// The maximum number of messages a second: 80, which is what WhatsApp gives a number at first; up to 1,000 for one
    /// that was upgraded, 20 for one that the WhatsApp app uses, too. Where WhatsApp says that it is too fast, the rate is
    /// halved, and grows by one a second after that.
    ///
    /// For an example see [`Builder`].
    pub fn rate(mut self, per_second: u32) -> Self {
        self.settings.rate = per_second.max(1);
        self
    }

    /// How many go out to one user: `burst` at once, each of which is available again after an `interval`. 45 and 6 s, which is
    /// WhatsApp's limit.
    pub fn per_user(mut self, interval: Duration, burst: u32) -> Self {
        self.settings.pair = (interval, burst.max(1));
        self
    }

    /// The maximum number of requests that wait for their response: 64. It is also how many messages can be uncertain after a crash.
    pub fn in_flight(mut self, requests: usize) -> Self {
        self.settings.in_flight = requests.max(1);
        self
    }

    /// The maximum number of users a day to whom campaigns begin a conversation: the messaging limit of the number, 250, 1,000,
    /// 10,000 or 100,000. What goes to users with an open window does not count, nor is anything but a campaign held back.
    /// Without a limit, the default, WhatsApp's refusal pauses the outbox.
    ///
    /// For an example see [`Builder`].
    pub fn daily_limit(mut self, users: u32) -> Self {
        self.settings.daily_limit = Some(users);
        self
    }

    /// After how long an uncertain message becomes unresolved, if no callback proves anything: 15 minutes. A late callback still settles it.
    pub fn unresolved_after(mut self, time: Duration) -> Self {
        self.settings.unresolved_after = time;
        self
    }

    /// How often the server may refuse a message with "later" before it counts as rejected: 8. An attempt that did not
    /// reach the server, or met a limit or a trouble of the account (429, `131056`, no balance), is not counted: such a
    /// message is tried until it [expires](Self::expires_in).
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.settings.attempts = attempts.max(1);
        self
    }

    /// How long a message waits for its turn at most, where [`Enqueue::expires_in`](crate::Enqueue::expires_in) says nothing
    /// else: 7 days from when it was queued, or from its `not_before`. After that it is expired, which
    /// [`Outbox::changes`] tells, and is not sent. What a campaign's recipients have is said by
    /// [`NewCampaign::expires_in`](crate::NewCampaign::expires_in).
    ///
    /// For an example see [`Builder`].
    pub fn expires_in(mut self, time: Duration) -> Self {
        self.settings.expires_in = time;
        self
    }

    /// The wait after the first failure, which is doubled each time, and the longest: 1 s and 10 minutes.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.settings.backoff = (first, longest.max(first));
        self
    }

    /// Sends what needs an open 24-hour window whatever is known of that, and lets WhatsApp judge: for a store that receives no
    /// callbacks. By default a window of which nothing is known is closed.
    ///
    /// ```
    /// use kaleyra_wa_outbox::Outbox;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-outbox-window-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
    /// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// # let client = kaleyra_wa_client::Client::new(account)?;
    /// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
    /// // Callbacks go elsewhere, so nothing is known of who wrote when.
    /// let outbox = Outbox::builder(client, store.clone()).assume_open_window().start().await?;
    /// outbox.enqueue("order-17", "+919800000001", "Your order is on its way.").await?; // WhatsApp judges
    /// # outbox.shutdown(std::time::Duration::from_secs(1)).await;
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn assume_open_window(mut self) -> Self {
        self.settings.assume_open_window = true;
        self
    }

    /// An outbox that queues and queries, and does not send: for a process beside the one that owns the store.
    ///
    /// ```
    /// use kaleyra_wa_outbox::Outbox;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-outbox-build-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
    /// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// # let client = kaleyra_wa_client::Client::new(account)?;
    /// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
    /// let outbox = Outbox::builder(client, store.clone()).build();
    /// outbox.enqueue("order-17", "+919800000001", "Your order is on its way.").await?;
    /// assert_eq!(outbox.track("order-17").await?.map(|order| order.state()), Some("queued"));
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn build(self) -> Outbox {
        Outbox {
            parts: Arc::new(Parts {
                client: self.client,
                store: self.store,
                settings: self.settings,
                running: Running::default(),
                #[cfg(feature = "webhook")]
                replies: crate::reply::Replies::default(),
            }),
        }
    }

    /// An outbox that is sending from now on, in a task of this runtime. What an earlier process had in flight is uncertain.
    ///
    /// # Errors
    ///
    /// Where the store can't be read or written, or this process is not its owner.
    ///
    /// For an example see [`Builder`].
    pub async fn start(self) -> Result<Outbox, OutboxError> {
        let outbox = self.build();
        runner::start(&outbox).await?;
        Ok(outbox)
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
