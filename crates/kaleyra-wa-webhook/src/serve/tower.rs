//! The service for tower, and so for axum and whatever else builds on it.

use std::convert::Infallible;
use std::error::Error;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Body;
use tower_service::Service;

use super::service::{ResponseFuture, WebhookService};

/// Behind the feature `tower`. It is always ready: what holds it back is the sink, with a 503.
///
/// # Examples
///
/// In an axum application:
///
/// ```
/// use axum::Router;
/// use axum::routing::get;
/// use kaleyra_wa_webhook::{Receiver, SharedHeader, WebhookService, sink_fn};
///
/// let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", "a long random text")?);
/// let webhook = WebhookService::new(receiver, sink_fn(|_| async { Ok(()) }));
/// let app: Router = Router::new()
///     .route("/", get(|| async { "the shop" }))
///     .route_service("/callbacks", webhook);
/// # let _ = app;
/// # Ok::<(), kaleyra_wa_webhook::InvalidSecret>(())
/// ```
impl<B> Service<Request<B>> for WebhookService
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> ResponseFuture {
        hyper::service::Service::call(self, request)
    }
}
