//! The receiver and the sink as one HTTP service.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Body;
use hyper::service::Service;

use super::read_body::Limits;
use crate::limits;
use crate::observe;
use crate::receive::{Receiver, Rejection};
use crate::sink::Sink;
use crate::verify::{MetaChallenge, TokenIssuer};

/// Responds to requests: checks the head, reads the body under a cap and a time limit, receives it,
/// hands it to the sink, and responds with 200 if the sink took it.
///
/// It is a hyper [`Service`] that never fails, for any body, and with the feature `tower` a tower
/// service too, which axum mounts as it is. It is cheap to clone: all clones share one receiver and
/// one sink. [`serve`](crate::serve()) runs it; with another server, keep in mind that
///
/// * a response that may leave a part of the body unread has `Connection: close`, and the server
///   should read the rest away before it closes the socket: otherwise a client that is still
///   sending may see a reset instead of the response;
/// * it runs inside a tokio runtime with its timer enabled;
/// * only the server knows the peer, and [`SourceAddresses`](crate::SourceAddresses) needs a
///   [`PeerAddress`](crate::PeerAddress).
///
/// A callback can come to any path: [`SecretPath`](crate::SecretPath) and routers may care. Two paths
/// can have other purposes, [`health_path`](Self::health_path) and
/// [`token_endpoint`](Self::token_endpoint). HEAD and OPTIONS, by which profiles and proxies find out
/// whether the server is there, get 200 and 204 at every path, for any caller: they deliver nothing.
///
/// # Examples
///
/// ```no_run
/// use std::time::Duration;
///
/// use kaleyra_wa_webhook::{MemorySink, Receiver, Router, SharedHeader, WebhookService, serve};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let bot = Router::new(()).on_text(async |_, text| {
///     println!("{}", text.body);
/// });
/// let sink = MemorySink::new(bot);
/// let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", "a long random text")?);
/// let service = WebhookService::new(receiver, sink.clone()).health_path("/alive");
///
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
/// serve(listener, service, async { drop(tokio::signal::ctrl_c().await) }).await?;
/// sink.shutdown(Duration::from_secs(10)).await?;
/// # Ok(())
/// # }
/// ```
///
/// In axum: see the [crate documentation](crate#in-another-server).
///
/// # Logs
///
/// Each callback has a `tracing` span named `callback` with the status, the size, the number of
/// events, and Kaleyra's `trace_id` and `waba_id`: no personal data and no secret.
#[derive(Clone)]
pub struct WebhookService {
    /// One pointer, since each request takes a clone; a setting that is changed makes a copy.
    settings: Arc<Settings>,
}

#[derive(Clone)]
pub(super) struct Settings {
    pub(super) receiver: Arc<Receiver>,
    pub(super) sink: Arc<dyn Sink>,
    pub(super) limits: Limits,
    pub(super) sink_timeout: Duration,
    pub(super) on_rejection: Option<Arc<OnRejection>>,
    pub(super) health_path: Option<String>,
    pub(super) token_endpoint: Option<(String, TokenIssuer)>,
    pub(super) meta_challenge: Option<Arc<MetaChallenge>>,
}

/// A response in the making.
pub(super) type ResponseFuture =
    Pin<Box<dyn Future<Output = Result<Response<Full<Bytes>>, Infallible>> + Send>>;

pub(super) type OnRejection = dyn Fn(&Rejection) + Send + Sync;

impl WebhookService {
    /// The default of [`body_limit`](Self::body_limit): 3 MiB. Meta's callbacks have up to 3 MB.
    pub const DEFAULT_BODY_LIMIT: usize = 3 * 1024 * 1024;
    /// The default of [`body_timeout`](Self::body_timeout): 10 s.
    pub const DEFAULT_BODY_TIMEOUT: Duration = Duration::from_secs(10);
    /// The default of [`sink_timeout`](Self::sink_timeout): 30 s.
    pub const DEFAULT_SINK_TIMEOUT: Duration = Duration::from_secs(30);
    /// The default of [`health_path`](Self::health_path): `/healthz`.
    pub const DEFAULT_HEALTH_PATH: &str = "/healthz";

    /// A service that hands to `sink` what `receiver` takes.
    ///
    /// For an example see [`WebhookService`].
    pub fn new(receiver: Receiver, sink: impl Sink + 'static) -> Self {
        observe::describe();
        let settings = Settings {
            receiver: Arc::new(receiver),
            sink: Arc::new(sink),
            limits: Limits {
                bytes: Self::DEFAULT_BODY_LIMIT,
                time: Self::DEFAULT_BODY_TIMEOUT,
            },
            sink_timeout: Self::DEFAULT_SINK_TIMEOUT,
            on_rejection: None,
            health_path: Some(Self::DEFAULT_HEALTH_PATH.to_owned()),
            token_endpoint: None,
            meta_challenge: None,
        };
        Self {
            settings: Arc::new(settings),
        }
    }

    fn with(mut self, set: impl FnOnce(&mut Settings)) -> Self {
        set(Arc::make_mut(&mut self.settings));
        self
    }

    /// The largest body, in bytes; a larger one gets a 413.
    ///
    /// Below 3 MB, Meta's batches can be refused every time.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use http_body_util::Full;
    /// use hyper::service::Service;
    /// use kaleyra_wa_webhook::{Receiver, WebhookService, http, sink_fn};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let service = WebhookService::new(Receiver::dangerously_unverified(), sink_fn(|_| async { Ok(()) }))
    ///     .body_limit(16)
    ///     .body_timeout(Duration::from_secs(5));
    /// let post = |body: &'static str| http::Request::post("/").body(Full::new(body.as_bytes()));
    /// assert_eq!(service.call(post("{}")?).await?.status(), 200);
    /// assert_eq!(service.call(post(r#"{"status": "not sent"}"#)?).await?.status(), 413);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn body_limit(self, bytes: usize) -> Self {
        self.with(|settings| settings.limits.bytes = bytes)
    }

    /// The longest time for the whole body to arrive, at least a millisecond; a slower one gets a 408.
    ///
    /// For an example see [`body_limit`](Self::body_limit).
    #[must_use]
    pub fn body_timeout(self, timeout: Duration) -> Self {
        self.with(|settings| settings.limits.time = limits::positive(timeout))
    }

    /// The longest time for the sink to take a delivery, at least a millisecond; after it, the sink's future is dropped and
    /// the response is 503 with a `Retry-After`.
    ///
    /// No sender waits forever: one that has hung up comes again, while the previous delivery is
    /// still being taken. The future must tolerate being dropped, see [`Sink`].
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use http_body_util::Full;
    /// use hyper::service::Service;
    /// use kaleyra_wa_webhook::{Receiver, WebhookService, http, sink_fn};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let stuck = sink_fn(|_| std::future::pending());
    /// let service = WebhookService::new(Receiver::dangerously_unverified(), stuck).sink_timeout(Duration::from_millis(5));
    /// let response = service.call(http::Request::post("/").body(Full::new(&b"{}"[..]))?).await?;
    /// assert_eq!((response.status().as_u16(), response.headers()["retry-after"].to_str()?), (503, "30"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn sink_timeout(self, timeout: Duration) -> Self {
        self.with(|settings| settings.sink_timeout = limits::positive(timeout))
    }

    /// Calls `observer` with every rejection, just before the response: to count or show them. The
    /// rejection holds nothing of the request's contents.
    ///
    /// What is not HTTP, and a head that takes too long, does not get this far: the former is a
    /// warning in the log. The observer
    /// is called on the connection's task, so it should be quick. If it panics, the response goes out
    /// all the same.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    ///
    /// use http_body_util::Full;
    /// use hyper::service::Service;
    /// use kaleyra_wa_webhook::{Receiver, Rejection, SharedHeader, WebhookService, http, sink_fn};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let intruders = Arc::new(AtomicUsize::new(0));
    /// let counter = intruders.clone();
    /// let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", "a long random text")?);
    /// let service = WebhookService::new(receiver, sink_fn(|_| async { Ok(()) })).on_rejection(move |rejection| {
    ///     if *rejection == Rejection::Unauthorized {
    ///         counter.fetch_add(1, Ordering::Relaxed);
    ///     }
    /// });
    /// service.call(http::Request::post("/").body(Full::new(&b"{}"[..]))?).await?;
    /// assert_eq!(intruders.load(Ordering::Relaxed), 1);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn on_rejection(self, observer: impl Fn(&Rejection) + Send + Sync + 'static) -> Self {
        self.with(|settings| settings.on_rejection = Some(Arc::new(observer)))
    }

    /// Responds to a GET or HEAD of this path with 200, for any caller: for a load balancer or an
    /// orchestrator that wants to know whether the process is alive. It asks neither verifier nor sink.
    ///
    /// POSTs to it are callbacks like any other. A router in front that passes on one path only, such as axum's
    /// `route_service`, never passes on this one.
    ///
    /// For an example see [`WebhookService`].
    #[must_use]
    pub fn health_path(self, path: impl Into<String>) -> Self {
        self.with(|settings| settings.health_path = Some(path.into()))
    }

    /// Serves no [`health_path`](Self::health_path).
    ///
    /// ```
    /// use http_body_util::Empty;
    /// use hyper::service::Service;
    /// use kaleyra_wa_webhook::bytes::Bytes;
    /// use kaleyra_wa_webhook::{Receiver, WebhookService, http, sink_fn};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let service = WebhookService::new(Receiver::dangerously_unverified(), sink_fn(|_| async { Ok(()) }));
    /// let get = || http::Request::get(WebhookService::DEFAULT_HEALTH_PATH).body(Empty::<Bytes>::new());
    /// assert_eq!(service.call(get()?).await?.status(), 200);
    /// assert_eq!(service.without_health_path().call(get()?).await?.status(), 405);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn without_health_path(self) -> Self {
        self.with(|settings| settings.health_path = None)
    }

    /// Issues tokens to callers that POST to this path with the right credentials: Kaleyra's "advanced
    /// authentication". The receiver wants the same issuer as its verifier.
    ///
    /// ```
    /// use kaleyra_wa_webhook::{Receiver, TokenIssuer, WebhookService, sink_fn};
    ///
    /// let issuer = TokenIssuer::new("kaleyra", "a long random text")?;
    /// let service = WebhookService::new(Receiver::new(issuer.clone()), sink_fn(|_| async { Ok(()) }))
    ///     .token_endpoint("/token", issuer);
    /// # let _ = service;
    /// # Ok::<(), kaleyra_wa_webhook::InvalidSecret>(())
    /// ```
    #[must_use]
    pub fn token_endpoint(self, path: impl Into<String>, issuer: TokenIssuer) -> Self {
        self.with(|settings| settings.token_endpoint = Some((path.into(), issuer)))
    }

    /// Responds to Meta's verification request, at any path: for callbacks that come
    /// directly from Meta.
    ///
    /// ```
    /// use http_body_util::Empty;
    /// use hyper::service::Service;
    /// use kaleyra_wa_webhook::bytes::Bytes;
    /// use kaleyra_wa_webhook::{MetaChallenge, Receiver, WebhookService, http, sink_fn};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let service = WebhookService::new(Receiver::dangerously_unverified(), sink_fn(|_| async { Ok(()) }))
    ///     .meta_challenge(MetaChallenge::new("a token of mine")?);
    /// let uri = "/?hub.mode=subscribe&hub.verify_token=a+token+of+mine&hub.challenge=1158201444";
    /// let response = service.call(http::Request::get(uri).body(Empty::<Bytes>::new())?).await?;
    /// assert_eq!(response.status(), 200);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn meta_challenge(self, challenge: MetaChallenge) -> Self {
        self.with(|settings| settings.meta_challenge = Some(Arc::new(challenge)))
    }
}

impl<B> Service<Request<B>> for WebhookService
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn call(&self, request: Request<B>) -> ResponseFuture {
        let settings = Arc::clone(&self.settings);
        let (head, body) = request.into_parts();
        // From here on all borrow them, as each move of a future takes what it holds along.
        Box::pin(async move { Ok(settings.answer(&head, pin!(body)).await) })
    }
}

impl fmt::Debug for WebhookService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookService")
            .field("receiver", &self.settings.receiver)
            .field("limits", &self.settings.limits)
            .field("sink_timeout", &self.settings.sink_timeout)
            .field("health_path", &self.settings.health_path)
            .finish_non_exhaustive()
    }
}
