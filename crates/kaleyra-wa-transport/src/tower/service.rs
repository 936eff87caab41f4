//! A transport as a service.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tower_service::Service;

use crate::{Request, Response, Transport, TransportError};

/// A [`Transport`] as a [`Service`], to put layers of tower around it.
///
/// It is always ready: put limits into a layer around it. Clones share the transport.
///
/// A layer that repeats requests can't repeat a send if the transport honours [`SendOnce`](crate::SendOnce), as
/// `ReqwestTransport` and [`TowerTransport`](super::TowerTransport) do: it refuses the second copy.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_transport::{
///     Body, Request, Response, Transport, TransportError, TransportService, async_trait,
/// };
/// use tower::ServiceExt;
///
/// struct Stack;
///
/// #[async_trait]
/// impl Transport for Stack {
///     async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
///         Ok(Response::new("{}".into()))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), TransportError> {
/// let service = TransportService::new(Stack).map_request(|mut request: Request| {
///     let seen = http::HeaderValue::from_static("yes");
///     request.headers_mut().insert("x-seen", seen);
///     request
/// });
/// let response = service.oneshot(Request::new(Body::empty())).await?;
/// assert_eq!(response.status(), 200);
/// # Ok(())
/// # }
/// ```
pub struct TransportService<T: ?Sized>(Arc<T>);

impl<T: Transport> TransportService<T> {
    /// The service that sends through this transport.
    pub fn new(transport: T) -> Self {
        Self(Arc::new(transport))
    }
}

impl<T: Transport + ?Sized> From<Arc<T>> for TransportService<T> {
    fn from(transport: Arc<T>) -> Self {
        Self(transport)
    }
}

impl<T: Transport + ?Sized + 'static> Service<Request> for TransportService<T> {
    type Response = Response;
    type Error = TransportError;
    type Future = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let transport = Arc::clone(&self.0);
        Box::pin(async move { transport.execute(request).await })
    }
}

impl<T: ?Sized> Clone for TransportService<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: ?Sized> fmt::Debug for TransportService<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportService").finish_non_exhaustive()
    }
}
