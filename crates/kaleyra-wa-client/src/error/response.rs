//! A response that is not a plain success.

use std::error::Error;
use std::time::Duration;

use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_transport::http::{self, StatusCode};
use kaleyra_wa_transport::{TransportError, TransportErrorKind};
use kaleyra_wa_types::DecodeError;
use kaleyra_wa_types::response::{ApiFailure, Code, Response};
use serde_json::Value;

use super::{Delivery, ErrorKind};
use crate::retry::retry_after;

/// What was received of a response: always the status, the rest as far as it arrived.
pub(crate) struct ReceivedResponse {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
    pub(super) decoded: Result<Response, DecodeError>,
    pub(super) retry_after: Option<Duration>,
    /// Why the rest of the body did not come.
    pub(super) broken: Option<TransportError>,
}

impl ReceivedResponse {
    /// One that came whole.
    pub(crate) fn of(received: http::Response<Bytes>) -> Self {
        let decoded = Response::from_slice(received.body());
        Self::whole(received, decoded)
    }

    /// One that came whole, and was read already.
    pub(crate) fn whole(
        received: http::Response<Bytes>,
        decoded: Result<Response, DecodeError>,
    ) -> Self {
        let retry_after = retry_after(received.headers());
        Self {
            status: received.status(),
            body: received.into_body(),
            decoded,
            retry_after,
            broken: None,
        }
    }

    /// One whose body broke off after this status.
    pub(crate) fn broken(status: StatusCode, error: TransportError) -> Self {
        let body = error.body().cloned().unwrap_or_default();
        Self {
            status,
            decoded: Response::from_slice(&body),
            body,
            retry_after: None,
            broken: Some(error),
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn envelope(&self) -> Option<&Response> {
        self.decoded.as_ref().ok()
    }

    pub(super) fn code(&self) -> Option<&Code> {
        self.envelope()?.code.as_ref()
    }

    pub(super) fn failure(&self) -> Option<ApiFailure> {
        self.envelope()?.failure()
    }

    /// Whether the body names a failure: by a code that is not a success code or, without an id, by an `error` that is
    /// not empty.
    pub(super) fn names_failure(&self) -> bool {
        self.envelope().is_some_and(Self::is_failure)
    }

    /// Whether this envelope does.
    pub(crate) fn is_failure(response: &Response) -> bool {
        has_failure_code(response) || (response.message_id().is_none() && has_error(response))
    }

    /// Whether a success is not Kaleyra's: the page of a firewall, the JSON of another API.
    ///
    /// It may come from something that never asked Kaleyra. One that broke off may have been Kaleyra's, and so may an
    /// empty one.
    pub(super) fn is_foreign_success(&self) -> bool {
        let is_whole = self.broken.is_none() || self.is_too_large();
        let may_be_kaleyra_s = self.names_success()
            || self.names_failure()
            || says_nothing(&self.body)
            || (self.decoded.is_err() && has_success_code_inside(&self.body));
        self.status.is_success() && is_whole && !may_be_kaleyra_s
    }

    /// Whether it says, or may have said, that the request was accepted: a success that is Kaleyra's and names no
    /// failure.
    pub(crate) fn is_accepted(&self) -> bool {
        self.verdict().1 == Delivery::Accepted
    }

    /// Whether `error` of this envelope says anything.
    pub(crate) fn has_error(response: &Response) -> bool {
        has_error(response)
    }

    /// Whether the body says that it was accepted: by an id or by a success code.
    fn names_success(&self) -> bool {
        self.envelope().is_some_and(|response| {
            let has_success_code = response
                .code
                .as_ref()
                .is_some_and(|code| code.as_str().starts_with(SUCCESSES));
            has_success_code || (response.message_id().is_some() && !has_failure_code(response))
        })
    }

    fn is_too_large(&self) -> bool {
        self.broken
            .as_ref()
            .is_some_and(|error| error.kind() == TransportErrorKind::BodyTooLarge)
    }

    pub(super) fn verdict(&self) -> (ErrorKind, Delivery) {
        match self.status.as_u16() {
            // Neither half can be trusted over the other; a look at the callbacks settles it.
            200..=299 if self.names_failure() => {
                (ErrorKind::UnexpectedResponse, Delivery::Indeterminate)
            }
            // It proves nothing: whatever responded may have kept the request from Kaleyra.
            200..=299 if self.is_foreign_success() => {
                (self.kind_of_foreign(), Delivery::Indeterminate)
            }
            200..=299 if self.is_too_large() => (ErrorKind::ResponseTooLarge, Delivery::Accepted),
            200..=299 => (ErrorKind::UnreadableResponse, Delivery::Accepted),
            300..=499 if self.names_success() => {
                (ErrorKind::UnexpectedResponse, Delivery::Indeterminate)
            }
            // By definition, 303 follows a POST that was acted on, and most servers send 302 for it.
            302 | 303 => (ErrorKind::Redirect, Delivery::Indeterminate),
            300..=399 => (ErrorKind::Redirect, Delivery::Rejected),
            // A gateway that gave up waiting may be in front of a server that did not.
            408 | 499 => (ErrorKind::Server, Delivery::Indeterminate),
            // The status says "refused", the code says "unknown".
            400..=499 if self.failure() == Some(ApiFailure::Internal) => {
                (ErrorKind::Server, Delivery::Indeterminate)
            }
            400..=499 => (ErrorKind::Rejected, Delivery::Rejected),
            500..=599 => (ErrorKind::Server, Delivery::Indeterminate),
            _ => (ErrorKind::UnexpectedResponse, Delivery::Indeterminate),
        }
    }

    fn kind_of_foreign(&self) -> ErrorKind {
        if self.is_too_large() {
            ErrorKind::ResponseTooLarge
        } else {
            ErrorKind::UnexpectedResponse
        }
    }

    pub(super) fn source(&self) -> Option<&(dyn Error + 'static)> {
        match (&self.broken, &self.decoded) {
            (Some(error), _) => Some(error),
            (None, Err(error)) => Some(error),
            (None, Ok(_)) => None,
        }
    }
}

/// The prefix of success codes, future ones included.
const SUCCESSES: &str = "WA2";

/// Whether a body is empty, or Kaleyra's envelope without content. Another document without content, such as `{}`, may
/// come from anybody.
fn says_nothing(body: &[u8]) -> bool {
    fn is_hollow(value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(elements) => elements.iter().all(is_hollow),
            Value::Object(members) => members.values().all(is_hollow),
            Value::Bool(_) | Value::Number(_) => false,
        }
    }
    const ENVELOPE: [&str; 4] = ["code", "message", "data", "error"];
    body.trim_ascii().is_empty()
        || serde_json::from_slice(body).is_ok_and(|value: Value| {
            ENVELOPE.iter().any(|name| value.get(name).is_some()) && is_hollow(&value)
        })
}

/// Whether a body that can't be parsed contains a success code: the documentation itself prints one with missing
/// commas. Whitespace is ignored, and so is escaping from a gateway that made a string of it.
fn has_success_code_inside(body: &[u8]) -> bool {
    const CODE: &[u8] = b"\"code\":\"WA2";
    const BOM: &[u8] = b"\xEF\xBB\xBF";
    let body = body.strip_prefix(BOM).unwrap_or(body);
    let says = |byte: &u8| !byte.is_ascii_whitespace() && *byte != b'\\';
    let plain: Vec<u8> = body.iter().copied().filter(says).collect();
    // Not a web page that shows one.
    matches!(plain.first(), Some(b'{' | b'[' | b'"'))
        && plain.windows(CODE.len()).any(|part| part == CODE)
}

/// Whether there is a code, and it is not a success code. Unknown codes count as failures: other parts of the API
/// respond to failures with 200 and codes that their pages don't list.
pub(crate) fn has_failure_code(response: &Response) -> bool {
    response
        .code
        .as_ref()
        .map(Code::as_str)
        .is_some_and(|code| !code.is_empty() && !code.starts_with(SUCCESSES))
}

/// Whether `error` says anything: on success it is `{}`, and elsewhere PHP writes an empty map as `[]`.
fn has_error(response: &Response) -> bool {
    match &response.error {
        None | Some(Value::Null) => false,
        Some(Value::Array(elements)) => !elements.is_empty(),
        Some(Value::Object(members)) => !members.is_empty(),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Bool(_) | Value::Number(_)) => true,
    }
}
