//! The receiver and the sink as one HTTP service.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::{BufMut, Bytes, BytesMut};
use http::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Body;
use hyper::service::Service;
use tokio::time::timeout;
use tracing::{Instrument, Span, field};

use super::catch_panic::catch_panic;
use crate::receive::{Delivery, Receiver, Rejection};
use crate::sink::{Sink, SinkError};

/// Answers requests: checks the head, reads the body under a cap and a time limit, receives it,
/// hands it to the sink, and says 200 if the sink took it.
///
/// It is a hyper [`Service`] that never fails, for any body, and cheap to clone: all clones share
/// one receiver and one sink. [`serve`](crate::serve()) runs it; with another server, keep in mind
/// that
///
/// * an answer that may leave a part of the body unread has `Connection: close`, and the server
///   should read the rest away before it closes the socket: otherwise a client that is still
///   sending may see a reset instead of the answer;
/// * it runs inside a tokio runtime with its timer enabled.
///
/// Each request has a `tracing` span named `callback` with the status, the size, the number of
/// events, and Kaleyra's `trace_id` and `waba_id`: no personal data and no secret.
#[derive(Clone)]
pub struct WebhookService {
    receiver: Arc<Receiver>,
    sink: Arc<dyn Sink>,
    body_limit: usize,
    body_timeout: Duration,
    sink_timeout: Duration,
    on_rejection: Option<Arc<OnRejection>>,
}

type OnRejection = dyn Fn(&Rejection) + Send + Sync;

impl WebhookService {
    /// The default of [`body_limit`](Self::body_limit): 3 MiB. Meta's callbacks have up to 3 MB.
    pub const DEFAULT_BODY_LIMIT: usize = 3 * 1024 * 1024;
    /// The default of [`body_timeout`](Self::body_timeout): 10 s.
    pub const DEFAULT_BODY_TIMEOUT: Duration = Duration::from_secs(10);
    /// The default of [`sink_timeout`](Self::sink_timeout): 30 s.
    pub const DEFAULT_SINK_TIMEOUT: Duration = Duration::from_secs(30);

    /// A service that hands to `sink` what `receiver` takes.
    pub fn new(receiver: Receiver, sink: impl Sink + 'static) -> Self {
        Self {
            receiver: Arc::new(receiver),
            sink: Arc::new(sink),
            body_limit: Self::DEFAULT_BODY_LIMIT,
            body_timeout: Self::DEFAULT_BODY_TIMEOUT,
            sink_timeout: Self::DEFAULT_SINK_TIMEOUT,
            on_rejection: None,
        }
    }

    /// The largest body, in bytes; a larger one is answered 413.
    ///
    /// Below 3 MB, batches of Meta's can be refused for good.
    #[must_use]
    pub const fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// The longest time for the whole body to arrive; a slower one is answered 408.
    #[must_use]
    pub const fn body_timeout(mut self, timeout: Duration) -> Self {
        self.body_timeout = timeout;
        self
    }

    /// The longest time for the sink to take a delivery; after it, the sink's future is dropped and
    /// the answer is 503 with a `Retry-After`.
    ///
    /// No sender waits for ever: one that has hung up comes again, while the delivery of before is
    /// still being taken. The future has to bear being dropped, see [`Sink`].
    #[must_use]
    pub const fn sink_timeout(mut self, timeout: Duration) -> Self {
        self.sink_timeout = timeout;
        self
    }

    /// Tells `observer` of every rejection, just before it is answered: to count or show them. The
    /// rejection holds nothing of the request's contents.
    ///
    /// What is no HTTP, and a head that takes too long, does not come as far as here. The observer
    /// is called on the connection's task, so it should be quick. If it panics, the answer goes out
    /// all the same.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    ///
    /// use kaleyra_wa_webhook::{Receiver, Rejection, WebhookService, sink_fn};
    ///
    /// let intruders = Arc::new(AtomicUsize::new(0));
    /// let counter = intruders.clone();
    /// let service = WebhookService::new(Receiver::dangerously_unverified(), sink_fn(|_| async { Ok(()) }))
    ///     .on_rejection(move |rejection| {
    ///         if *rejection == Rejection::Unauthorized {
    ///             counter.fetch_add(1, Ordering::Relaxed);
    ///         }
    ///     });
    /// # let _ = service;
    /// ```
    #[must_use]
    pub fn on_rejection(mut self, observer: impl Fn(&Rejection) + Send + Sync + 'static) -> Self {
        self.on_rejection = Some(Arc::new(observer));
        self
    }

    async fn answer<B>(&self, request: Request<B>, span: Span) -> Response<Full<Bytes>>
    where
        B: Body,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let outcome = catch_panic(self.deliver(request, &span)).await;
        let (rejection, close) = match outcome {
            Ok(Ok(())) => {
                span.record("http.response.status_code", StatusCode::OK.as_u16());
                tracing::debug!("accepted a callback");
                return accepted();
            }
            Ok(Err(rejection)) => {
                tracing::info!(%rejection, "rejected a request");
                let close = leaves_body_unread(&rejection);
                (rejection, close)
            }
            Err(_) => {
                tracing::error!("the sink or the verifier panicked");
                // Where it panicked is unknown, so part of the body may be unread.
                (unavailable(), true)
            }
        };
        self.tell(&rejection).await;

        let mut response = rejection.to_response().map(Full::new);
        if close {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        span.record("http.response.status_code", response.status().as_u16());
        response
    }

    async fn tell(&self, rejection: &Rejection) {
        if let Some(observer) = &self.on_rejection
            && catch_panic(async { observer(rejection) }).await.is_err()
        {
            tracing::error!("the observer of rejections panicked");
        }
    }

    async fn deliver<B>(&self, request: Request<B>, span: &Span) -> Result<(), Rejection>
    where
        B: Body,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let (head, body) = request.into_parts();
        self.receiver.check_head(&head)?;
        let body = self.read(body).await?;
        span.record("http.request.body.size", body.len());

        let delivery = self.receiver.receive(&head, body, SystemTime::now())?;
        describe(&delivery, span);
        match timeout(self.sink_timeout, self.sink.accept(delivery)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                tracing::warn!(reason = %error, "the sink could not take a callback");
                Err(error.into())
            }
            Err(_) => {
                tracing::warn!("the sink did not take a callback in time");
                Err(unavailable())
            }
        }
    }

    async fn read<B>(&self, body: B) -> Result<Bytes, Rejection>
    where
        B: Body,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let limit = self.body_limit;
        let too_large = Rejection::BodyTooLarge { limit };
        // The `Content-Length`, where there is one: nothing was read yet, so a client that waits
        // for a "100 Continue" won't send the body at all.
        if body.size_hint().lower() > limit as u64 {
            return Err(too_large);
        }
        match timeout(self.body_timeout, collect(Limited::new(body, limit))).await {
            Ok(Ok(body)) => Ok(body),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large),
            Ok(Err(_)) => Err(Rejection::BodyIncomplete),
            Err(_) => Err(Rejection::BodyTimeout),
        }
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
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<B>) -> Self::Future {
        let service = self.clone();
        let span = tracing::info_span!(
            "callback",
            http.response.status_code = field::Empty,
            http.request.body.size = field::Empty,
            kaleyra.events = field::Empty,
            kaleyra.trace_id = field::Empty,
            kaleyra.waba_id = field::Empty,
        );
        Box::pin(async move {
            let answer = service.answer(request, span.clone());
            Ok(answer.instrument(span).await)
        })
    }
}

impl fmt::Debug for WebhookService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookService")
            .field("receiver", &self.receiver)
            .field("body_limit", &self.body_limit)
            .field("body_timeout", &self.body_timeout)
            .field("sink_timeout", &self.sink_timeout)
            .finish_non_exhaustive()
    }
}

/// Reads a body into one buffer. `BodyExt::collect` keeps the frames apart: a body in chunks of one
/// byte would take many times its size.
async fn collect<B: Body>(body: B) -> Result<Bytes, B::Error> {
    let mut body = pin!(body);
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        // Trailers say nothing that is of use here.
        if let Ok(data) = frame?.into_data() {
            bytes.put(data);
        }
    }
    Ok(bytes.freeze())
}

/// For when the sink says nothing about when to come again.
const fn unavailable() -> Rejection {
    Rejection::Unavailable {
        retry_after: SinkError::DEFAULT_RETRY_AFTER,
    }
}

fn accepted() -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from("accepted\n"));
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, text);
    response
}

/// Whether bytes of the body may still be under way when this is answered.
const fn leaves_body_unread(rejection: &Rejection) -> bool {
    match rejection {
        Rejection::BodyIncomplete
        | Rejection::BodyTimeout
        | Rejection::BodyTooLarge { .. }
        | Rejection::MethodNotAllowed
        | Rejection::Unauthorized => true,
        Rejection::NotACallback(_) | Rejection::Unavailable { .. } => false,
    }
}

fn describe(delivery: &Delivery, span: &Span) {
    if span.is_disabled() {
        return;
    }
    span.record("kaleyra.events", delivery.events().count());
    let Some(extra_info) = &delivery.callback.extra_info else {
        return;
    };
    if let Some(trace_id) = &extra_info.trace_id {
        span.record("kaleyra.trace_id", trace_id.as_str());
    }
    if let Some(waba_id) = &extra_info.waba_id {
        span.record("kaleyra.waba_id", waba_id.as_str());
    }
}
