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
/// | [`connect_options`](Self::connect_options) | none | all of the connection that an address does not say |
/// | [`client`](Self::client) | its own | the connection |
/// | [`replicas`](Self::replicas) | 1 | how many servers of a cluster keep each message |
/// | [`server_syncs_always`](Self::server_syncs_always) | no | whether the server syncs each write to its disk |
/// | [`max_bytes`](Self::max_bytes) | the server's limit | how large the stream of events may become |
/// | [`lease`](Self::lease) | 30 s | after how long without a sign others take over |
/// | [`timeout`](Self::timeout) | 5 s | how long the server may take to respond |
/// | [`retention`](Self::retention) | 7 days, dead letters 90 | how long what was handled is kept |
/// | [`outbox`](Self::outbox) | none | where replies go, and what callbacks say about sends |
///
/// # Examples
///
/// A worker of a bot on a cluster of three servers, whose replies go out by an outbox in a file:
///
/// ```no_run
/// use std::time::Duration;
///
/// use kaleyra_wa_store_nats::NatsOptions;
/// use kaleyra_wa_store_nats::base::{Retention, SqliteStore};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let mut retention = Retention::default();
/// retention.handled = Duration::from_secs(2 * 24 * 60 * 60); // duplicates are known for two days
/// let store = NatsOptions::new("tls://a.nats.internal, tls://b.nats.internal, tls://c.nats.internal?creds=bot.creds")
///     .name("bot")
///     .replicas(3)
///     .max_bytes(20 * 1024 * 1024 * 1024)
///     .lease(Duration::from_secs(15))
///     .timeout(Duration::from_secs(3))
///     .retention(retention)
///     .outbox(SqliteStore::open("outbox.db")?)
///     .open()
///     .await?;
/// assert!(store.durability().survives_power_cuts());
/// # Ok(())
/// # }
/// ```
///
/// Settings that make no sense are refused before anything is connected:
///
/// ```
/// use kaleyra_wa_store_nats::NatsOptions;
/// use kaleyra_wa_store_nats::base::StoreErrorKind;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let error = NatsOptions::new("nats://127.0.0.1:4222").replicas(2).open().await.unwrap_err();
/// assert_eq!(error.kind(), StoreErrorKind::Invalid);
/// assert!(error.to_string().contains("1, 3 or 5 replicas"));
/// # }
/// ```
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

    /// A store on this server, or on one of several of a cluster with commas between them:
    ///
    /// ```text
    /// nats://[user:password@]host[:4222][/name][?option=value&…]
    /// tls://…                       no connection without TLS; with nats:// the server says whether there is TLS
    /// nats://token@host
    /// ```
    ///
    /// | Option | What it is |
    /// |---|---|
    /// | `creds=FILE` | a JWT and its seed, as `nsc` writes them |
    /// | `nkey=FILE` | the seed of an `NKey` of a user, which begins with `SU` |
    /// | `ca=FILE` | the authorities to trust, as PEM, in place of the machine's own; no connection without TLS |
    /// | `cert=FILE`, `key=FILE` | a certificate for a server that asks for one, and its key |
    /// | `tls=first` | TLS before the server has said anything: its `handshake_first` |
    ///
    /// The path is the [name](Self::name) of the store. In a user or a password, write `%40` for `@`, `%2F` for `/`, `%3A` for `:`
    /// and `%2C` for a comma. One login is for all servers. Neither the log nor an error shows anything of an address: it is looked
    /// at when the store is [opened](Self::open).
    ///
    /// ```
    /// use kaleyra_wa_store_nats::NatsOptions;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// // `@` and `/` as they are.
    /// let error = NatsOptions::new("nats://bot:p@ss/word@db.internal?cred=a").open().await.unwrap_err();
    /// assert!(!format!("{error} {error:?}").contains("p@ss"));
    /// # }
    /// ```
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

    /// How to connect, by what the client offers: intervals, callbacks, a configuration of rustls. What the address says is set
    /// besides, and counts where both say the same.
    ///
    /// Where rustls has several providers in the program, give a configuration, or install a default: the client's own choice
    /// panics. Without this setting, it is *ring*.
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// use kaleyra_wa_store_nats::NatsOptions;
    /// use kaleyra_wa_store_nats::async_nats::ConnectOptions;
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// // A connection that is dead is noticed in 20 s.
    /// let connect = ConnectOptions::new().ping_interval(Duration::from_secs(10));
    /// let store = NatsOptions::new("nats://nats.internal").connect_options(connect).open().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn connect_options(mut self, options: ConnectOptions) -> Self {
        self.connect = Some(options);
        self
    }

    /// Uses this connection, in place of one of its own: of the address, only the name of the store counts. It stays open when the
    /// store is closed.
    ///
    /// ```no_run
    /// use kaleyra_wa_store_nats::{NatsOptions, async_nats};
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let address = "nats://127.0.0.1:4222";
    /// let client = async_nats::connect(address).await?;
    /// let store = NatsOptions::new(address).client(client.clone()).open().await?;
    /// client.publish("bot.started", "".into()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn client(mut self, client: Client) -> Self {
        self.client = Some(client);
        self
    }

    /// Which store on the server it is, in place of what the path of the address says: up to 50 letters, digits, `-` and `_`, not
    /// with `_STATE` at the end. Its streams are `KWA_<name>` and `KWA_<name>_STATE`, made where there are none.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// How many servers of a cluster keep each message: 1, 3 or 5. For a store that is new. Of one that is there, change both streams
    /// by `nats stream edit --replicas`, and start all processes again; where it has fewer than are asked for, a warning is logged,
    /// and [`NatsStore::durability`] says how many.
    pub fn replicas(mut self, replicas: usize) -> Self {
        self.replicas = replicas;
        self
    }

    /// Says that the server has `sync_interval: always` in its configuration, which a client can't see. Without it, and with
    /// one replica, a power cut takes what was acknowledged since the last sync, which is up to two minutes: that is logged as a
    /// warning then, and [`NatsStore::durability`] says so.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use kaleyra_wa_store_nats::NatsOptions;
    ///
    /// # async fn open() -> Result<(), kaleyra_wa_store_nats::base::StoreError> {
    /// let store = NatsOptions::new("nats://127.0.0.1:4222").server_syncs_always().open().await?;
    /// assert!(store.durability().survives_power_cuts());
    /// # Ok(())
    /// # }
    /// ```
    pub fn server_syncs_always(mut self) -> Self {
        self.syncs_always = true;
        self
    }

    /// How large the stream of events may become. Beyond it new callbacks are refused, and nothing that is there is dropped.
    /// What becomes of events is in another stream, which has no such limit: outcomes can still be written, as long as the account
    /// and the disk have room. Not 0.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = Some(bytes);
        self
    }

    /// After how long without a sign of this process others take over what it had: 2 s to a day. Where it ends, and its connection
    /// with it, they take over in about a second. A handler may run longer than that: only where the whole process, or its connection,
    /// is stuck for so long, others handle the event too.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease.max(Duration::from_secs(2));
        self
    }

    /// How long the server may take to respond, and to be connected: more than 0. A callback that is not acknowledged by then gets a
    /// 503; whether it was kept is found out when it comes again.
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
    /// Replies are queued before their event is settled, each by its key: however often the event is handled, it is queued once. With
    /// a file of each worker's own, an event that another worker takes over is replied to by both; an outbox on Postgres is one for
    /// all.
    pub fn outbox(mut self, outbox: impl OutboxStore + 'static) -> Self {
        self.outbox = Some(Arc::new(outbox));
        self
    }

    /// Supplies the time, in place of the system clock: for tests of what is old. Leases go by the server's clock.
    ///
    /// ```no_run
    /// use std::sync::Arc;
    /// use std::time::Duration;
    ///
    /// use kaleyra_wa_store_nats::NatsOptions;
    /// use kaleyra_wa_store_nats::base::{ManualClock, Moment};
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let clock = Arc::new(ManualClock::new(Moment::from_millis(1_722_863_329_000)));
    /// let store = NatsOptions::new("nats://127.0.0.1:4222").clock(Arc::clone(&clock)).open().await?;
    /// clock.advance(Duration::from_secs(8 * 24 * 60 * 60)); // what was handled is deleted in a moment
    /// # Ok(())
    /// # }
    /// ```
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Only keeps callbacks, and leaves it to others to handle them: for a process that receives and does nothing else, or one that
    /// looks, puts back and drops.
    ///
    /// ```no_run
    /// use kaleyra_wa_store_nats::NatsOptions;
    /// use kaleyra_wa_store_nats::base::inbox::{EventQuery, EventState, InboxStore};
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let store = NatsOptions::new("nats://127.0.0.1:4222").receive_only().open().await?;
    /// for dead in store.events(EventQuery::new().state(EventState::Dead)).await? {
    ///     store.requeue(dead.id).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn receive_only(mut self) -> Self {
        self.handles = false;
        self
    }

    /// Refuses to open, as `Owned`, where another process that handles events has the store open. It does not keep others from
    /// opening it later.
    ///
    /// ```no_run
    /// use kaleyra_wa_store_nats::NatsOptions;
    /// use kaleyra_wa_store_nats::base::StoreErrorKind;
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let opened = NatsOptions::new("nats://127.0.0.1:4222").alone().open().await;
    /// if opened.is_err_and(|error| error.kind() == StoreErrorKind::Owned) {
    ///     println!("a worker runs already");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn alone(mut self) -> Self {
        self.is_alone = true;
        self
    }

    /// Opens the store, made where there is none, and takes a share of the conversations.
    ///
    /// # Errors
    ///
    /// | Kind | When | May it work later |
    /// |---|---|---|
    /// | `Io` | the server can't be reached, does not respond in time, has no leader, or does not let the user ask JetStream | yes |
    /// | `Invalid` | the address or a setting makes no sense; the login is refused; the certificate is not trusted; the server is older than 2.12.1, has JetStream off, or a `max_payload` below 64 KiB; a stream was changed | no |
    /// | `NotAStore` | its streams, or subjects, are another program's | no |
    /// | `NewerVersion` | its streams are of a newer version of this crate | no |
    /// | `Owned` | it is to be [alone](Self::alone) and is not | no |
    ///
    /// To be called in a tokio runtime.
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
