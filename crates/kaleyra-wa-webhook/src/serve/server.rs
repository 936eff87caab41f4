//! The loop that accepts connections, and how it ends.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::Request;
use http::header::CONNECTION;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::lingering::Lingering;
use super::service::WebhookService;

/// Serves callbacks until `shutdown` is ready, with the settings of [`Server`]'s defaults.
///
/// # Errors
///
/// Those of [`Server::serve`].
///
/// # Examples
///
/// In the [crate documentation](crate#a-receiver).
pub async fn serve(
    listener: TcpListener,
    service: WebhookService,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    Server::new(service).serve(listener, shutdown).await
}

/// An HTTP/1.1 server that slow and hostile clients can't hold up.
///
/// | Setting | Default | Without it |
/// |---|---|---|
/// | [`header_timeout`](Self::header_timeout) | 10 s | half a header holds a connection for ever, and the shutdown too |
/// | [`WebhookService::body_timeout`] | 10 s | so does half a body |
/// | [`WebhookService::body_limit`] | 3 MiB | one request fills the memory |
/// | [`WebhookService::sink_timeout`] | 30 s | a stuck sink fills up the connections |
/// | [`max_connections`](Self::max_connections) | 1024 | many requests do, or the file descriptors run out |
/// | [`drain_deadline`](Self::drain_deadline) | 10 s | one stuck delivery keeps the process from ending |
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_webhook::{Receiver, Server, WebhookService, sink_fn};
///
/// let service = WebhookService::new(Receiver::dangerously_unverified(), sink_fn(|_| async { Ok(()) }));
/// let server = Server::new(service).max_connections(64).drain_deadline(Duration::from_secs(3));
/// # let _ = server;
/// ```
#[derive(Clone, Debug)]
pub struct Server {
    service: WebhookService,
    header_timeout: Duration,
    max_connections: usize,
    drain_deadline: Duration,
}

impl Server {
    /// The default of [`header_timeout`](Self::header_timeout): 10 s.
    pub const DEFAULT_HEADER_TIMEOUT: Duration = Duration::from_secs(10);
    /// The default of [`max_connections`](Self::max_connections): 1024.
    pub const DEFAULT_MAX_CONNECTIONS: usize = 1024;
    /// The default of [`drain_deadline`](Self::drain_deadline): 10 s.
    pub const DEFAULT_DRAIN_DEADLINE: Duration = Duration::from_secs(10);

    /// A server for this service, with the defaults.
    pub const fn new(service: WebhookService) -> Self {
        Self {
            service,
            header_timeout: Self::DEFAULT_HEADER_TIMEOUT,
            max_connections: Self::DEFAULT_MAX_CONNECTIONS,
            drain_deadline: Self::DEFAULT_DRAIN_DEADLINE,
        }
    }

    /// The longest time for a request's header to arrive, counted from the connection's start or
    /// the answer before it. So it is how long an idle connection is kept, too.
    #[must_use]
    pub const fn header_timeout(mut self, timeout: Duration) -> Self {
        self.header_timeout = timeout;
        self
    }

    /// How many connections are served at a time, at least one. More of them wait in the system's
    /// queue until one ends.
    #[must_use]
    pub const fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = if connections == 0 { 1 } else { connections };
        self
    }

    /// How long deliveries that are under way at the shutdown may take to finish. What is not done
    /// by then is dropped without an answer, so its sender knows that it was not taken.
    #[must_use]
    pub const fn drain_deadline(mut self, deadline: Duration) -> Self {
        self.drain_deadline = deadline;
        self
    }

    /// Serves connections until `shutdown` is ready; then closes the listener and the idle
    /// connections, lets deliveries finish until the drain deadline, and returns.
    ///
    /// A connection that can't be accepted, for want of file descriptors say, doesn't end it: it
    /// pauses and goes on. Dropping the future drops all connections at once.
    ///
    /// # Errors
    ///
    /// When `listener` is not a listening socket at all.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let mut http = http1::Builder::new();
        // Without a timer hyper's header timeout does nothing. Half-closed connections are served: a
        // client that is done sending may well read, and a delivery that arrived whole is worth
        // keeping even if its sender is gone.
        http.timer(TokioTimer::new())
            .header_read_timeout(self.header_timeout)
            .half_close(true);
        let graceful = GracefulShutdown::new();
        // Dropped at the end or with this future, which aborts what is left in it.
        let mut connections = JoinSet::new();

        let mut shutdown = pin!(shutdown);
        loop {
            tokio::select! {
                () = &mut shutdown => break,
                Some(ended) = connections.join_next() => {
                    if ended.is_err() {
                        tracing::error!("a connection's task panicked");
                    }
                }
                stream = accept(&listener), if connections.len() < self.max_connections => {
                    let (service, watcher) = (self.service.clone(), graceful.watcher());
                    connections.spawn(connection(http.clone(), stream?, service, watcher));
                }
            }
        }

        drop(listener);
        if timeout(self.drain_deadline, graceful.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("dropped connections that were busy at the drain deadline");
        }
        Ok(())
    }
}

/// Waits for a connection, through passing troubles.
async fn accept(listener: &TcpListener) -> io::Result<TcpStream> {
    /// Long enough not to spin, short enough not to be noticed.
    const PAUSE: Duration = Duration::from_millis(100);

    loop {
        let error = match listener.accept().await {
            Ok((stream, _)) => return Ok(stream),
            Err(error) => error,
        };
        match error.kind() {
            io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported => return Err(error),
            // These are about one connection that ended before it was accepted.
            io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset => {}
            _ => {
                tracing::warn!(%error, "could not accept a connection");
                sleep(PAUSE).await;
            }
        }
    }
}

async fn connection(
    http: http1::Builder,
    stream: TcpStream,
    service: WebhookService,
    watcher: Watcher,
) {
    // An answer is one small write; there is nothing to wait for. If it fails, it is only slower.
    let _ = stream.set_nodelay(true);

    let unread = Arc::new(AtomicBool::new(false));
    let io = TokioIo::new(Lingering::new(stream, Arc::clone(&unread)));
    let service = service_fn(move |request: Request<Incoming>| {
        let answer = service.call(request);
        let unread = Arc::clone(&unread);
        async move {
            let answer = answer.await?;
            if answer.headers().contains_key(CONNECTION) {
                unread.store(true, Ordering::Relaxed);
            }
            Ok::<_, Infallible>(answer)
        }
    });
    if let Err(error) = watcher.watch(http.serve_connection(io, service)).await {
        tracing::debug!(%error, "a connection ended early");
    }
}
