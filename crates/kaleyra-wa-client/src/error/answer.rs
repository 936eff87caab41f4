//! An answer that is no plain success.

use std::error::Error;
use std::time::Duration;

use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_transport::http::{self, StatusCode};
use kaleyra_wa_transport::{TransportError, TransportErrorKind};
use kaleyra_wa_types::DecodeError;
use kaleyra_wa_types::response::{Code, Failure, Response};
use serde_json::Value;

use super::{Delivery, ErrorKind};
use crate::retry::retry_after;

/// What was seen of an answer: its status always, the rest as far as it came.
pub(crate) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
    pub(super) decoded: Result<Response, DecodeError>,
    pub(super) retry_after: Option<Duration>,
    /// Why the rest of the body did not come.
    pub(super) broken: Option<TransportError>,
}

impl Answer {
    /// One that came whole.
    pub(crate) fn of(answer: http::Response<Bytes>) -> Self {
        let decoded = Response::from_slice(answer.body());
        Self::whole(answer, decoded)
    }

    /// One that came whole, and was read already.
    pub(crate) fn whole(
        answer: http::Response<Bytes>,
        decoded: Result<Response, DecodeError>,
    ) -> Self {
        let retry_after = retry_after(answer.headers());
        Self {
            status: answer.status(),
            body: answer.into_body(),
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

    pub(super) fn response(&self) -> Option<&Response> {
        self.decoded.as_ref().ok()
    }

    pub(super) fn code(&self) -> Option<&Code> {
        self.response()?.code.as_ref()
    }

    pub(super) fn failure(&self) -> Option<Failure> {
        self.response()?.failure()
    }

    /// Whether the body names a failure: by a code that is no success's or, where there is no id to prove the contrary,
    /// by an `error` with something in it.
    fn names_failure(&self) -> bool {
        self.response().is_some_and(Self::is_failure)
    }

    /// Whether this envelope does.
    pub(crate) fn is_failure(response: &Response) -> bool {
        has_failure_code(response) || (response.message_id().is_none() && has_error(response))
    }

    /// Whether the body says that it was accepted: by an id, or by a code that is a success's.
    fn names_success(&self) -> bool {
        self.response().is_some_and(|response| {
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
                (ErrorKind::UnexpectedAnswer, Delivery::Indeterminate)
            }
            200..=299 if self.is_too_large() => (ErrorKind::AnswerTooLarge, Delivery::Accepted),
            200..=299 => (ErrorKind::UnreadableAnswer, Delivery::Accepted),
            300..=499 if self.names_success() => {
                (ErrorKind::UnexpectedAnswer, Delivery::Indeterminate)
            }
            // By its definition, the answer after a POST was acted on; and 302 is what most servers say for it.
            302 | 303 => (ErrorKind::Redirect, Delivery::Indeterminate),
            300..=399 => (ErrorKind::Redirect, Delivery::Rejected),
            // Whoever gave up waiting may stand in front of one who did not.
            408 | 499 => (ErrorKind::Server, Delivery::Indeterminate),
            // The status says "refused", the code that nobody knows.
            400..=499 if self.failure() == Some(Failure::Internal) => {
                (ErrorKind::Server, Delivery::Indeterminate)
            }
            400..=499 => (ErrorKind::Rejected, Delivery::Rejected),
            500..=599 => (ErrorKind::Server, Delivery::Indeterminate),
            _ => (ErrorKind::UnexpectedAnswer, Delivery::Indeterminate),
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

/// What the codes of successes begin with, those of tomorrow too.
const SUCCESSES: &str = "WA2";

/// Whether there is a code, and it is none of the successes'. A failure need not be a known one: other parts of the API answer a 200 with codes that their pages don't list.
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
