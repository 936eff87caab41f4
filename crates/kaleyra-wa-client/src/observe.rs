//! The span of a call: OpenTelemetry's names for HTTP, and nothing that is secret or personal.

use kaleyra_wa_transport::http::StatusCode;
use tracing::field::Empty;
use tracing::{Span, info_span};

use crate::{BaseUrl, Delivery, Error};

/// The name of the operation.
pub(crate) const SEND: &str = "send";

/// The span around a send.
pub(crate) fn span(server: &BaseUrl) -> Span {
    // The path as a template: the real one holds the sender's number.
    info_span!(
        "kaleyra_wa.send",
        otel.kind = "client",
        kaleyra_wa.operation = SEND,
        kaleyra_wa.delivery = Empty,
        http.request.method = "POST",
        server.address = server.host(),
        server.port = server.port(),
        url.template = "/v2/{sid}/whatsapp/{sender}/messages",
        http.response.status_code = Empty,
        error.type = Empty,
    )
}

// All take the span instead of asking for the current one: where a filter has disabled ours, that is the caller's.

/// Notes the status of the answer.
pub(crate) fn status(span: &Span, status: StatusCode) {
    span.record("http.response.status_code", status.as_u16());
}

/// Notes that the message was accepted, and its id is known.
pub(crate) fn accepted(span: &Span) {
    span.record("kaleyra_wa.delivery", Delivery::Accepted.as_str());
}

/// Notes how the call failed.
pub(crate) fn error(span: &Span, error: &Error) {
    span.record("error.type", error.kind().as_str());
    span.record("kaleyra_wa.delivery", error.delivery().as_str());
    if let Some(code) = error.status() {
        status(span, code);
    }
}
