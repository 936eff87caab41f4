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

    /// How many messages a second go out at most: 80, which is what WhatsApp gives a number at first; up to 1,000 for one
    /// that was upgraded, 20 for one that the WhatsApp app uses, too. Where WhatsApp says that it is too fast, the rate is
    /// halved, and grows by one a second after that.
    pub fn rate(mut self, per_second: u32) -> Self {
        self.settings.rate = per_second.max(1);
        self
    }

    /// How many go out to one user: `burst` at once, each of which comes back after an `interval`. 45 and 6 s, which is
    /// WhatsApp's limit.
    pub fn per_user(mut self, interval: Duration, burst: u32) -> Self {
        self.settings.pair = (interval, burst.max(1));
        self
    }

    /// How many requests wait for their response at most: 64. It is also how many messages can be uncertain after a crash.
    pub fn in_flight(mut self, requests: usize) -> Self {
        self.settings.in_flight = requests.max(1);
        self
    }

    /// To how many users a day campaigns begin a conversation at most: the messaging limit of the number, 250, 1,000,
    /// 10,000 or 100,000. What goes to users with an open window does not count, nor is anything but a campaign held back.
    /// Without a limit, the default, WhatsApp's answer pauses the outbox.
    pub fn daily_limit(mut self, users: u32) -> Self {
        self.settings.daily_limit = Some(users);
        self
    }

    /// After how long something uncertain is unresolved, if no callback proves anything: 15 minutes. A late one still does.
    pub fn unresolved_after(mut self, time: Duration) -> Self {
        self.settings.unresolved_after = time;
        self
    }

    /// How often a message is tried that the server refuses with "later" before it counts as rejected: 8. What could not
    /// reach the server at all, or met a limit (429), is tried until it expires.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.settings.attempts = attempts.max(1);
        self
    }

    /// The wait after the first failure, which is doubled each time, and the longest: 1 s and 10 minutes.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.settings.backoff = (first, longest.max(first));
        self
    }

    /// Sends what needs an open 24-hour window whatever is known of that, and lets WhatsApp judge: for a store that no
    /// callbacks come to. By default a window of which nothing is known is closed.
    pub fn assume_open_window(mut self) -> Self {
        self.settings.assume_open_window = true;
        self
    }

    /// An outbox that queues and asks, and does not send: for a process beside the one that owns the store.
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
