//! A delivery as an argument of an axum handler.

use std::pin::pin;
use std::sync::Arc;
use std::time::SystemTime;

use axum_core::body::Body;
use axum_core::extract::{FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};

use super::read_body::{Limits, read_body};
use super::service::WebhookService;
use crate::receive::{ReceivedCallback, Receiver, Rejection};

/// Behind the feature `axum`: a handler gets the delivery that the [`Receiver`] in the router's state
/// made of the request. What it refuses doesn't reach the handler.
///
/// The handler is the sink: it responds with 200 when it has taken the delivery, and otherwise a
/// [`Rejection`], which a [`SinkError`](crate::SinkError) turns into. The body has the limits that
/// [`WebhookService`] has by default; axum's own don't apply. To have the health path, metrics and
/// spans as well, mount a [`WebhookService`] instead.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use axum::Router;
/// use axum::extract::{FromRef, State};
/// use axum::routing::any;
/// use kaleyra_wa_webhook::{ReceivedCallback, Receiver, Rejection, SharedHeader, SinkError};
/// use tokio::sync::mpsc;
///
/// #[derive(Clone)]
/// struct App {
///     receiver: Arc<Receiver>,
///     queue: mpsc::Sender<ReceivedCallback>,
/// }
///
/// impl FromRef<App> for Arc<Receiver> {
///     fn from_ref(app: &App) -> Self {
///         app.receiver.clone()
///     }
/// }
///
/// async fn callback(State(app): State<App>, delivery: ReceivedCallback) -> Result<(), Rejection> {
///     Ok(app.queue.try_send(delivery).map_err(|_| SinkError::new("the queue is full"))?)
/// }
///
/// let receiver = Arc::new(Receiver::new(SharedHeader::new("x-kaleyra-secret", "a long random text")?));
/// let (queue, _deliveries) = mpsc::channel(100);
/// // Not only `post`: Kaleyra tells of a number's rating by a GET.
/// let app: Router = Router::new().route("/callbacks", any(callback)).with_state(App { receiver, queue });
/// # let _ = app;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl<S> FromRequest<S> for ReceivedCallback
where
    S: Send + Sync,
    Arc<Receiver>: FromRef<S>,
{
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        const LIMITS: Limits = Limits {
            bytes: WebhookService::DEFAULT_BODY_LIMIT,
            time: WebhookService::DEFAULT_BODY_TIMEOUT,
        };

        let receiver = Arc::<Receiver>::from_ref(state);
        let (head, body) = request.into_parts();
        receiver.check_head(&head, SystemTime::now())?;
        let body = read_body(pin!(body), LIMITS, None).await?;
        receiver.receive(&head, body, SystemTime::now())
    }
}

/// Behind the feature `axum`.
impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        self.to_response().map(Body::from)
    }
}
