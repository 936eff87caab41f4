//! The loop that accepts connections, and how it ends.

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::Request;
use http::header::{CONNECTION, HeaderValue};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use super::activity::Activity;
use super::awaited::{Awaited, Waits};
use super::connections::Connections;
use super::lingering::Lingering;
use super::mended::Mended;
use super::monitored::Monitored;
use super::service::WebhookService;
use crate::limits;
use crate::verify::PeerAddress;

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

/// An HTTP/1.1 server that slow and hostile clients can't block.
///
/// | Setting | Default | Without it |
/// |---|---|---|
/// | [`header_timeout`](Self::header_timeout) | 10 s | half a header holds a connection forever, and the shutdown too |
/// | [`idle_timeout`](Self::idle_timeout) | 180 s | a connection that is kept for later is kept forever |
/// | [`WebhookService::body_timeout`] | 10 s | half a body holds a connection, too |
/// | [`WebhookService::body_limit`] | 3 MiB | one request fills the memory |
/// | [`WebhookService::sink_timeout`] | 30 s | a stuck sink fills up the connections |
/// | [`write_timeout`](Self::write_timeout) | 10 s | a client that reads no responses holds a connection forever |
/// | [`max_connections`](Self::max_connections) | 1024 | many requests fill the memory, or the file descriptors run out |
/// | [`drain_deadline`](Self::drain_deadline) | 10 s | one stuck delivery keeps the process from ending |
///
/// A duration above a year counts as a year.
///
/// Each request gets the [`PeerAddress`] of its connection into its extensions.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_webhook::{Receiver, Server, WebhookService, sink_fn};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let service = WebhookService::new(Receiver::dangerously_unverified(), sink_fn(|_| async { Ok(()) }));
/// let server = Server::new(service)
///     .header_timeout(Duration::from_secs(5))
///     .idle_timeout(Duration::from_secs(620)) // behind Google's load balancer
///     .write_timeout(Duration::from_secs(5))
///     .max_connections(64)
///     .drain_deadline(Duration::from_secs(3));
///
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
/// # let ctrl_c = async {};
/// server.serve(listener, ctrl_c).await // until `ctrl_c` is ready
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Server {
    service: WebhookService,
    waits: Waits,
    write_timeout: Duration,
    max_connections: usize,
    drain_deadline: Duration,
}

impl Server {
    /// The default of [`header_timeout`](Self::header_timeout): 10 s.
    pub const DEFAULT_HEADER_TIMEOUT: Duration = Duration::from_secs(10);
    /// The default of [`idle_timeout`](Self::idle_timeout): 180 s.
    pub const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(180);
    /// The default of [`write_timeout`](Self::write_timeout): 10 s.
    pub const DEFAULT_WRITE_TIMEOUT: Duration = Duration::from_secs(10);
    /// The default of [`max_connections`](Self::max_connections): 1024.
    pub const DEFAULT_MAX_CONNECTIONS: usize = 1024;
    /// The default of [`drain_deadline`](Self::drain_deadline): 10 s.
    pub const DEFAULT_DRAIN_DEADLINE: Duration = Duration::from_secs(10);

    /// A server for this service, with the defaults.
    ///
    /// For an example see [`Server`].
    pub const fn new(service: WebhookService) -> Self {
        Self {
            service,
            waits: Waits {
                header: Self::DEFAULT_HEADER_TIMEOUT,
                idle: Self::DEFAULT_IDLE_TIMEOUT,
            },
            write_timeout: Self::DEFAULT_WRITE_TIMEOUT,
            max_connections: Self::DEFAULT_MAX_CONNECTIONS,
            drain_deadline: Self::DEFAULT_DRAIN_DEADLINE,
        }
    }

    /// The longest time for a request's header to arrive: counted from the connection's start for
    /// the first, and from its first byte for the others. At least a millisecond. A header can have
    /// 64 KiB; one that is much larger gets a 431.
    #[must_use]
    pub const fn header_timeout(mut self, timeout: Duration) -> Self {
        self.waits.header = limits::positive(timeout);
        self
    }

    /// How long a connection is kept after a response, for the next request to begin. At least a
    /// millisecond.
    ///
    /// It should be longer than the proxy in front keeps an idle connection: the proxy must be
    /// the one to close first, as a callback that it sends just when this side closes is
    /// lost to it (a 502, or a duplicate). nginx and AWS keep one for 60 s, Caddy for 120 s, and all
    /// of these are below the default; Google's load balancer keeps it for 600 s, so set 620 s behind
    /// that. While others wait for a place, a connection is kept for half a second, whatever is set
    /// here.
    #[must_use]
    pub const fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.waits.idle = limits::positive(timeout);
        self
    }

    /// The longest time for a client to read the responses that wait for it; after it, the connection is
    /// closed.
    #[must_use]
    pub const fn write_timeout(mut self, timeout: Duration) -> Self {
        self.write_timeout = limits::positive(timeout);
        self
    }

    /// How many connections are served at a time, at least one. More of them wait until one ends, or
    /// has been idle for half a second: the one that is idle for the longest is closed then. While some
    /// wait, a connection ends with its next response. One whose request has no response yet is never
    /// closed for another, unless it is slow over a body that nobody has vouched for yet: a request for
    /// a token, or one whose signature is over the body. Such a body has to come by 32 KB a second.
    ///
    /// For an example see [`Server`].
    #[must_use]
    pub const fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = if connections == 0 { 1 } else { connections };
        self
    }

    /// How long deliveries that are in progress at the shutdown may take to finish. What is not done
    /// by then is dropped without a response, so its sender knows that it was not taken.
    ///
    /// For an example see [`Server`].
    #[must_use]
    pub const fn drain_deadline(mut self, deadline: Duration) -> Self {
        self.drain_deadline = limits::bounded(deadline);
        self
    }

    /// Serves connections until `shutdown` is ready; then closes the listener and the idle
    /// connections, those that are in the middle of a header half a second later, lets deliveries
    /// finish until the drain deadline, and returns.
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
        // How long heads may take is `Awaited`'s. Half-closed connections are served: a client that is
        // done sending may well read, and a delivery that arrived whole is worth keeping even if its
        // sender is gone. A response is a few lines: copied into one buffer, it is written by a cheaper
        // call than from two. Who asks on without reading has answers up to `BUFFER` wait there, under
        // one time limit.
        http.header_read_timeout(None)
            .max_buf_size(BUFFER)
            .half_close(true)
            .writev(false);
        let graceful = GracefulShutdown::new();
        // Dropped at the end or with this future, which aborts what is left in it.
        let mut connections = Connections::new(self.max_connections);
        // Accepted, and without a place.
        let mut waiting = None;
        // The system has no more file descriptors, or memory.
        let mut is_starved = false;
        // Whether either is so, for the connections to know.
        let is_crowded = Arc::new(AtomicBool::new(false));

        let mut shutdown = pin!(shutdown);
        loop {
            let wants_room = waiting.is_some() || is_starved;
            is_crowded.store(wants_room, Ordering::Relaxed);
            if wants_room {
                connections.make_room();
            }
            tokio::select! {
                () = &mut shutdown => break,
                Some(()) = connections.ended() => is_starved = false,
                arrival = accept(&listener), if !wants_room => match arrival? {
                    Some(connection) => waiting = Some(connection),
                    None => is_starved = true,
                },
                () = sleep(PAUSE), if wants_room => is_starved = false,
            }
            if !connections.are_full()
                && let Some((stream, peer)) = waiting.take()
            {
                let activity = Arc::new(Activity::new());
                let connection = Connection {
                    http: http.clone(),
                    service: self.service.clone(),
                    activity: Arc::clone(&activity),
                    is_crowded: Arc::clone(&is_crowded),
                    peer: PeerAddress(peer),
                    waits: self.waits,
                    write_timeout: self.write_timeout,
                };
                connections.spawn(activity, connection.serve(stream, graceful.watcher()));
            }
        }

        drop(listener);
        let mut drained = pin!(timeout(self.drain_deadline, graceful.shutdown()));
        let drained = loop {
            tokio::select! {
                drained = &mut drained => break drained,
                // Slow to send a head, or to read a response.
                () = sleep(Connections::GRACE) => connections.close_idle(),
            }
        };
        if drained.is_err() {
            tracing::warn!("dropped connections that were busy at the drain deadline");
        }
        Ok(())
    }
}

/// What a connection may keep of a head that is not whole, and of responses that nobody reads: nobody was
/// verified yet. hyper's own limit is 400 KB, of each.
const BUFFER: usize = 64 * 1024;

/// For what gets better by itself: long enough not to spin, short enough not to be noticed.
const PAUSE: Duration = Duration::from_millis(100);

/// Waits for a connection, past those that ended before they were accepted; `None` if the system
/// has no room for one.
async fn accept(listener: &TcpListener) -> io::Result<Option<(TcpStream, SocketAddr)>> {
    loop {
        let error = match listener.accept().await {
            Ok(connection) => return Ok(Some(connection)),
            Err(error) => error,
        };
        match error.kind() {
            io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported => return Err(error),
            io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset => {}
            _ => {
                tracing::warn!(%error, "could not accept a connection");
                return Ok(None);
            }
        }
    }
}

struct Connection {
    http: http1::Builder,
    service: WebhookService,
    activity: Arc<Activity>,
    is_crowded: Arc<AtomicBool>,
    peer: PeerAddress,
    waits: Waits,
    write_timeout: Duration,
}

impl Connection {
    async fn serve(self, stream: TcpStream, watcher: Watcher) {
        // A response is one small write; there is nothing to wait for. If it fails, it is only slower.
        let _ = stream.set_nodelay(true);

        let Self { service, peer, .. } = self;
        let unread = Arc::new(AtomicBool::new(false));
        let stream = Lingering::new(stream, Arc::clone(&unread));
        let stream = Monitored::new(stream, self.write_timeout);
        let stream = Awaited::new(stream, Arc::clone(&self.activity), self.waits);
        let stream = Mended::new(stream, Arc::clone(&self.activity));
        let service = service_fn(move |mut request: Request<Incoming>| {
            let is_in_time = self.activity.begin();
            request.extensions_mut().insert(peer);
            request.extensions_mut().insert(Arc::clone(&self.activity));
            let response = service.call(request);
            let (activity, unread) = (Arc::clone(&self.activity), Arc::clone(&unread));
            let is_crowded = Arc::clone(&self.is_crowded);
            async move {
                if !is_in_time {
                    // The connection is being closed; its client has to come again.
                    pending::<()>().await;
                }
                let mut response = response.await?;
                if is_crowded.load(Ordering::Relaxed) {
                    // A client that keeps sending requests is never idle, and has to let others have a turn.
                    let close = HeaderValue::from_static("close");
                    response.headers_mut().insert(CONNECTION, close);
                }
                if response.headers().contains_key(CONNECTION) {
                    // Of this request, or the next one is there already.
                    unread.store(true, Ordering::Relaxed);
                }
                activity.answered();
                Ok::<_, Infallible>(response)
            }
        });
        let connection = self.http.serve_connection(TokioIo::new(stream), service);
        if let Err(error) = watcher.watch(connection).await {
            // What is no HTTP gets no further than hyper, which responds with 400; its errors repeat nothing of it.
            if error.is_parse() {
                tracing::warn!(%error, "refused a request that is no HTTP");
            } else {
                tracing::debug!(%error, "a connection ended early");
            }
        }
    }
}
