//! From a request to its response.

use std::error::Error;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::header::{ALLOW, CONNECTION, CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http::{Method, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Body;
use tracing::{Span, field};

use super::activity::Activity;
use super::read_body::{Limits, read_body};
use super::service::Settings;
use crate::guard::{QuietSpan, catch_panic, quietly};
use crate::observe::{Stopwatch, Tally, record_ids};
use crate::receive::{ReceivedCallback, Rejection};
use crate::verify::TokenIssuer;
use crate::with_timeout::with_timeout;

/// What a request for a token may have: an id, a secret, and some words around them.
const TOKEN_REQUEST: usize = 16 * 1024;

impl Settings {
    /// Answers any request.
    pub(super) async fn answer<B>(&self, head: &Parts, body: Pin<&mut B>) -> Response<Full<Bytes>>
    where
        B: Body,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        if self.is_health_check(head) {
            return text("ok\n");
        }
        if let Some((path, issuer)) = &self.token_endpoint
            && head.uri.path() == path
        {
            return self.respond_to_token_request(issuer, head, body).await;
        }
        match head.method {
            // Whoever is going to call asks first whether somebody is there.
            Method::HEAD => return Response::default(),
            Method::OPTIONS => return options(),
            _ => {}
        }
        let challenge = self.meta_challenge.as_ref();
        if let Some(answer) = challenge.and_then(|challenge| challenge.answer(head)) {
            return answer.map(Full::new);
        }
        let span = QuietSpan::new(|| {
            tracing::info_span!(
                "callback",
                http.response.status_code = field::Empty,
                http.request.body.size = field::Empty,
                kaleyra.events = field::Empty,
                kaleyra.trace_id = field::Empty,
                kaleyra.waba_id = field::Empty,
            )
        });
        span.run(self.respond_to_callback(head, body, &span)).await
    }

    fn is_health_check(&self, head: &Parts) -> bool {
        matches!(head.method, Method::GET | Method::HEAD)
            && self.health_path.as_deref() == Some(head.uri.path())
    }

    async fn respond_to_token_request<B>(
        &self,
        issuer: &TokenIssuer,
        head: &Parts,
        body: Pin<&mut B>,
    ) -> Response<Full<Bytes>>
    where
        B: Body,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let issued = async {
            if head.method != Method::POST {
                return Err(Rejection::MethodNotAllowed);
            }
            let limits = Limits {
                bytes: TOKEN_REQUEST.min(self.limits.bytes),
                ..self.limits
            };
            let body = read_body(body, limits, activity(head)).await?;
            issuer.issue(head, &body, SystemTime::now())
        };
        match issued.await {
            Ok(token) => {
                quietly(|| tracing::debug!("issued a token"));
                token.to_response().map(Full::new)
            }
            Err(rejection) => {
                quietly(|| tracing::info!(%rejection, "rejected a request for a token"));
                let close = leaves_body_unread(&rejection);
                self.reject(&rejection, close)
            }
        }
    }

    async fn respond_to_callback<B>(
        &self,
        head: &Parts,
        body: Pin<&mut B>,
        span: &QuietSpan,
    ) -> Response<Full<Bytes>>
    where
        B: Body,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let stopwatch = Stopwatch::start();
        let response = match catch_panic(pin!(self.deliver(head, body, span))).await {
            Ok(Ok(())) => {
                quietly(|| tracing::debug!("accepted a callback"));
                // For whoever tries it by hand; a sender looks at the status only.
                Response::new(Full::from("accepted\n"))
            }
            Ok(Err(rejection)) => {
                quietly(|| tracing::info!(%rejection, "rejected a request"));
                let close = leaves_body_unread(&rejection);
                self.reject(&rejection, close)
            }
            Err(_) => {
                quietly(|| tracing::error!("the sink or the verifier panicked"));
                // Where it panicked is unknown, so part of the body may be unread.
                self.reject(&Rejection::UNAVAILABLE, true)
            }
        };
        let status = response.status();
        span.tell(|span| {
            span.record("http.response.status_code", status.as_u16());
        });
        quietly(|| stopwatch.answered(status));
        response
    }

    async fn deliver<B>(
        &self,
        head: &Parts,
        body: Pin<&mut B>,
        span: &QuietSpan,
    ) -> Result<(), Rejection>
    where
        B: Body,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let is_vouched_for = self.receiver.is_vouched_for(head, SystemTime::now())?;
        let in_doubt = activity(head).filter(|_| !is_vouched_for);
        let body = read_body(body, self.limits, in_doubt).await?;
        span.tell(|span| {
            span.record("http.request.body.size", body.len());
        });

        let delivery = self.receiver.receive(head, body, SystemTime::now())?;
        span.tell(|span| describe(&delivery, span));
        let tally = Tally::of(&delivery.callback);
        match with_timeout(self.sink_timeout, self.sink.accept(delivery)).await {
            Ok(Ok(())) => {
                // Only now, since what was not taken comes again.
                quietly(|| tally.count());
                Ok(())
            }
            Ok(Err(error)) => {
                quietly(|| tracing::warn!(reason = %error, "the sink could not take a callback"));
                Err(error.into())
            }
            Err(_) => {
                quietly(|| tracing::warn!("the sink did not take a callback in time"));
                Err(Rejection::UNAVAILABLE)
            }
        }
    }

    fn reject(&self, rejection: &Rejection, close: bool) -> Response<Full<Bytes>> {
        if let Some(observer) = &self.on_rejection
            && quietly(|| observer(rejection)).is_none()
        {
            quietly(|| tracing::error!("the observer of rejections panicked"));
        }
        let mut response = rejection.to_response().map(Full::new);
        if close {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        response
    }
}

/// What its connection does, where [`Server`](super::Server) runs it.
fn activity(head: &Parts) -> Option<&Activity> {
    let activity = head.extensions.get::<Arc<Activity>>();
    activity.map(AsRef::as_ref)
}

/// What is allowed.
fn options() -> Response<Full<Bytes>> {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(ALLOW, Rejection::ALLOWED);
    response
}

fn text(body: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(body));
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
        | Rejection::MessagesByGet
        | Rejection::MethodNotAllowed
        | Rejection::Unauthorized
        | Rejection::UnsupportedMediaType => true,
        Rejection::NotACallback(_) | Rejection::Unavailable { .. } => false,
    }
}

fn describe(delivery: &ReceivedCallback, span: &Span) {
    span.record("kaleyra.events", delivery.events().count());
    record_ids(span, delivery.callback.extra_info.as_ref());
}
