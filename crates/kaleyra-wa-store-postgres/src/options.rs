//! The settings of a store, and how it is opened.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_store::{Clock, Retention, StoreError, StoreErrorKind, SystemClock};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Config, NoTls, Socket};

use crate::connect::Connector;
use crate::pool::{Pool, SmallPool};
use crate::store::{PostgresStore, Source};

/// Makes a [`PostgresStore`].
///
/// | Setting | Default | What it is |
/// |---|---|---|
/// | [`schema`](Self::schema) | `kwa` | the schema that all tables are in |
/// | [`tls`](Self::tls) | none | how connections are encrypted |
/// | [`connections`](Self::connections) | 8 | connections at a time, besides the one of the lease |
/// | [`pool`](Self::pool) | a small one of its own | where connections come from |
/// | [`lease`](Self::lease) | 30 s | after how long without a sign others take over |
/// | [`timeout`](Self::timeout) | 10 s | how long a statement may take |
/// | [`retention`](Self::retention) | 7 days, dead letters 90 | how long what was handled is kept |
#[must_use]
pub struct PostgresOptions {
    config: Result<Config, StoreError>,
    connector: Option<Box<dyn FnOnce(Config, Duration) -> Connector + Send>>,
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

    /// A store in the database that this names: `postgres://user@host/database`, or `host=… user=… dbname=…`.
    pub fn new(database: &str) -> Self {
        let config = database.parse().map_err(|_| {
            let detail =
                "it is no connection string of Postgres: write postgres://user@host/database";
            StoreError::new(StoreErrorKind::Invalid, detail)
        });
        Self::with(config)
    }

    /// A store in the database of this configuration.
    pub fn from_config(config: Config) -> Self {
        Self::with(Ok(config))
    }

    fn with(config: Result<Config, StoreError>) -> Self {
        Self {
            config,
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

    /// Encrypts connections: by `tokio_postgres_rustls::MakeRustlsConnect`, for one. The configuration says by `sslmode`
    /// whether a connection without may be used; write `sslmode=require`.
    pub fn tls<T>(mut self, tls: T) -> Self
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + 'static,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        self.connector = Some(Box::new(move |config, limit| {
            Connector::new(config, tls, limit)
        }));
        self
    }

    /// Takes connections from this pool. One more is opened beside it, which holds the lease and listens: it has to reach
    /// the server itself, not through a pooler of transactions.
    pub fn pool(mut self, pool: impl Pool + 'static) -> Self {
        self.pool = Some(Arc::new(pool));
        self
    }

    /// The schema that all tables are in, made where there is none. Several stores can be in one database.
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

    /// How long what was handled is kept. [`Retention::max_bytes`] is for files: set a limit in Postgres.
    pub fn retention(mut self, retention: Retention) -> Self {
        self.retention = retention;
        self
    }

    /// Says what time it is, in place of the machine. Leases go by the server's clock.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Only keeps callbacks, and leaves it to others to handle them: for a process that receives and does nothing else.
    pub fn receive_only(mut self) -> Self {
        self.handles = false;
        self
    }

    /// Refuses to open where another process has the store open. Where the server was started less than 3 s ago, that is waited for:
    /// until then it can't be told who is still there.
    pub fn alone(mut self) -> Self {
        self.is_alone = true;
        self
    }

    /// Opens the store, made where there is none. It takes a share of the conversations once an inbox begins to handle them.
    ///
    /// # Errors
    ///
    /// Where Postgres can't be reached or is older than 14, refuses the user, or holds something else in this schema, or a newer
    /// version; `Owned` where it is to be [alone](Self::alone) and is not. To be called in a tokio runtime.
    pub async fn open(mut self) -> Result<PostgresStore, StoreError> {
        let invalid = |detail: &str| Err(StoreError::new(StoreErrorKind::Invalid, detail));
        if tokio::runtime::Handle::try_current().is_err() {
            return invalid("a store on Postgres needs a tokio runtime");
        }
        if self.retention.max_bytes.is_some() {
            return invalid("max_bytes is for a store in a file: set a limit in Postgres");
        }
        if self.schema.is_empty() || self.schema.len() > 50 || self.schema.contains(['\0', '.']) {
            return invalid("the name of a schema has 1 to 50 bytes, and no dot");
        }
        let mut config = self.config.clone()?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(self.timeout);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(self.lease);
        }
        if config.get_application_name().is_none() {
            config.application_name("kaleyra-wa");
        }
        // A transaction that nobody goes on with must not hold what others wait for, nor a statement whose response nobody wants.
        let idle = format!(
            "-c idle_in_transaction_session_timeout={} -c statement_timeout={}",
            self.lease.as_millis(),
            self.timeout.as_millis()
        );
        let options = match config.get_options() {
            Some(options) => format!("{options} {idle}"),
            None => idle,
        };
        config.options(options);
        let connector = match self.connector.take() {
            Some(make) => make(config, self.timeout),
            None => Connector::new(config, NoTls, self.timeout),
        };
        let source = match self.pool.take() {
            Some(pool) => Source::Users(pool),
            None => Source::Own(SmallPool::new(
                connector.clone(),
                self.connections,
                self.timeout,
            )),
        };
        PostgresStore::open(self, connector, source).await
    }
}

impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("schema", &self.schema)
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}
