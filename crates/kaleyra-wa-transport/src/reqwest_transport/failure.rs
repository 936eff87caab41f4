//! From reqwest's errors to phases and kinds.
//!
//! Of all that reqwest reports, one thing proves that a request was not sent: the failure to connect, as long as
//! nothing had begun before it. Everything later is judged by how far the exchange had come, not by the error's own
//! words: a connection that closes without a response reads the same whether the server had acted on the request or
//! not.

use std::error::Error;
use std::fmt;

use http::StatusCode;

use crate::causes::of_io;
use crate::{Phase, TransportError, TransportErrorKind};

/// A failure before the response headers arrived. `begun`: some of the request may have left already, to a host that
/// redirected say. Then nothing that the error says of itself proves that nothing was sent: what failed is a later
/// copy, a redirect that can't be followed, or where the body comes from.
pub(super) fn sending(error: ::reqwest::Error, begun: bool) -> TransportError {
    let (phase, kind) = if begun {
        (Phase::InFlight, breakage(&error))
    } else if error.is_builder() {
        (Phase::Connect, TransportErrorKind::InvalidRequest)
    } else if error.is_connect() {
        let kind = if error.is_timeout() {
            TransportErrorKind::Timeout
        } else {
            TransportErrorKind::Connect
        };
        let cause = ConnectCause(error.without_url());
        return TransportError::new(Phase::Connect, kind).with_source(cause);
    } else {
        (Phase::InFlight, breakage(&error))
    };
    TransportError::new(phase, kind).with_source(error.without_url())
}

/// A failure after the response headers.
pub(super) fn reading(status: StatusCode, error: ::reqwest::Error) -> TransportError {
    TransportError::new(Phase::Body { status }, breakage(&error)).with_source(error.without_url())
}

/// Why there is no connection. It begins where the cause says something: `dns error`, `tcp connect error`, and below
/// that the system's or TLS's own words. The two layers above, reqwest's and hyper's, only repeat that it failed.
#[derive(Debug)]
struct ConnectCause(::reqwest::Error);

impl ConnectCause {
    fn cause(&self) -> &(dyn Error + 'static) {
        self.0.source().and_then(Error::source).unwrap_or(&self.0)
    }
}

impl fmt::Display for ConnectCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.cause(), f)
    }
}

impl Error for ConnectCause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause().source()
    }
}

/// What broke an exchange under way: the innermost cause that says so.
fn breakage(error: &::reqwest::Error) -> TransportErrorKind {
    if error.is_timeout() {
        return TransportErrorKind::Timeout;
    }
    let mut kind = TransportErrorKind::Other;
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(known) = error
            .downcast_ref()
            .and_then(of_hyper)
            .or_else(|| error.downcast_ref().and_then(of_io))
        {
            kind = known;
        }
        if kind == TransportErrorKind::UnreadableBody {
            // What lies below is the source's own error, and not about the connection.
            return kind;
        }
        cause = error.source();
    }
    kind
}

fn of_hyper(error: &hyper::Error) -> Option<TransportErrorKind> {
    if error.is_user() {
        // Of all that hyper calls the user's fault, a body that can't be read is the one that can happen here.
        Some(TransportErrorKind::UnreadableBody)
    } else if error.is_parse() {
        Some(TransportErrorKind::InvalidResponse)
    } else if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
        Some(TransportErrorKind::Interrupted)
    } else {
        None
    }
}
