//! What went wrong, and what became of the message.

use std::fmt;

/// What went wrong with a call.
///
/// ```
/// use kaleyra_wa_client::ErrorKind;
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().respond(202, r#"{}"#);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let error = client.send("98000", "Hello").await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::InvalidRecipient);
/// assert_eq!(error.kind().as_str(), "invalid_recipient"); // for logs and metrics
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A success whose body exceeds 1 MiB, more than any response of this API. The rest was not read. It was accepted,
    /// unless the part that was read is not Kaleyra's.
    ResponseTooLarge,
    /// The file is larger than WhatsApp accepts for its kind, and nothing was sent; or one that was to be downloaded is
    /// larger than the limit.
    FileTooLarge,
    /// The recipient is not a phone number with `+` and country code, is a list of several, or is missing. Nothing was
    /// sent.
    InvalidRecipient,
    /// The message was refused here, before anything was sent: it breaks a limit
    /// ([`Error::violations`](crate::Error::violations)), or the request can't be built.
    InvalidRequest,
    /// A redirect, which is never followed because it would take the key along. Usually the base URL is not the API's.
    Redirect,
    /// Kaleyra refused it: a 4xx. [`Error::failure`](crate::Error::failure) says why, where it is documented.
    Rejected,
    /// The server failed or gave up waiting: a 5xx, a 408 or a 499.
    Server,
    /// A timeout passed before the response was complete: [`Error::delivery`](crate::Error::delivery) says whether it
    /// was while connecting. This includes a server that sends its response byte by byte.
    Timeout,
    /// There is no response: [`Error::transport_error`](crate::Error::transport_error) says how far the request got.
    Transport,
    /// A response that this API does not give, such as a success whose body names a failure, or a web page. Usually
    /// something other than Kaleyra responds at the base URL, or in front of it.
    UnexpectedResponse,
    /// A success whose body was cut off, is empty, or is Kaleyra's and can't be read or has no id: it was accepted, its
    /// id is unknown.
    UnreadableResponse,
    /// The file is missing, can't be read, is not a regular file, is empty, or changed its size while it was sent.
    UnreadableFile,
    /// WhatsApp does not accept files of this type, or the type could not be determined from the name.
    UnsupportedFileType,
    /// The downloaded file can't be written to its destination.
    UnwritableFile,
    /// The downloaded file is not the one that the callback announced: its SHA-256 differs.
    WrongDigest,
}

/// What became of the message: a verdict.
///
/// | Verdict | Was it sent? | Send it again? |
/// |---|---|---|
/// | [`NotSent`](Self::NotSent) | no, certainly | yes, once the cause is gone |
/// | [`Rejected`](Self::Rejected) | no, the server refused it | after correcting what it says |
/// | [`Indeterminate`](Self::Indeterminate) | unknown | only after looking for its reference in the callbacks |
/// | [`Accepted`](Self::Accepted) | yes | no |
///
/// ```
/// use kaleyra_wa_client::Delivery;
///
/// /// What a queue does with a message that has failed.
/// fn next_step(verdict: Delivery) -> &'static str {
///     match verdict {
///         Delivery::NotSent => "send it again later",
///         Delivery::Rejected => "give it to a person",
///         Delivery::Accepted => "done",
///         _ => "wait for a callback with its reference",
///     }
/// }
///
/// assert_eq!(next_step(Delivery::Indeterminate), "wait for a callback with its reference");
/// assert_eq!(Delivery::NotSent.as_str(), "not_sent"); // for logs and metrics
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// Nothing left this machine.
    NotSent,
    /// The server said that it will not send it.
    Rejected,
    /// It may have been sent, or not. Kaleyra repeats the message's reference in its callbacks: one with this
    /// reference proves that it was.
    Indeterminate,
    /// The server accepted it, but its response could not be read.
    Accepted,
}

impl ErrorKind {
    /// Its name for logs and metrics, such as `invalid_request`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ResponseTooLarge => "response_too_large",
            Self::FileTooLarge => "file_too_large",
            Self::InvalidRecipient => "invalid_recipient",
            Self::InvalidRequest => "invalid_request",
            Self::Redirect => "redirect",
            Self::Rejected => "rejected",
            Self::Server => "server",
            Self::Timeout => "timeout",
            Self::Transport => "transport",
            Self::UnexpectedResponse => "unexpected_response",
            Self::UnreadableResponse => "unreadable_response",
            Self::UnreadableFile => "unreadable_file",
            Self::UnsupportedFileType => "unsupported_file_type",
            Self::UnwritableFile => "unwritable_file",
            Self::WrongDigest => "wrong_digest",
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
