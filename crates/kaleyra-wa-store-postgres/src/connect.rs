//! How a connection is opened: over TLS or not, with a task that drives it.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kaleyra_wa_store::StoreError;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{AsyncMessage, Client, Config, Notification, Socket};

use crate::failure::{failed, too_late};

/// Who wants to be told of notifications.
#[derive(Clone)]
pub(crate) struct Told {
    pub(crate) sender: mpsc::Sender<Notification>,
    /// There were too many.
    pub(crate) has_missed: Arc<AtomicBool>,
}

type Opening = Pin<Box<dyn Future<Output = Result<Opened, tokio_postgres::Error>> + Send>>;

/// An open connection, whose driver ends with it.
pub(crate) struct Opened {
    pub(crate) client: Client,
    _driver: Driver,
}

/// The task that drives a connection; the connection is closed where this is dropped.
pub(crate) struct Driver(JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Opens connections.
#[derive(Clone)]
pub(crate) struct Connector {
    open: Arc<dyn Fn(Option<Told>) -> Opening + Send + Sync>,
    limit: Duration,
}

impl Connector {
    /// Each connection begins with these statements.
    pub(crate) fn new<T>(config: Config, tls: T, setup: String, limit: Duration) -> Self
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + 'static,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let open = move |told: Option<Told>| -> Opening {
            let (config, tls, setup) = (config.clone(), tls.clone(), setup.clone());
            Box::pin(async move {
                let (client, mut connection) = config.connect(tls).await?;
                let drive = async move {
                    while let Some(message) = poll_fn(|cx| connection.poll_message(cx)).await {
                        match message {
                            Ok(AsyncMessage::Notification(notification)) => {
                                if let Some(told) = &told
                                    && told.sender.try_send(notification).is_err()
                                {
                                    told.has_missed.store(true, Ordering::SeqCst);
                                }
                            }
                            Ok(_) => {}
                            Err(_) => return,
                        }
                    }
                };
                let driver = Driver(tokio::spawn(drive));
                client.batch_execute(&setup).await?;
                Ok(Opened {
                    client,
                    _driver: driver,
                })
            })
        };
        Self {
            open: Arc::new(open),
            limit,
        }
    }

    /// Opens a connection.
    pub(crate) async fn open(&self, told: Option<Told>) -> Result<Opened, StoreError> {
        match timeout(self.limit, (self.open)(told)).await {
            Ok(Ok(opened)) => Ok(opened),
            Ok(Err(error)) => Err(failed(&error)),
            Err(_) => Err(too_late()),
        }
    }
}
