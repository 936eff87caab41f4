//! The settings of a store, and how it is opened.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_nats::{Client, ConnectOptions, jetstream};
use kaleyra_wa_store::outbox::OutboxStore;
use kaleyra_wa_store::{Clock, Retention, StoreError, SystemClock};

use crate::address::Address;
use crate::connect::{connect, connected};
use crate::failure::invalid;
use crate::link::Link;
use crate::names::Names;
use crate::{Durability, NatsStore, streams};

/// Makes a [`NatsStore`].
///
/// | Setting | Default | What it is |
/// |---|---|---|
/// | [`name`](Self::name) | `inbox` | which store on the server it is |
/// | [`connect_options`](Self::connect_options) | none | TLS, credentials, and all else of the connection |
/// | [`client`](Self::client) | its own | the connection |
/// | [`replicas`](Self::replicas) | 1 | how many servers of a cluster keep each message |
/// | [`server_syncs_always`](Self::server_syncs_always) | no | whether the server syncs each write to its disk |
/// | [`max_bytes`](Self::max_bytes) | the server's limit | how large the stream of events may become |
/// | [`lease`](Self::lease) | 30 s | after how long without a sign others take over |
/// | [`timeout`](Self::timeout) | 5 s | how long the server may take to respond |
/// | [`retention`](Self::retention) | 7 days, dead letters 90 | how long what was handled is kept |
/// | [`outbox`](Self::outbox) | none | where replies go, and what callbacks say about sends |
#[must_use]
pub struct NatsOptions {
    server: String,
    connect: Option<ConnectOptions>,
    client: Option<Client>,
    name: Option<String>,
    replicas: usize,
    syncs_always: bool,
    max_bytes: Option<u64>,
    timeout: Duration,
    pub(crate) lease: Duration,
    pub(crate) retention: Retention,
    pub(crate) outbox: Option<Arc<dyn OutboxStore>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) handles: bool,
    pub(crate) is_alone: bool,
}

impl NatsOptions {
    /// The default of [`name`](Self::name): `inbox`.
    pub const DEFAULT_NAME: &str = "inbox";
    /// The default of [`lease`](Self::lease): 30 s.
    pub const DEFAULT_LEASE: Duration = Duration::from_secs(30);
    /// The default of [`timeout`](Self::timeout): 5 s.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);
    const LONGEST_LEASE: Duration = Duration::from_secs(24 * 60 * 60);

    /// A store on this server: `nats://host:4222`, `tls://host`, or several of a cluster with commas between them.
    pub fn new(server: impl Into<String>) -> Self {
        Self {
            server: server.into(),
            connect: None,
            client: None,
            name: None,
            replicas: 1,
            syncs_always: false,
            max_bytes: None,
            timeout: Self::DEFAULT_TIMEOUT,
            lease: Self::DEFAULT_LEASE,
            retention: Retention::default(),
            outbox: None,
            clock: Arc::new(SystemClock),
            handles: true,
            is_alone: false,
        }
    }

    /// How to connect: TLS, certificates, credentials, names, by what the client offers.
    pub fn connect_options(mut self, options: ConnectOptions) -> Self {
        self.connect = Some(options);
        self
    }

    /// Uses this connection, in place of one of its own.
    pub fn client(mut self, client: Client) -> Self {
        self.client = Some(client);
        self
    }

    /// Which store on the server it is: up to 50 letters, digits, `-` and `_`. Its streams are `KWA_<name>` and
    /// `KWA_<name>_STATE`, made where there are none.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// How many servers of a cluster keep each message: 1, 3 or 5. For a store that is new; of one that is there, change its
    /// streams.
    pub fn replicas(mut self, replicas: usize) -> Self {
        self.replicas = replicas;
        self
    }

    /// Says that the server has `sync_interval: always` in its configuration, which a client can't see. Without it, and with
    /// one replica, a power cut takes what was acknowledged since the last sync, which is up to two minutes: that is logged as a
    /// warning then, and [`NatsStore::durability`] says so.
    pub fn server_syncs_always(mut self) -> Self {
        self.syncs_always = true;
        self
    }

    /// How large the stream of events may become. Beyond it new callbacks are refused, and nothing that is there is dropped.
    /// What becomes of events is in another stream, which has no such limit: outcomes can still be written.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = Some(bytes);
        self
    }

    /// After how long without a sign of this process others take over what it had, at least 2 s. Where it ends, and its
    /// connection with it, they take over in about a second.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease.max(Duration::from_secs(2));
        self
    }

    /// How long the server may take to respond.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long what was handled is kept. Bodies are kept as long as their events; [`Retention::max_bytes`] is for files: use
    /// [`max_bytes`](Self::max_bytes).
    pub fn retention(mut self, retention: Retention) -> Self {
        self.retention = retention;
        self
    }

    /// Where what handlers reply is queued, and where what callbacks say about sends is noted: JetStream has no outbox of ours.
    ///
    /// Replies are queued before their event is settled, each by its key: however often the event is handled, it is queued once.
    pub fn outbox(mut self, outbox: impl OutboxStore + 'static) -> Self {
        self.outbox = Some(Arc::new(outbox));
        self
    }

    /// Supplies the time, in place of the system clock. Leases go by the server's clock.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Only keeps callbacks, and leaves it to others to handle them: for a process that receives and does nothing else.
    pub fn receive_only(mut self) -> Self {
        self.handles = false;
        self
    }

    /// Refuses to open where another process has the store open.
    pub fn alone(mut self) -> Self {
        self.is_alone = true;
        self
    }

    /// Opens the store, made where there is none, and takes a share of the conversations.
    ///
    /// # Errors
    ///
    /// `Io` where the server can't be reached or refuses the user; `Invalid` where it is older than 2.12.1, or has JetStream
    /// off, or where the settings make no sense; `NotAStore` and `NewerVersion` where its streams are another program's, or of a
    /// newer version; `Owned` where it is to be [alone](Self::alone) and is not. To be called in a tokio runtime.
    pub async fn open(mut self) -> Result<NatsStore, StoreError> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(invalid("a store on JetStream needs a tokio runtime"));
        }
        let address = match &self.client {
            // Only what it says of the store counts.
            Some(_) => Address::parse(&self.server).unwrap_or_default(),
            None => Address::parse(&self.server)?,
        };
        let name = self.name.clone().or_else(|| address.name.clone());
        let name = name.unwrap_or_else(|| Self::DEFAULT_NAME.to_owned());
        self.check(&name)?;
        let client = match self.client.take() {
            Some(client) => client,
            None => connect(address, self.connect.take(), self.timeout).await?,
        };
        connected(&client, self.timeout).await?;
        streams::check_server(&client.server_info())?;
        streams::check_jetstream(&client, self.timeout).await?;
        let mut js = jetstream::new(client.clone());
        js.set_timeout(self.timeout);
        let names = Names::new(&name);
        let max_bytes = self
            .max_bytes
            .map(|it| i64::try_from(it).unwrap_or(i64::MAX));
        let replicas = streams::prepare(&js, &names, self.replicas, max_bytes).await?;
        let durability = match (replicas, self.syncs_always) {
            (_, true) => Durability::Synced,
            (1, false) => Durability::Process,
            (copies, false) => Durability::Copies(copies),
        };
        if !durability.survives_power_cuts() {
            tracing::warn!(
                copies = replicas,
                "the server acknowledges before it syncs: a power cut takes callbacks that were acknowledged. Set \
                 `sync_interval: always` in its configuration and say server_syncs_always(), or have 3 replicas"
            );
        }
        if replicas < self.replicas {
            tracing::warn!(
                copies = replicas,
                "its streams have fewer replicas than were asked for: change them with `nats stream edit --replicas`, and start \
                 all processes again"
            );
        }
        let link = Link {
            client,
            js,
            names,
            timeout: self.timeout,
            is_single: replicas == 1,
        };
        let kept = link.extent(&link.names.events()).await;
        let known = kept.map_err(StoreError::from)?.last_seq;
        let known = i64::try_from(known).unwrap_or(i64::MAX);
        NatsStore::open(self, link, known, durability).await
    }

    /// Refuses settings that make no sense.
    fn check(&self, name: &str) -> Result<(), StoreError> {
        let why = if self.retention.max_bytes.is_some() {
            "Retention::max_bytes is for a store in a file: use NatsOptions::max_bytes"
        } else if !Names::is_valid(name) {
            "the name of a store on JetStream has 1 to 50 letters, digits, `-` and `_`, and does not end in `_STATE`"
        } else if !matches!(self.replicas, 1 | 3 | 5) {
            "a store on JetStream has 1, 3 or 5 replicas"
        } else if self.max_bytes == Some(0) {
            "a stream of no bytes can't keep anything: leave max_bytes out for no limit"
        } else if self.timeout.is_zero() {
            "the server needs some time to respond: the default timeout is 5 s"
        } else if self.lease > Self::LONGEST_LEASE {
            "a lease of more than a day keeps what a process had from all others for as long: the default is 30 s"
        } else {
            return Ok(());
        };
        Err(invalid(why))
    }
}

impl fmt::Debug for NatsOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NatsOptions")
            .field("name", &self.name)
            .field("replicas", &self.replicas)
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}
