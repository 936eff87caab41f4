//! Any service of HTTP requests as a transport.

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tower_service::Service;

use super::failure::{BoxError, Classify, classified};
use super::timed::Timed;
use crate::body::Begun;
use crate::limit::{Limit, clamped};
use crate::{
    Body, Operation, OperationClass, Phase, Request, Response, ResponseBody, SendOnce, Transport,
    TransportError, TransportErrorKind,
};

/// A [`Service`] of HTTP requests, such as hyper's client with layers of tower around it, as a [`Transport`].
///
/// The service takes `http::Request<B>`, where `B` is made from a [`Body`]: that is `Body` itself, and
/// [`BodyReader`](crate::BodyReader), an [`http_body::Body`], which is what HTTP libraries want.
///
/// # How it keeps a transport's promises
///
/// | Promise | |
/// |---|---|
/// | one copy | a send can't leave twice, even if a layer inside repeats it: see below |
/// | an honest phase | the service's errors are [`Phase::InFlight`] unless you [classify](Self::classify) them, or a [`TransportError`] is among their causes. Once reading of the body has begun, nothing is [`Phase::Connect`] any more. A service that was never ready got no request: [`Phase::Connect`] |
/// | every status is a response | the service must not turn a status into an error, or follow redirects |
/// | a bounded time | [`Operation::timeout`], or 30 s, from the call to the end of the response body, on any runtime |
/// | silence | the service's errors become the [`source`](Error::source) as they are: they must not show URLs or headers |
///
/// # Layers that repeat
///
/// tower's `Retry` clones requests. For an [`OperationClass::Send`], and for requests without an [`Operation`], the
/// copies share their body: it can be read once, so a second copy fails while it is sent, without its content. They
/// also share a [`SendOnce`], so that transports further inside refuse the second copy at once. Once any copy has
/// begun, no later failure counts as "nothing was sent". Requests to a service whose `B` is `BodyReader` can't be
/// repeated at all, because it can't be cloned.
///
/// Before "nothing was sent" is reported, the body and the permission of all copies are revoked, so that a copy left
/// behind in some task can't leave later. For a request without a body there is no sign of whether a copy has left, so
/// none of its failures counts as "nothing was sent" once the service was called.
///
/// One case is not covered: a layer that reads the whole body into memory and repeats that. Don't put one here.
///
/// # Examples
///
/// ```
/// use std::convert::Infallible;
///
/// use http_body_util::Full;
/// use kaleyra_wa_transport::bytes::Bytes;
/// use kaleyra_wa_transport::{Body, Request, TowerTransport, Transport, http, read_whole};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // A stand-in for your stack.
/// let stack = tower::service_fn(|request: http::Request<Body>| async move {
///     let path = request.uri().path().to_owned();
///     Ok::<_, Infallible>(http::Response::new(Full::<Bytes>::from(path)))
/// });
///
/// let transport = TowerTransport::new(stack);
/// let request = http::Request::get("https://api.example/v2").body(Body::empty())?;
/// let response = read_whole(transport.execute(request).await?, 1024).await?;
/// assert_eq!(response.body(), "/v2");
/// # Ok(())
/// # }
/// ```
///
/// hyper's own client, which has to be asked whether connecting failed:
///
/// ```
/// use hyper_util::client::legacy;
/// use hyper_util::rt::TokioExecutor;
/// use kaleyra_wa_transport::{BodyReader, Phase, TowerTransport, Transport, TransportErrorKind};
///
/// let client = legacy::Client::builder(TokioExecutor::new()).build_http::<BodyReader>();
/// let transport = TowerTransport::new(client).classify(|cause| {
///     let error = cause.downcast_ref::<legacy::Error>()?;
///     error.is_connect().then_some((Phase::Connect, TransportErrorKind::Connect))
/// });
/// let transport: Box<dyn Transport> = Box::new(transport);
/// # let _ = transport;
/// ```
pub struct TowerTransport<S, B = Body> {
    /// In a mutex that is only ever held to clone it: a service need not be `Sync`.
    service: Mutex<S>,
    timeout: Duration,
    classify: Option<Arc<Classify>>,
    body: PhantomData<fn() -> B>,
}

impl<S, B> TowerTransport<S, B> {
    /// Sends through this service. It is cloned for each request.
    pub fn new<A>(service: S) -> Self
    where
        S: Service<http::Request<B>, Response = http::Response<A>>,
    {
        Self {
            service: Mutex::new(service),
            timeout: Duration::from_secs(30),
            classify: None,
            body: PhantomData,
        }
    }

    /// The timeout for requests that have none of their own. Default: 30 s; a year at most.
    ///
    /// ```
    /// use std::convert::Infallible;
    /// use std::future::pending;
    /// use std::time::Duration;
    ///
    /// use http_body_util::Full;
    /// use kaleyra_wa_transport::bytes::Bytes;
    /// use kaleyra_wa_transport::{Body, Phase, Request, TowerTransport, Transport, TransportErrorKind, http};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let silent = tower::service_fn(|_: http::Request<Body>| pending::<Result<http::Response<Full<Bytes>>, Infallible>>());
    /// let transport = TowerTransport::new(silent).timeout(Duration::from_millis(5));
    /// let error = transport.execute(Request::new(Body::empty())).await.unwrap_err();
    /// assert_eq!((error.kind(), error.phase()), (TransportErrorKind::Timeout, Phase::InFlight));
    /// # }
    /// ```
    #[must_use]
    pub const fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = clamped(limit);
        self
    }

    /// Classifies the service's errors: how far the request got, and what went wrong.
    ///
    /// It is called with the error and then each of its causes; the first `Some` counts. Causes of an unreadable body
    /// are not among them. Return [`Phase::Connect`] only if not one byte of the request can have left; it counts only
    /// if reading of the body has not begun.
    #[must_use]
    pub fn classify(
        mut self,
        classify: impl Fn(&(dyn Error + 'static)) -> Option<(Phase, TransportErrorKind)>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.classify = Some(Arc::new(classify));
        self
    }

    async fn exchange<A>(
        &self,
        request: http::Request<B>,
        limit: Duration,
        gate: Gate,
    ) -> Result<Response, TransportError>
    where
        S: Service<http::Request<B>, Response = http::Response<A>> + Clone + Send,
        S::Error: Into<BoxError>,
        S::Future: Send,
        A: http_body::Body + Send + 'static,
        A::Error: Into<BoxError>,
    {
        let mut limit = Limit::of(limit);
        let late = |phase| TransportError::new(phase, TransportErrorKind::Timeout);
        let classify = self.classify.as_deref();
        let mut service = self
            .service
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();

        let ready = limit.run(poll_fn(|cx| service.poll_ready(cx))).await;
        ready
            .ok_or_else(|| late(Phase::Connect))?
            .map_err(|error| classified(error.into(), Phase::Connect, classify))?;

        let response = limit.run(service.call(request)).await;
        let response = response
            .ok_or_else(|| late(Phase::InFlight))?
            .map_err(|error| {
                let error = classified(error.into(), Phase::InFlight, classify);
                gate.doubted(error)
            })?;
        let status = response.status();
        let classify = self.classify.clone();
        let failed = move |error: A::Error| {
            let phase = Phase::Body { status };
            classified(error.into(), phase, classify.as_deref()).in_phase(phase)
        };
        Ok(response.map(|body| {
            ResponseBody::streaming(Timed {
                body: Box::pin(body),
                limit,
                status,
                failed,
            })
        }))
    }
}

#[async_trait]
impl<S, B, A> Transport for TowerTransport<S, B>
where
    S: Service<http::Request<B>, Response = http::Response<A>> + Clone + Send,
    S::Error: Into<BoxError>,
    S::Future: Send,
    A: http_body::Body + Send + 'static,
    A::Error: Into<BoxError>,
    B: From<Body> + Send,
{
    async fn execute(&self, mut request: Request) -> Result<Response, TransportError> {
        let claim = SendOnce::claim(request.extensions())?;
        let operation = request.extensions().get::<Operation>();
        let limit = operation.and_then(|operation| operation.timeout);
        let is_repeatable = operation.is_some_and(|operation| may_be_copied(operation.class));
        let gate = Gate::around(&mut request, is_repeatable);
        let request = request.map(B::from);
        let outcome = self.exchange(request, limit.unwrap_or(self.timeout), gate);
        claim.settle(outcome.await)
    }
}

fn may_be_copied(class: OperationClass) -> bool {
    matches!(class, OperationClass::Read | OperationClass::Upload)
}

/// What the copies pass that the service makes of a request.
struct Gate {
    body: Begun,
    permission: SendOnce,
}

impl Gate {
    fn around(request: &mut Request, is_repeatable: bool) -> Self {
        let body = Begun::default();
        let shows_nothing = request.body().is_empty();
        if shows_nothing {
            body.set();
        } else if is_repeatable {
            take(request, |inner| inner.noted(&body));
        } else {
            take(request, |inner| inner.once_noted(&body));
        }
        // Its copies are for what is inside of the service; the one that was claimed is for what is around this.
        let permission = if is_repeatable {
            SendOnce::repeatable()
        } else {
            SendOnce::new()
        };
        request.extensions_mut().insert(permission.clone());
        Self { body, permission }
    }

    /// "Nothing was sent" holds only for the copy that failed, if a layer repeats. Where it holds for all of them, none
    /// may leave later.
    fn doubted(&self, error: TransportError) -> TransportError {
        if error.phase() != Phase::Connect {
            return error;
        }
        let (no_body, no_copy) = (self.body.close(), self.permission.revoke());
        if no_body && no_copy {
            error
        } else {
            error.in_phase(Phase::InFlight)
        }
    }
}

fn take(request: &mut Request, change: impl FnOnce(Body) -> Body) {
    let body = std::mem::take(request.body_mut());
    *request.body_mut() = change(body);
}

impl<S: Clone, B> Clone for TowerTransport<S, B> {
    fn clone(&self) -> Self {
        let service = self.service.lock().unwrap_or_else(PoisonError::into_inner);
        Self {
            service: Mutex::new(service.clone()),
            timeout: self.timeout,
            classify: self.classify.clone(),
            body: PhantomData,
        }
    }
}

impl<S, B> fmt::Debug for TowerTransport<S, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TowerTransport")
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
