//! Where connections come from: a small pool of our own, or the user's.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kaleyra_wa_store::{StoreError, StoreErrorKind, async_trait};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_postgres::{Client, Statement};

use crate::connect::{Connector, Opened};

/// A pool of connections that an application has already.
///
/// # Examples
///
/// One over a pool of some other crate, here of a single connection:
///
/// ```
/// use std::ops::Deref;
/// use std::sync::Arc;
///
/// use kaleyra_wa_store_postgres::{Pool, PooledClient, PostgresOptions};
/// use kaleyra_wa_store_postgres::base::{StoreError, async_trait};
/// use tokio_postgres::Client;
///
/// struct Mine(Arc<tokio::sync::Mutex<Client>>);
///
/// struct Lent(tokio::sync::OwnedMutexGuard<Client>);
///
/// impl Deref for Lent {
///     type Target = Client;
///
///     fn deref(&self) -> &Client {
///         &self.0
///     }
/// }
///
/// #[async_trait]
/// impl Pool for Mine {
///     async fn client(&self) -> Result<PooledClient, StoreError> {
///         Ok(Box::new(Lent(Arc::clone(&self.0).lock_owned().await)))
///     }
/// }
///
/// fn options(client: Client) -> PostgresOptions {
///     let pool = Mine(Arc::new(tokio::sync::Mutex::new(client)));
///     PostgresOptions::new("postgres://bot@localhost/bot").pool(pool)
/// }
/// ```
#[async_trait]
pub trait Pool: Send + Sync {
    /// A connection that nobody else uses until it is dropped. It comes back without a transaction, unless the server did not
    /// respond to the end of one: then it is soon closed, so give none out that `is_closed`.
    ///
    /// # Errors
    ///
    /// Where there is none to be had.
    async fn client(&self) -> Result<PooledClient, StoreError>;
}

/// A connection of a [`Pool`], which gets it back when this is dropped.
pub type PooledClient = Box<dyn Deref<Target = Client> + Send + Sync>;

/// The small pool.
#[derive(Clone)]
pub(crate) struct SmallPool(Arc<Shared>);

struct Shared {
    connector: Connector,
    free: Mutex<Vec<Connection>>,
    room: Arc<Semaphore>,
    limit: Duration,
}

struct Connection {
    opened: Opened,
    statements: Mutex<HashMap<String, Statement>>,
}

impl SmallPool {
    pub(crate) fn new(connector: Connector, connections: usize, limit: Duration) -> Self {
        Self(Arc::new(Shared {
            connector,
            free: Mutex::default(),
            room: Arc::new(Semaphore::new(connections)),
            limit,
        }))
    }

    pub(crate) async fn lend(&self) -> Result<Lent, StoreError> {
        let shared = &self.0;
        let room = timeout(shared.limit, Arc::clone(&shared.room).acquire_owned());
        let room = room.await.map_err(|_| {
            let detail = "all connections are in use for too long: raise `connections`";
            StoreError::new(StoreErrorKind::Io, detail)
        })?;
        let room = room.map_err(|_| StoreError::new(StoreErrorKind::Closed, ""))?;
        loop {
            let free = shared.free().pop();
            let connection = match free {
                Some(connection) if connection.opened.client.is_closed() => continue,
                Some(connection) => connection,
                None => Connection {
                    opened: shared.connector.open(None).await?,
                    statements: Mutex::default(),
                },
            };
            return Ok(Lent {
                connection: Some(connection),
                shared: Arc::clone(shared),
                _room: room,
            });
        }
    }

    /// Gives no connection any more, and closes those that are free.
    pub(crate) fn close(&self) {
        self.0.room.close();
        self.0.free().clear();
    }
}

impl Shared {
    fn free(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection of the small pool.
pub(crate) struct Lent {
    /// `None` while it is being given back.
    connection: Option<Connection>,
    shared: Arc<Shared>,
    _room: OwnedSemaphorePermit,
}

impl Lent {
    pub(crate) fn client(&self) -> Option<&Client> {
        Some(&self.connection.as_ref()?.opened.client)
    }

    pub(crate) fn known(&self, sql: &str) -> Option<Statement> {
        let statements = &self.connection.as_ref()?.statements;
        let statements = statements.lock().unwrap_or_else(PoisonError::into_inner);
        statements.get(sql).cloned()
    }

    pub(crate) fn remember(&self, sql: &str, statement: &Statement) {
        if let Some(connection) = &self.connection {
            let statements = connection.statements.lock();
            let mut statements = statements.unwrap_or_else(PoisonError::into_inner);
            statements.insert(sql.to_owned(), statement.clone());
        }
    }

    /// Closes it: nothing is known of what it is at.
    pub(crate) fn discard(&mut self) {
        self.connection = None;
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take()
            && !connection.opened.client.is_closed()
            && !self.shared.room.is_closed()
        {
            self.shared.free().push(connection);
        }
    }
}
