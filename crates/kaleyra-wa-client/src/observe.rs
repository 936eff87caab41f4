//! The span of a call: OpenTelemetry's names for HTTP, and nothing that is secret or personal.

use std::time::Duration;

use kaleyra_wa_transport::http::StatusCode;
use tracing::field::Empty;
use tracing::{Instrument, Span};

use crate::request::Endpoint;
use crate::{BaseUrl, Delivery, Error};

/// Runs a call inside its span, and notes how it ended.
pub(crate) async fn observed<T>(
    server: &BaseUrl,
    endpoint: &Endpoint,
    call: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let span = span(server, endpoint);
    let outcome = call.instrument(span.clone()).await;
    // The span itself instead of the current one: where a filter has disabled ours, that is the caller's.
    match &outcome {
        Ok(_) => {
            span.record("kaleyra_wa.delivery", Delivery::Accepted.as_str());
        }
        Err(error) => note(&span, error),
    }
    outcome
}

/// Notes that a call is tried again after this wait.
pub(crate) fn repeating(operation: &'static str, tried: u32, wait: Duration) {
    tracing::debug!(
        kaleyra_wa.operation = operation,
        tried,
        wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
        "trying again"
    );
}

fn span(server: &BaseUrl, endpoint: &Endpoint) -> Span {
    // A span's name has to be a constant. The path is a template: the real one holds the sender's number.
    macro_rules! named {
        ($($operation:literal)+) => {
            match endpoint.operation {
                $($operation => named!(@ concat!("kaleyra_wa.", $operation)),)+
                _ => named!(@ "kaleyra_wa"),
            }
        };
        (@ $name:expr) => {
            tracing::info_span!(
                $name,
                otel.kind = "client",
                kaleyra_wa.operation = endpoint.operation,
                kaleyra_wa.delivery = Empty,
                http.request.method = endpoint.method.as_str(),
                http.request.resend_count = Empty,
                server.address = server.host(),
                server.port = server.port(),
                url.template = endpoint.template,
                http.response.status_code = Empty,
                error.type = Empty,
            )
        };
    }
    named!("send" "mark_read" "upload" "download" "block" "unblock" "blocked_users" "phone_number_details")
}

fn note(span: &Span, error: &Error) {
    span.record("error.type", error.kind().as_str());
    span.record("kaleyra_wa.delivery", error.delivery().as_str());
    if let Some(code) = error.status() {
        status(span, code);
    }
    if error.attempts() > 1 {
        span.record("http.request.resend_count", error.attempts() - 1);
    }
}

/// Notes the status of the answer.
pub(crate) fn status(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", status.as_u16());
}
