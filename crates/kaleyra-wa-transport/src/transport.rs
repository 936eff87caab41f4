//! The trait, and the types that go through it.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Body, Response, TransportError};

/// A request on its way out: method, absolute URL, headers and [`Body`], with an
/// [`Operation`](crate::Operation) in its extensions.
///
/// Its `Debug` is `http`'s own. It shows the URL, which holds the sender's number, and hides the
/// values of headers that are marked sensitive, as the client marks the key. To log a request, log
/// its operation.
pub type Request = http::Request<Body>;

/// Carries a request to the server and returns the response.
///
/// The client holds it as `Arc<dyn Transport>`. `Arc`, `Box` and references to a transport are
/// transports too.
///
/// # What an implementation promises
///
/// The client's "nothing lost, nothing twice" rests on these.
///
/// 1. **One copy.** One call puts at most one copy of the request on the wire. The caller decides whether to retry,
///    because it knows what a second copy would do ([`OperationClass`](crate::OperationClass)). A layer in between may
///    copy a request and call several times; so that only one copy leaves, a transport that puts requests on the wire
///    [claims](crate::SendOnce::claim) the request's `SendOnce` first, and settles the claim with the outcome.
/// 2. **An honest phase.** [`Phase::Connect`](crate::Phase::Connect) only if not one byte of the
///    request can have left. In doubt, the later phase: a needless "may have arrived" costs a look,
///    a wrong "nothing was sent" costs a second message.
/// 3. **Every status is a response.** 4xx and 5xx are `Ok`. So is 3xx: following a redirect would hand the key and the
///    message to whatever host it names.
/// 4. **A bounded time.** A timeout covers everything up to the end of the response body:
///    [`Operation::timeout`](crate::Operation::timeout) if the request has one, else the transport's own. The caller
///    decides how much of the body to read ([`read_whole`](crate::read_whole)).
/// 5. **Silence about contents.** No header value, body or URL in logs and errors.
///
/// Dropping the future cancels the request; it may or may not have arrived.
///
/// With the feature `conformance` there is a suite that checks them.
///
/// # Examples
///
/// An implementation is in the [crate documentation](crate#your-own-transport).
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends one request and waits for the response headers. The body may still be on its way.
    ///
    /// # Errors
    ///
    /// When there is no response, or, with a transport that reads the body first, an incomplete one.
    /// [`TransportError::phase`] says how far the request got.
    async fn execute(&self, request: Request) -> Result<Response, TransportError>;
}

#[async_trait]
impl<T: Transport + ?Sized> Transport for &T {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        (**self).execute(request).await
    }
}

#[async_trait]
impl<T: Transport + ?Sized> Transport for Arc<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        (**self).execute(request).await
    }
}

#[async_trait]
impl<T: Transport + ?Sized> Transport for Box<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        (**self).execute(request).await
    }
}

// The client depends on both: the trait is usable as `dyn`, and what goes through it crosses
// threads.
const _: fn(&dyn Transport) = |_| {};
const _: fn() = || {
    const fn crosses_threads<T: Send + Sync + 'static>() {}
    const fn moves_between_threads<T: Send + 'static>() {}
    crosses_threads::<Arc<dyn Transport>>();
    crosses_threads::<Request>();
    crosses_threads::<TransportError>();
    moves_between_threads::<Response>();
};
