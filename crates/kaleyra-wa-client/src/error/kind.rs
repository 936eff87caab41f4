//! What went wrong, and what became of the message.

use std::fmt;

/// What went wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The message was refused here, before anything was sent: no usable recipient, or a broken limit
    /// ([`Error::violations`](crate::Error::violations)).
    InvalidRequest,
    /// Kaleyra refused it: a 4xx. [`Error::failure`](crate::Error::failure) says why, where it is documented.
    Rejected,
    /// The server failed or gave up waiting: a 5xx or a 408.
    Server,
    /// There is no answer: [`Error::transport_error`](crate::Error::transport_error) says how far the request got.
    Transport,
    /// An answer that this API does not give: a redirect, which is never followed, or a success whose body names a
    /// failure. Most often something else than Kaleyra answers at the base URL.
    UnexpectedAnswer,
    /// A success whose body was cut off, is not JSON or has no message id: the message was accepted, its id is unknown.
    UnreadableAnswer,
}

/// What became of the message: a verdict. The webhook's `Delivery` is another thing, a callback that was taken in; where
/// both are needed, `use kaleyra_wa_webhook::Delivery as Incoming`.
///
/// | Verdict | Was it sent? | Send it again? |
/// |---|---|---|
/// | [`NotSent`](Self::NotSent) | no, certainly | yes, once the cause is gone |
/// | [`Rejected`](Self::Rejected) | no, the server refused it | after correcting what it says |
/// | [`Indeterminate`](Self::Indeterminate) | unknown | only after looking for its reference in the callbacks |
/// | [`Accepted`](Self::Accepted) | yes | no |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// Nothing left this machine.
    NotSent,
    /// The server answered that it will not send it.
    Rejected,
    /// It may have been sent, or not. Kaleyra repeats the message's reference in its callbacks: one with this
    /// reference proves that it was.
    Indeterminate,
    /// The server accepted it, and its answer could not be read.
    Accepted,
}

impl ErrorKind {
    /// Its name for logs and metrics, such as `invalid_request`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::Rejected => "rejected",
            Self::Server => "server",
            Self::Transport => "transport",
            Self::UnexpectedAnswer => "unexpected_answer",
            Self::UnreadableAnswer => "unreadable_answer",
        }
    }
}

impl Delivery {
    /// Its name for logs and metrics, such as `not_sent`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Rejected => "rejected",
            Self::Indeterminate => "indeterminate",
            Self::Accepted => "accepted",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
