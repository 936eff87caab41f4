//! Why there is no complete response, and how far the request got.

use std::error::Error;
use std::fmt;

use bytes::Bytes;
use http::StatusCode;

/// There is no response, or an incomplete one.
///
/// Two facts matter: [`phase`](Self::phase) says how far the request got, and so whether it may be repeated;
/// [`kind`](Self::kind) says what went wrong. `Display` is one line made of the two. Neither it nor `Debug` shows a
/// body, a header or a URL. What the layer below reported is in [`source`](Error::source).
///
/// # Examples
///
/// A transport of your own makes one, and attaches what it knows:
///
/// ```
/// use std::error::Error;
/// use std::io;
///
/// use kaleyra_wa_transport::{Phase, TransportError, TransportErrorKind};
///
/// let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
/// let error = TransportError::new(Phase::Connect, TransportErrorKind::Connect).with_source(refused);
///
/// assert_eq!(error.phase(), Phase::Connect);
/// assert!(error.to_string().ends_with("nothing was sent"));
/// assert!(error.source().is_some());
/// ```
///
/// One that broke off while the response was read says what the server had decided by then:
///
/// ```
/// use kaleyra_wa_transport::http::StatusCode;
/// use kaleyra_wa_transport::{Phase, TransportError, TransportErrorKind};
///
/// let status = StatusCode::ACCEPTED;
/// let error = TransportError::new(Phase::Body { status }, TransportErrorKind::Interrupted)
///     .with_body(r#"{"code":"WA202","data":{"message_id":"AX1"#);
/// assert_eq!(error.status(), Some(status)); // it was accepted
/// assert!(error.body().unwrap().ends_with(b"AX1"));
///
/// // A layer that knows better how far the request got.
/// let error = TransportError::new(Phase::Connect, TransportErrorKind::Timeout).in_phase(Phase::InFlight);
/// assert!(error.to_string().ends_with("the request may have arrived, so check before you repeat it"));
/// ```
#[derive(thiserror::Error)]
#[error("{kind}; {phase}")]
pub struct TransportError {
    phase: Phase,
    kind: TransportErrorKind,
    body: Option<Bytes>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl TransportError {
    /// An error of this kind, in this phase.
    pub const fn new(phase: Phase, kind: TransportErrorKind) -> Self {
        Self {
            phase,
            kind,
            body: None,
            source: None,
        }
    }

    /// Attaches the part of the response body that was read before the failure.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Attaches the cause. Strip URLs and header values from its texts first: they are shown in
    /// `Debug`.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same error, of another phase: for a layer that knows better how far the request got.
    #[must_use]
    pub const fn in_phase(mut self, phase: Phase) -> Self {
        self.phase = phase;
        self
    }

    /// How far the request got.
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// What went wrong.
    ///
    /// For an example see [`TransportErrorKind`].
    pub const fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// The response status, if the headers arrived: [`Phase::Body`] has one, the other phases don't.
    pub const fn status(&self) -> Option<StatusCode> {
        match self.phase {
            Phase::Body { status } => Some(status),
            Phase::Connect | Phase::InFlight => None,
        }
    }

    /// The part of the response body that was read before the failure, never more than the reader's limit.
    ///
    /// It is cut off anywhere, and can hold personal data. It is worth a look when the status was a
    /// success: the message's id may be in it.
    pub const fn body(&self) -> Option<&Bytes> {
        self.body.as_ref()
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportError")
            .field("phase", &self.phase)
            .field("kind", &self.kind)
            .field("body_bytes", &self.body.as_ref().map(Bytes::len))
            .field("source", &self.source)
            .finish()
    }
}

/// How far a request got before it failed.
///
/// ```text
///   connect ──────────► send ─────────► response headers ──────────► whole body
///   └── Connect ──┘└──── InFlight ────┘└───────── Body { status } ─────────┘
/// ```
///
/// | Phase | Seen from here | Proves about delivery |
/// |---|---|---|
/// | [`Connect`](Self::Connect) | not one byte of the request left | not delivered: repeating is safe |
/// | [`InFlight`](Self::InFlight) | some or all of the request may have left; no response | nothing: repeating may deliver twice |
/// | [`Body`](Self::Body) | the response headers | what the status says: a 2xx was accepted, its details are lost |
///
/// ```
/// use kaleyra_wa_transport::{Phase, TransportError, TransportErrorKind};
///
/// let refused = TransportError::new(Phase::Connect, TransportErrorKind::Connect);
/// let lost = TransportError::new(Phase::InFlight, TransportErrorKind::Timeout);
/// let may_repeat = |error: &TransportError| error.phase() == Phase::Connect;
/// assert!(may_repeat(&refused) && !may_repeat(&lost));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Nothing was sent: the name was not resolved, the connection was refused, TLS failed, or the
    /// transport refused the request before any I/O.
    Connect,
    /// Some or all of the request may have been sent, and no response was seen. This includes a connection that the
    /// server closed without responding: it may have acted on the request first.
    InFlight,
    /// The response headers arrived, but the body was not read to its end.
    Body {
        /// The response status.
        status: StatusCode,
    },
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect => f.write_str("nothing was sent"),
            Self::InFlight => {
                f.write_str("the request may have arrived, so check before you repeat it")
            }
            Self::Body { status } => {
                write!(
                    f,
                    "the server had responded with status {}",
                    status.as_u16()
                )
            }
        }
    }
}

/// What went wrong. Read it together with [`Phase`]: a timeout while connecting is harmless, one in flight is not.
///
/// ```
/// use kaleyra_wa_transport::{Phase, TransportError, TransportErrorKind};
///
/// let error = TransportError::new(Phase::Connect, TransportErrorKind::InsecureUrl);
/// assert_eq!(error.kind(), TransportErrorKind::InsecureUrl);
/// assert_eq!(
///     error.to_string(), // the kind, and what to do about it; then the phase
///     "plain http to another machine is refused: use an https URL; nothing was sent",
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The response body is larger than the reader allows.
    BodyTooLarge,
    /// There is no connection: DNS, TCP, TLS or a proxy failed.
    Connect,
    /// The URL is plain http to another machine; the key and the message would travel in clear
    /// text.
    InsecureUrl,
    /// The connection broke off.
    Interrupted,
    /// The request can't be sent as it is: its URL is not absolute, its scheme is unknown, or its
    /// body is of a sort that this transport doesn't know.
    InvalidRequest,
    /// What came back is not HTTP.
    InvalidResponse,
    /// None of the others; the source says more.
    Other,
    /// The rate limit in front of the transport would have delayed the request for longer than it may wait.
    RateLimited,
    /// Another copy of this request was sent, or the permission to send it was revoked, see
    /// [`SendOnce`](crate::SendOnce). What became of that copy is not known here.
    Repeated,
    /// A time limit passed.
    Timeout,
    /// The request's body could not be read to its end: the file is gone, changed its size, or can't be read.
    UnreadableBody,
    /// A test transport has no response for this request; the source describes the request.
    Unscripted,
}

impl TransportErrorKind {
    /// What went wrong and, where there is something, what to do about it.
    const fn text(self) -> &'static str {
        match self {
            Self::BodyTooLarge => "the response body is larger than the limit",
            Self::Connect => "could not connect: check the base URL, the network and the proxy",
            Self::InsecureUrl => "plain http to another machine is refused: use an https URL",
            Self::Interrupted => "the connection broke off before the end of the response",
            Self::InvalidRequest => {
                "the request can't be sent as it is: check the base URL, and that the transport knows this kind of body"
            }
            Self::InvalidResponse => "the response is not HTTP: check the base URL and the proxy",
            Self::Other => "the transport failed",
            Self::RateLimited => {
                "the rate limit would delay this for longer than it may wait: send more slowly, or raise max_hold"
            }
            Self::Repeated => {
                "a layer above the transport repeats requests, and an earlier copy was sent already: turn off its retries"
            }
            Self::Timeout => "a time limit passed",
            Self::UnreadableBody => {
                "the request body could not be read to its end: check that the file exists and does not change"
            }
            Self::Unscripted => {
                "the test transport has no response for this request: script or record one"
            }
        }
    }
}

/// What went wrong, and what to do about it; without how far the request got.
impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_one_line_about_what_and_how_far() {
        let error =
            TransportError::new(Phase::InFlight, TransportErrorKind::Timeout).with_source("below");
        assert_eq!(
            error.to_string(),
            "a time limit passed; the request may have arrived, so check before you repeat it"
        );

        let accepted = Phase::Body {
            status: StatusCode::ACCEPTED,
        };
        let error = TransportError::new(accepted, TransportErrorKind::Interrupted);
        assert_eq!(
            error.to_string(),
            "the connection broke off before the end of the response; the server had responded with status 202"
        );
    }

    #[test]
    fn debug_shows_the_size_of_the_body_and_not_the_body() {
        let phase = Phase::Body {
            status: StatusCode::OK,
        };
        let error =
            TransportError::new(phase, TransportErrorKind::BodyTooLarge).with_body("canary");
        assert_eq!(error.body().unwrap(), "canary");

        let shown = format!("{error:?} {error:#?} {error}");
        assert!(!shown.contains("canary"), "{shown}");
        assert!(shown.contains("body_bytes: Some(6)"), "{shown}");
    }

    #[test]
    fn only_the_body_phase_has_a_status() {
        let error = |phase| TransportError::new(phase, TransportErrorKind::Other);
        assert_eq!(error(Phase::Connect).status(), None);
        assert_eq!(error(Phase::InFlight).status(), None);
        assert_eq!(
            error(Phase::Body {
                status: StatusCode::OK
            })
            .status(),
            Some(StatusCode::OK)
        );
    }
}
