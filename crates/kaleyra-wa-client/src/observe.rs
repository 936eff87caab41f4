//! The span of a call: OpenTelemetry's names for HTTP, and nothing that is secret or personal.

use std::time::Duration;

use kaleyra_wa_transport::http::StatusCode;
use kaleyra_wa_types::handling::{Handling, Sending};
use tracing::{Instrument, Span};

use crate::endpoint::{Endpoint, SEND};
use crate::metrics::Measured;
use crate::{BaseUrl, Delivery, Error};

/// Runs a call inside its span, and records the outcome.
pub(crate) async fn observed<T>(
    server: &BaseUrl,
    endpoint: &Endpoint,
    call: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let watch = Watch::begin(server, endpoint);
    let outcome = call.instrument(watch.span()).await;
    watch.end(outcome)
}

/// An observed call. If it is dropped before [`end`](Self::end), the caller cancelled it.
///
/// [`observed`] does everything, with a future around the call's; sends, which are frequent, avoid that extra future.
pub(crate) struct Watch {
    /// Taken at the end, so that `Drop` sees that there was one.
    measured: Option<Measured>,
    span: Span,
    /// Tells the running handler that a message may have gone out. Not for read marks, which may be repeated.
    sending: Option<Sending>,
}

impl Watch {
    pub(crate) fn begin(server: &BaseUrl, endpoint: &Endpoint) -> Self {
        Self {
            measured: Some(Measured::begin(endpoint.operation)),
            span: (endpoint.span)(server, endpoint),
            sending: (endpoint.operation == SEND.operation).then(Handling::sending),
        }
    }

    /// The span, for what happens during the call.
    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Records the outcome, and returns it.
    pub(crate) fn end<T>(mut self, outcome: Result<T, Error>) -> Result<T, Error> {
        // The span itself instead of the current one: where a filter has disabled ours, that is the caller's.
        let result = match &outcome {
            Ok(_) => {
                let delivery = Delivery::Accepted.as_str();
                self.span.record("kaleyra_wa.delivery", delivery);
                "ok"
            }
            Err(error) => {
                note(&self.span, error);
                Handling::note(error);
                if let Delivery::NotSent | Delivery::Rejected = error.delivery()
                    && let Some(sending) = self.sending.take()
                {
                    sending.did_not_go_out();
                }
                error.delivery().as_str()
            }
        };
        if let Some(measured) = self.measured.take() {
            measured.end(result);
        }
        outcome
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(measured) = self.measured.take() {
            measured.end("dropped");
            self.span.record("otel.status_code", "ERROR");
            self.span.record("error.type", "dropped");
            let delivery = Delivery::Indeterminate.as_str();
            self.span.record("kaleyra_wa.delivery", delivery);
        }
    }
}

/// Records that there is a response, after this many attempts.
pub(crate) fn responded(status: StatusCode, attempts: u32) {
    let span = Span::current();
    // Where a filter has disabled ours, the current span is the caller's.
    let is_ours = span
        .metadata()
        .is_some_and(|metadata| metadata.target() == TARGET);
    if is_ours {
        span.record("http.response.status_code", status.as_u16());
        resent(&span, attempts);
    }
}

/// Records that a call is retried after this wait.
pub(crate) fn repeating(operation: &'static str, tried: u32, wait: Duration) {
    crate::metrics::repeating(operation);
    tracing::debug!(
        kaleyra_wa.operation = operation,
        tried,
        wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
        "trying again"
    );
}

/// The span of a call. The path is a template: the real one holds the sender's number, and so would `url.full`.
macro_rules! span {
    ($name:expr, $server:expr, $endpoint:expr) => {
        ::tracing::info_span!(
            target: $crate::observe::TARGET,
            $name,
            otel.kind = "client",
            otel.name = format_args!("{} {}", $endpoint.method, $endpoint.template),
            otel.status_code = ::tracing::field::Empty,
            kaleyra_wa.operation = $endpoint.operation,
            kaleyra_wa.delivery = ::tracing::field::Empty,
            kaleyra_wa.code = ::tracing::field::Empty,
            http.request.method = $endpoint.method.as_str(),
            http.request.resend_count = ::tracing::field::Empty,
            server.address = $server.host(),
            server.port = $server.port(),
            url.scheme = $server.scheme(),
            url.template = $endpoint.template,
            http.response.status_code = ::tracing::field::Empty,
            error.type = ::tracing::field::Empty,
        )
    };
}

pub(crate) use span;

/// The target that identifies our spans.
pub(crate) const TARGET: &str = module_path!();

fn note(span: &Span, error: &Error) {
    span.record("otel.status_code", "ERROR");
    span.record("kaleyra_wa.delivery", error.delivery().as_str());
    if let Some(code) = error.presentable_code() {
        span.record("kaleyra_wa.code", code);
    }
    match error.status() {
        // If the status is the problem, it says more than the error's kind.
        Some(status) if status.is_client_error() || status.is_server_error() => {
            span.record("error.type", status.as_str());
        }
        _ => {
            span.record("error.type", error.kind().as_str());
        }
    }
    if let Some(status) = error.status() {
        span.record("http.response.status_code", status.as_u16());
    }
    resent(span, error.attempts());
}

/// The number of retries.
fn resent(span: &Span, attempts: u32) {
    if attempts > 1 {
        span.record("http.request.resend_count", attempts - 1);
    }
}
