//! The settings of a store, and how it is opened.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_store::{Clock, Retention, StoreError, StoreErrorKind, SystemClock};
#[cfg(feature = "rustls")]
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Config, NoTls, Socket};

use crate::address::{Address, Trust};
use crate::connect::Connector;
use crate::db::millis;
use crate::pool::{Pool, SmallPool};
use crate::store::{PostgresStore, Source};
#[cfg(feature = "rustls")]
use crate::tls::Rustls;

/// Makes what opens connections: with these settings, statements that each begins with, and a limit of time.
type MakeConnector = Box<dyn FnOnce(Config, String, Duration) -> Connector + Send>;

/// Makes a [`PostgresStore`].
///
/// | Setting | Default | What it is |
/// |---|---|---|
/// | [`schema`](Self::schema) | `kwa` | the schema that all tables are in |
/// | [`tls`](Self::tls) | as the connection string says | how connections are encrypted |
/// | [`connections`](Self::connections) | 8 | connections at a time, besides the one of the lease |
/// | [`pool`](Self::pool) | a small one of its own | where connections come from |
/// | [`lease`](Self::lease) | 30 s | after how long without a sign others take over |
/// | [`timeout`](Self::timeout) | 10 s | how long a statement may take |
/// | [`retention`](Self::retention) | 7 days, dead letters 90 | how long what was handled is kept |
/// | [`receive_only`](Self::receive_only) | no | whether it leaves events to others |
/// | [`alone`](Self::alone) | no | whether it refuses to share |
///
/// # Examples
///
/// A worker of a bot whose tables are in a schema of their own, on a server that has to have a certificate for its name:
///
/// ```no_run
/// use std::time::Duration;
///
/// use kaleyra_wa_store_postgres::PostgresOptions;
/// use kaleyra_wa_store_postgres::base::Retention;
///
/// # async fn run() -> Result<(), kaleyra_wa_store_postgres::base::StoreError> {
/// let mut retention = Retention::default();
/// retention.handled = Duration::from_secs(30 * 24 * 60 * 60);
/// let store = PostgresOptions::new("postgres://bot@db.internal/bot?sslmode=verify-full")
///     .schema("shop_bot")
///     .connections(4)
///     .lease(Duration::from_secs(15))
///     .timeout(Duration::from_secs(5))
///     .retention(retention)
///     .open()
///     .await?;
/// assert_eq!(store.share(), 0, "until an inbox begins to handle events");
/// # Ok(())
/// # }
/// ```
///
/// What can't be is refused before anything is connected to, and nothing of a connection string is repeated, since it can hold a
/// password:
///
/// ```
/// use kaleyra_wa_store_postgres::PostgresOptions;
/// use kaleyra_wa_store_postgres::base::StoreErrorKind;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let options = PostgresOptions::new("postgres://bot:s3cret@db.internal/bot?sslmode=sometimes");
/// let error = options.open().await.unwrap_err();
/// assert_eq!(error.kind(), StoreErrorKind::Invalid);
/// assert!(error.to_string().contains("prefer, require, verify-ca and verify-full"));
/// assert!(!error.to_string().contains("s3cret"));
/// # }
/// ```
#[must_use]
pub struct PostgresOptions {
    address: Result<Address, StoreError>,
    connector: Option<MakeConnector>,
    pool: Option<Arc<dyn Pool>>,
    pub(crate) schema: String,
    pub(crate) connections: usize,
    pub(crate) lease: Duration,
    pub(crate) timeout: Duration,
    pub(crate) retention: Retention,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) handles: bool,
    pub(crate) is_alone: bool,
}

impl PostgresOptions {
    /// The default of [`lease`](Self::lease): 30 s.
    pub const DEFAULT_LEASE: Duration = Duration::from_secs(30);
    /// The default of [`timeout`](Self::timeout): 10 s.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);
    /// The default of [`connections`](Self::connections): 8.
    pub const DEFAULT_CONNECTIONS: usize = 8;
    /// The default of [`schema`](Self::schema): `kwa`.
    pub const DEFAULT_SCHEMA: &str = "kwa";

    /// A store in the database that this names: `postgres://user@host/database`, or `host=… user=… dbname=…`, with the
    /// [parameters of tokio-postgres](tokio_postgres::Config), and with libpq's for TLS:
    ///
    /// | `sslmode` | The connection |
    /// |---|---|
    /// | `disable` | is not encrypted |
    /// | `prefer`, the default; `allow` | is encrypted if the server has TLS; with whoever answers |
    /// | `require` | is encrypted, with whoever answers; with `sslrootcert=FILE` as `verify-ca` |
    /// | `verify-ca` | with a server whose certificate is signed by one of `sslrootcert=FILE` |
    /// | `verify-full` | with a server whose certificate names the host and is signed by one of `sslrootcert=FILE`, or, without it or as `sslrootcert=system`, by an authority that this machine trusts |
    ///
    /// Over a network write `verify-full`: the others keep out who listens, and not who answers in the server's place.
    pub fn new(database: &str) -> Self {
        Self::with(Address::parse(database))
    }

    /// A store in the database of this configuration. Its `ssl_mode` is as above; what verifies certificates is [`tls`](Self::tls).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use kaleyra_wa_store_postgres::PostgresOptions;
    /// use kaleyra_wa_store_postgres::tokio_postgres::Config;
    ///
    /// # async fn run() -> Result<(), kaleyra_wa_store_postgres::base::StoreError> {
    /// let mut config = Config::new();
    /// config.host_path("/run/postgresql").user("bot").dbname("bot");
    /// let store = PostgresOptions::from_config(config).open().await?;
    /// assert!(!store.is_exposed(), "a socket of this machine needs no encryption");
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_config(config: Config) -> Self {
        Self::with(Ok(config.into()))
    }

    fn with(address: Result<Address, StoreError>) -> Self {
        Self {
            address,
            connector: None,
            pool: None,
            schema: Self::DEFAULT_SCHEMA.to_owned(),
            connections: Self::DEFAULT_CONNECTIONS,
            lease: Self::DEFAULT_LEASE,
            timeout: Self::DEFAULT_TIMEOUT,
            retention: Retention::default(),
            clock: Arc::new(SystemClock),
            handles: true,
            is_alone: false,
        }
    }

    /// Encrypts connections in your own way, with a client certificate for instance: by `tokio_postgres_rustls::MakeRustlsConnect`,
    /// or another of the kind. It alone says which servers are trusted; whether a connection without may be used says `sslmode`, so
    /// write `sslmode=require`.
    ///
    /// # Examples
    ///
    /// Without the feature `rustls` this is where TLS comes from; here is none, and the server is not asked for it.
    ///
    /// ```no_run
    /// use kaleyra_wa_store_postgres::PostgresOptions;
    /// use kaleyra_wa_store_postgres::tokio_postgres::NoTls;
    ///
    /// # async fn run() -> Result<(), kaleyra_wa_store_postgres::base::StoreError> {
    /// let store = PostgresOptions::new("postgres://bot@127.0.0.1/bot").tls(NoTls).open().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn tls<T>(mut self, tls: T) -> Self
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + 'static,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        self.connector = Some(Box::new(move |config, setup, limit| {
            Connector::new(config, tls, setup, limit)
        }));
        self
    }

    /// Takes connections from this pool. One more is opened beside it, which holds the lease and listens: it has to reach
    /// the server itself, or a pooler of sessions, not a pooler of transactions. For an example see [`Pool`].
    ///
    /// Statements that are no transaction of their own run with the pool's settings: `default_transaction_isolation` has to be
    /// `read committed`, which is Postgres's default.
    pub fn pool(mut self, pool: impl Pool + 'static) -> Self {
        self.pool = Some(Arc::new(pool));
        self
    }

    /// The schema that all tables are in, made where there is none. Several stores can be in one database.
    ///
    /// Any name of 1 to 50 bytes will do, without a dot, a dollar sign or a control character, that does not begin with `pg_`. Where
    /// the role may make no schemas, have one made for it: `CREATE SCHEMA shop_bot AUTHORIZATION bot`.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_store_postgres::PostgresOptions;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let options = PostgresOptions::new("postgres://bot@db.internal/bot").schema("shop.bot");
    /// let error = options.open().await.unwrap_err();
    /// assert!(error.to_string().contains("no dot"));
    /// # }
    /// ```
    pub fn schema(mut self, name: impl Into<String>) -> Self {
        self.schema = name.into();
        self
    }

    /// How many connections are open at a time, at least 2, besides the one that holds the lease.
    pub fn connections(mut self, connections: usize) -> Self {
        self.connections = connections.max(2);
        self
    }

    /// After how long without a sign of this process others take over what it had, at least 2 s. Where it ends, and its
    /// connection with it, they take over at once.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease.max(Duration::from_secs(2));
        self
    }

    /// How long a statement may take before the connection is given up.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long what was handled is kept. [`Retention::max_bytes`] is for files, and refused: set a limit in Postgres.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_store_postgres::PostgresOptions;
    /// use kaleyra_wa_store_postgres::base::Retention;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let mut retention = Retention::default();
    /// retention.max_bytes = Some(1_000_000_000);
    /// let options = PostgresOptions::new("postgres://bot@db.internal/bot").retention(retention);
    /// assert!(options.open().await.unwrap_err().to_string().contains("set a limit in Postgres"));
    /// # }
    /// ```
    pub fn retention(mut self, retention: Retention) -> Self {
        self.retention = retention;
        self
    }

    /// Says what time it is, in place of the machine: for tests. Leases go by the server's clock. Where the two are more than 10 s
    /// apart when the store is opened, a warning is logged, since the machines that share it are to have the same time.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// use kaleyra_wa_store_postgres::PostgresOptions;
    /// use kaleyra_wa_store_postgres::base::{ManualClock, Moment, OutboxStore};
    ///
    /// # async fn run() -> Result<(), kaleyra_wa_store_postgres::base::StoreError> {
    /// let clock = ManualClock::new(Moment::from_millis(1_722_863_329_000));
    /// let options = PostgresOptions::new("postgres://bot@127.0.0.1/bot").clock(clock);
    /// let store = options.open().await?;
    /// assert_eq!(store.time().as_millis(), 1_722_863_329_000);
    /// # Ok(())
    /// # }
    /// ```
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Only keeps callbacks, and leaves it to others to handle them: for a process that receives and does nothing else.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use kaleyra_wa_inbox::Inbox;
    /// use kaleyra_wa_store_postgres::PostgresOptions;
    /// use kaleyra_wa_webhook::handler_fn;
    ///
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let store = PostgresOptions::new("postgres://bot@db.internal/bot").receive_only().open().await?;
    /// // Its handler is never called: workers have theirs.
    /// let inbox = Inbox::builder(handler_fn(async |_| Ok(()))).start(store.clone()).await?;
    /// assert_eq!(store.share(), 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn receive_only(mut self) -> Self {
        self.handles = false;
        self
    }

    /// Refuses to open where another process has the store open. Where the server was started less than 3 s ago, that is waited for:
    /// until then it can't be told who is still there. It does not keep others out that come later.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use kaleyra_wa_store_postgres::PostgresOptions;
    /// use kaleyra_wa_store_postgres::base::StoreErrorKind;
    ///
    /// # async fn run() -> Result<(), kaleyra_wa_store_postgres::base::StoreError> {
    /// let first = PostgresOptions::new("postgres://bot@127.0.0.1/bot").open().await?;
    /// let second = PostgresOptions::new("postgres://bot@127.0.0.1/bot").alone().open().await;
    /// assert_eq!(second.unwrap_err().kind(), StoreErrorKind::Owned);
    /// # Ok(())
    /// # }
    /// ```
    pub fn alone(mut self) -> Self {
        self.is_alone = true;
        self
    }

    /// Opens the store, made where there is none. It takes a share of the conversations once an inbox begins to handle them.
    ///
    /// # Errors
    ///
    /// `Invalid` where a setting can't be; where Postgres is older than 14 or refuses the user; where the database is not there, or
    /// has another encoding than UTF-8; where TLS is asked for and can't be had, or the certificate is not to be trusted.
    /// `NotAStore` and `NewerVersion` where the schema holds something else, or a newer version; `ReadOnly` where the role may not
    /// make its tables, or the server is a standby; `Owned` where it is to be [alone](Self::alone) and is not; `Io` where Postgres
    /// can't be reached, for now. To be called in a tokio runtime.
    pub async fn open(mut self) -> Result<PostgresStore, StoreError> {
        let invalid = |detail: &str| Err(StoreError::new(StoreErrorKind::Invalid, detail));
        if tokio::runtime::Handle::try_current().is_err() {
            return invalid("a store on Postgres needs a tokio runtime");
        }
        if self.retention.max_bytes.is_some() {
            return invalid("max_bytes is for a store in a file: set a limit in Postgres");
        }
        // A dot would end the name in this crate's statements, a dollar the body of a function.
        let is_odd = |it: char| it.is_control() || it == '.' || it == '$';
        if self.schema.is_empty() || self.schema.len() > 50 || self.schema.contains(is_odd) {
            return invalid(
                "the name of a schema has 1 to 50 bytes, and no dot, dollar or control character",
            );
        }
        let address = self.address.clone()?;
        let is_remote = address.is_remote();
        let Address { mut config, trust } = address;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(self.timeout);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(self.lease);
        }
        if config.get_application_name().is_none() {
            config.application_name("kaleyra-wa");
        }
        // A transaction that nobody goes on with must not hold what others wait for, nor a statement whose response nobody wants. By
        // statements, since poolers of sessions refuse such parameters of the connection.
        let setup = format!(
            "SET idle_in_transaction_session_timeout = {}; SET statement_timeout = {}; SET standard_conforming_strings = on;
             SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED",
            millis(self.lease),
            millis(self.timeout)
        );
        let connector = match self.connector.take() {
            Some(make) => make(config, setup, self.timeout),
            None => connector(config, &trust, setup, self.timeout)?,
        };
        let source = match self.pool.take() {
            Some(pool) => Source::Users(pool),
            None => Source::Own(SmallPool::new(
                connector.clone(),
                self.connections,
                self.timeout,
            )),
        };
        PostgresStore::open(self, connector, source, is_remote).await
    }
}

#[cfg(feature = "rustls")]
fn connector(
    config: Config,
    trust: &Trust,
    setup: String,
    limit: Duration,
) -> Result<Connector, StoreError> {
    Ok(if config.get_ssl_mode() == SslMode::Disable {
        Connector::new(config, NoTls, setup, limit)
    } else {
        Connector::new(config, Rustls::new(trust)?, setup, limit)
    })
}

#[cfg(not(feature = "rustls"))]
fn connector(
    config: Config,
    trust: &Trust,
    setup: String,
    limit: Duration,
) -> Result<Connector, StoreError> {
    if *trust != Trust::Any {
        let detail = "sslrootcert and verify-full need the feature `rustls`";
        return Err(StoreError::new(StoreErrorKind::Invalid, detail));
    }
    Ok(Connector::new(config, NoTls, setup, limit))
}

impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("schema", &self.schema)
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}
