//! Why a request is not a delivery, and the response to it.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};
use kaleyra_wa_types::DecodeError;

use crate::sink::SinkError;

/// Why a request was not taken. `Display` is the one line that the sender gets to read; it repeats
/// nothing of the request.
///
/// | | Status | Headers |
/// |---|---|---|
/// | [`BodyIncomplete`](Self::BodyIncomplete) | 400 | |
/// | [`NotACallback`](Self::NotACallback) | 400 | |
/// | [`Unauthorized`](Self::Unauthorized) | 401 | |
/// | [`MessagesByGet`](Self::MessagesByGet) | 405 | `Allow`, with all that are allowed |
/// | [`MethodNotAllowed`](Self::MethodNotAllowed) | 405 | the same |
/// | [`BodyTimeout`](Self::BodyTimeout) | 408 | |
/// | [`BodyTooLarge`](Self::BodyTooLarge) | 413 | |
/// | [`UnsupportedMediaType`](Self::UnsupportedMediaType) | 415 | |
/// | [`Unavailable`](Self::Unavailable) | 503 | `Retry-After`, in seconds |
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use kaleyra_wa_webhook::{Receiver, Rejection, SharedHeader, http};
///
/// let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", "a long random text")?);
/// let (head, ()) = http::Request::post("/").body(())?.into_parts();
/// let rejection = receiver.receive(&head, "{}".into(), SystemTime::now()).unwrap_err();
/// assert_eq!(rejection.status(), 401);
///
/// // The response, for any framework.
/// let busy = Rejection::Unavailable { retry_after: Duration::from_secs(30) }.to_response();
/// assert_eq!((busy.status().as_u16(), busy.headers()["retry-after"].to_str()?), (503, "30"));
/// assert_eq!(busy.body(), "not accepted: try again in 30 s\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The connection ended, or stopped making sense, in the middle of the body.
    #[error("the body broke off before its end: send it whole")]
    BodyIncomplete,
    /// The body took too long.
    #[error("the body did not arrive in time: send it at once")]
    BodyTimeout,
    /// The body is over the cap.
    #[error("the body is too large: at most {limit} bytes")]
    BodyTooLarge {
        /// The cap, in bytes.
        limit: usize,
    },
    /// It is a GET with a query that is not one of the callbacks that arrive in this way: usually that of a profile whose
    /// method is GET, which can't carry messages and statuses.
    #[error(
        "a GET can't carry this callback: set the HTTP method (http_method) of the callback profile to POST, with JSON as its body"
    )]
    MessagesByGet,
    /// It is not a POST, nor the one GET that is a callback too.
    #[error("the method is not allowed: send callbacks by POST")]
    MethodNotAllowed,
    /// The body is not a JSON object.
    #[error("the body is not a callback: {0}")]
    NotACallback(DecodeError),
    /// The verifier did not take it as genuine. It says no more than that, whatever was wrong.
    #[error("unauthorized")]
    Unauthorized,
    /// It is valid, but could not be kept: the sender should retry.
    #[error("not accepted: try again in {} s", seconds(*retry_after))]
    Unavailable {
        /// After how long. It is sent in whole seconds, rounded up.
        retry_after: Duration,
    },
    /// By its head, the body is certainly not JSON.
    #[error(
        "the body is no JSON text by its type or encoding: send application/json, uncompressed"
    )]
    UnsupportedMediaType,
}

impl Rejection {
    /// The default for when to retry.
    pub(crate) const UNAVAILABLE: Self = Self::Unavailable {
        retry_after: SinkError::DEFAULT_RETRY_AFTER,
    };

    /// The methods that a callback's path allows.
    pub(crate) const ALLOWED: HeaderValue =
        HeaderValue::from_static("GET, HEAD, OPTIONS, POST, PUT");

    /// The status of the response.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::BodyIncomplete | Self::NotACallback(_) => StatusCode::BAD_REQUEST,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MessagesByGet | Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        }
    }

    /// The whole response: status, headers and the text as `text/plain`. Any framework can send it.
    pub fn to_response(&self) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from(format!("{self}\n")));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=utf-8"),
        );
        match self {
            Self::MessagesByGet | Self::MethodNotAllowed => {
                headers.insert(ALLOW, Self::ALLOWED);
            }
            Self::Unavailable { retry_after } => {
                headers.insert(RETRY_AFTER, HeaderValue::from(seconds(*retry_after)));
            }
            _ => {}
        }
        response
    }
}

/// Rounded up: a sender must not retry too early.
const fn seconds(duration: Duration) -> u64 {
    duration
        .as_secs()
        .saturating_add((duration.subsec_nanos() > 0) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_rounded_up() {
        let answer = |retry_after| Rejection::Unavailable { retry_after }.to_response();
        let header = |millis| answer(Duration::from_millis(millis)).headers()[RETRY_AFTER].clone();
        assert_eq!(header(0), "0");
        assert_eq!(header(1), "1");
        assert_eq!(header(2_000), "2");
        assert_eq!(header(2_001), "3");
        assert_eq!(
            answer(Duration::MAX).headers()[RETRY_AFTER],
            u64::MAX.to_string()
        );
    }
}
