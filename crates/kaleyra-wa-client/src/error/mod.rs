//! Why a call failed, and what became of the message.

mod advice;
mod cause;
mod failed_download;
mod kind;
mod response;
mod subject;
#[cfg(test)]
mod tests;
mod text;
mod unsendable_file;

use std::fmt;
use std::time::Duration;

use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_transport::http::StatusCode;
use kaleyra_wa_transport::{OperationClass, TransportError};
use kaleyra_wa_types::response::{ApiFailure, Code, Response};
use kaleyra_wa_types::template::Mismatch;
use kaleyra_wa_types::{Violation, error_code};

pub(crate) use self::cause::Cause;
pub(crate) use self::failed_download::{FailedDownload, Stop};
pub use self::kind::{Delivery, ErrorKind};
pub(crate) use self::response::{ReceivedResponse, has_failure_code};
pub(crate) use self::subject::Subject;
pub(crate) use self::unsendable_file::UnsendableFile;

/// A message was not sent, or it is unknown whether it was, or its id is unknown.
///
/// Two questions matter: [`delivery`](Self::delivery) says what became of the message, and so whether to send it again;
/// [`kind`](Self::kind) says what went wrong. `Display` is one line: what is wrong, and what to do.
///
/// **`Display` is free of personal data**, and so is `Debug`: neither shows the key, a phone number or user id, a
/// reference, the message, a file's name or path, a URL or a response body, whatever the server sent. It is made of
/// fixed texts, statuses, sizes, limits, and codes that look like codes. It is safe to log, show and store.
/// [`body`](Self::body), [`response`](Self::response) and [`reference`](Self::reference) have what is omitted. The [`source`](std::error::Error::source) is free of it, too, as far as it comes from here; errors of your own transport or [`Source`](crate::transport::Source) are passed on unchanged.
///
/// # The verdict
///
/// | What happened | `kind` | `delivery` |
/// |---|---|---|
/// | no usable recipient | `InvalidRecipient` | `NotSent` |
/// | a broken limit, an empty reference, a send that does not fit its template | `InvalidRequest` | `NotSent` |
/// | a file that can't be read, is too large, or is of a type that WhatsApp does not accept | `UnreadableFile`, `FileTooLarge`, `UnsupportedFileType` | `NotSent` |
/// | no connection: name, TCP, TLS, proxy; plain http to another machine | `Transport`, `Timeout` | `NotSent` |
/// | no response: the connection broke | `Transport` | `Indeterminate` |
/// | no connection, and yet a copy had passed that a layer in between made | `Transport` | `Indeterminate` |
/// | no response: a timeout passed | `Timeout` | `Indeterminate` |
/// | no response: a file could not be read to its end, or changed its size, while it was sent | `UnreadableFile` | `Indeterminate` |
/// | 2xx whose body names a failure: a code that does not begin with `WA2`, with an id or without; or an `error` that is not empty, without an id | `UnexpectedResponse` | `Indeterminate` |
/// | 2xx whose whole body is foreign to Kaleyra: a web page, the JSON of another API, without a code that begins with `WA2` | `UnexpectedResponse` | `Indeterminate` |
/// | 2xx whose body is above 1 MiB | `ResponseTooLarge` | `Accepted`; `Indeterminate` where what was read is foreign |
/// | any other 2xx: its body breaks off or is empty, or it is Kaleyra's and can't be read or has no id | `UnreadableResponse` | `Accepted` |
/// | 3xx, which is not followed | `Redirect` | `Rejected`; 302 and 303, which may follow on a POST that was acted on, `Indeterminate` |
/// | 4xx, body or not | `Rejected` | `Rejected` |
/// | 3xx or 4xx whose body names a success: a code that begins with `WA2`, or an id without a code | `UnexpectedResponse` | `Indeterminate` |
/// | 408, 499; any other 4xx with the code `WA500` | `Server` | `Indeterminate` |
/// | 5xx, body or not | `Server` | `Indeterminate` |
/// | any other status | `UnexpectedResponse` | `Indeterminate` |
///
/// Uploads and reads have verdicts as well, by the same table; there a second copy does no harm. What else may happen
/// to a download is in the table at [`DownloadMedia`](crate::DownloadMedia).
///
/// # Examples
///
/// ```
/// use kaleyra_wa_client::transport::{Phase, Scripted, TransportErrorKind};
/// use kaleyra_wa_client::{Client, Delivery};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// // The connection breaks off before there is a response.
/// let broken = Scripted::new().fail(Phase::InFlight, TransportErrorKind::Interrupted);
/// let client = Client::with_transport(account, broken);
///
/// let sending = client.send("+14155550123", "Your table is booked").reference("booking-17");
/// let error = sending.await.unwrap_err();
/// match error.delivery() {
///     Delivery::NotSent => println!("again, once the cause is gone: {error}"),
///     Delivery::Rejected => println!("correct it: {error}"),
///     Delivery::Accepted => println!("done, without an id: {error}"),
///     _ => println!("wait for a callback with `booking-17`: {error}"),
/// }
/// assert_eq!(error.delivery(), Delivery::Indeterminate);
/// assert_eq!((error.reference(), error.attempts()), (Some("booking-17"), 1));
/// assert_eq!(error.transport_error().unwrap().phase(), Phase::InFlight);
/// # Ok(())
/// # }
/// ```
///
/// What a refusal says:
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_client::ErrorKind;
/// use kaleyra_wa_client::types::response::ApiFailure;
///
/// # use kaleyra_wa_client::transport::{Response, Scripted, http};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// # let kaleyra = Scripted::new().then(|_| {
/// #     let mut response = Response::new(r#"{"code":"E110","message":"Low balance","data":{},"error":{}}"#.into());
/// #     *response.status_mut() = http::StatusCode::BAD_REQUEST;
/// #     response.headers_mut().insert("retry-after", http::HeaderValue::from_static("30"));
/// #     Ok(response)
/// # });
/// # let client = kaleyra_wa_client::Client::with_transport(account, kaleyra);
/// let error = client.send("+14155550123", "Your table is booked").await.unwrap_err();
/// assert_eq!((error.kind(), error.failure()), (ErrorKind::Rejected, Some(ApiFailure::LowBalance)));
/// assert_eq!((error.status().unwrap().as_u16(), error.code().unwrap().as_str()), (400, "E110"));
/// println!("the same request may work: {:?}", error.class());
/// assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
/// assert_eq!(error.response().unwrap().message.as_deref(), Some("Low balance"));
/// assert!(error.body().unwrap().starts_with(b"{"));
///
/// // What is refused here, with everything that is wrong.
/// let error = client.send("+14155550123", "x".repeat(5_000)).await.unwrap_err();
/// assert_eq!(error.violations().len(), 1);
/// assert!(error.mismatches().is_empty()); // of a template with its definition
/// # Ok(())
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    cause: Cause,
    attempts: u32,
    subject: Subject,
    reference: Option<Box<str>>,
}

impl Error {
    /// For an operation of this class, after this many attempts.
    pub(crate) fn new(cause: Cause, class: OperationClass, attempts: u32) -> Self {
        Self(Box::new(Inner {
            cause,
            attempts,
            subject: class.into(),
            reference: None,
        }))
    }

    /// With the reference that the message had.
    pub(crate) fn with_reference(mut self, reference: Option<String>) -> Self {
        self.0.reference = reference.map(String::into_boxed_str);
        self.0.subject = Subject::Message(self.0.reference.is_some());
        self
    }

    /// For a request whose class does not say enough about it.
    pub(crate) fn about(mut self, subject: Subject) -> Self {
        self.0.subject = subject;
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.cause.verdict().0
    }

    /// What became of the message.
    pub fn delivery(&self) -> Delivery {
        self.0.cause.verdict().1
    }

    /// The code in the response, such as `WA400`.
    pub fn code(&self) -> Option<&Code> {
        self.received()?.code()
    }

    /// Which of the documented failures this is.
    pub fn failure(&self) -> Option<ApiFailure> {
        self.received()?.failure()
    }

    /// The response as Kaleyra's envelope, if it is one. Its strings are the server's own.
    pub fn response(&self) -> Option<&Response> {
        self.received()?.envelope()
    }

    /// The code, if it is safe to log: an unknown one could be any string.
    pub(crate) fn presentable_code(&self) -> Option<&str> {
        self.code().and_then(text::presentable)
    }

    /// The HTTP status of the response, if its headers arrived.
    pub fn status(&self) -> Option<StatusCode> {
        match &self.0.cause {
            Cause::FailedDownload(fault) => fault.status(),
            _ => Some(self.received()?.status),
        }
    }

    /// The response body, as far as it arrived: empty if only the headers arrived, `None` if not even those.
    ///
    /// It may hold personal data.
    pub fn body(&self) -> Option<&Bytes> {
        Some(&self.received()?.body)
    }

    /// The reference of the message, given or generated, that Kaleyra repeats in every callback about it: what to look
    /// for after an [`Indeterminate`](Delivery::Indeterminate) verdict. [`Proof`](crate::Proof) finds it in callbacks.
    ///
    /// `None` where the request was no message.
    pub fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// When the same request may work, by the table of codes: soon, after a time, after something was fixed, or never.
    /// `None` if the response has no code, or one that is in no table.
    ///
    /// It is about the cause alone. Whether another copy does harm is given by [`delivery`](Self::delivery).
    pub fn class(&self) -> Option<error_code::ErrorClass> {
        self.code()?.class()
    }

    /// Every limit that the message breaks; empty for other errors.
    pub fn violations(&self) -> &[Violation] {
        match &self.0.cause {
            Cause::Violations(violations) => violations,
            _ => &[],
        }
    }

    /// All the ways in which the message does not fit its template, where a [`TemplateStore`](crate::TemplateStore) refused it; empty if
    /// that is not what went wrong.
    pub fn mismatches(&self) -> &[Mismatch] {
        match &self.0.cause {
            Cause::Mismatches(mismatch) => mismatch.mismatches(),
            _ => &[],
        }
    }

    /// How often the request was given to the transport: 0 if it was refused here, and more than 1 only if
    /// [`RetryPolicy`](crate::RetryPolicy) allows a retry.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the server asks to wait: its `Retry-After`, if that is a number of seconds, up to a year.
    ///
    /// The client itself does not wait. After an [`Indeterminate`](Delivery::Indeterminate) verdict, waiting does
    /// not make it safe to send again.
    pub fn retry_after(&self) -> Option<Duration> {
        self.received()?.retry_after
    }

    /// What the transport reported, if there was no complete response.
    pub fn transport_error(&self) -> Option<&TransportError> {
        match &self.0.cause {
            Cause::NoResponse(error) => Some(error),
            Cause::Response(received) => received.broken.as_ref(),
            Cause::FailedDownload(fault) => fault.transport_error(),
            _ => None,
        }
    }

    fn received(&self) -> Option<&ReceivedResponse> {
        match &self.0.cause {
            Cause::Response(received)
            | Cause::FailedDownload(FailedDownload::Refused(received)) => Some(received),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write(&self.0.cause, self.0.subject, f)
    }
}

/// Begins with the `Display` line, because `fn main() -> Result<(), Error>` prints this:
/// `Error { Rejected: "RBC001: the SID or …", status: 401, attempts: 1 }`.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Error");
        shown.field(&format!("{:?}", self.kind()), &self.to_string());
        if let Some(source) = std::error::Error::source(self) {
            shown.field("source", &text::chain(source));
        }
        if let Some(status) = self.status() {
            shown.field("status", &status.as_u16());
        }
        if let Some(wait) = self.retry_after() {
            shown.field("retry_after", &wait);
        }
        shown.field("attempts", &self.attempts()).finish()
    }
}

/// The source goes on where `Display` ends: if there is no response, the line already has what the transport says, so
/// the source is then the cause below the transport's error. Its text holds no key, number, message or URL, so the
/// webhook's log has it where a handler fails with it.
impl kaleyra_wa_types::handling::Discreet for Error {}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.cause {
            Cause::EmptyReference
            | Cause::NoRecipient(_)
            | Cause::Violations(_)
            | Cause::Mismatches(_) => None,
            Cause::Unsendable(error) => Some(&**error),
            Cause::UnsendableFile(fault) => fault.source(),
            Cause::FailedDownload(fault) => fault.source(),
            Cause::NoResponse(error) => std::error::Error::source(error),
            Cause::Response(received) => received.source(),
        }
    }
}

// Errors cross threads and take one word in a `Result`.
const _: () = {
    const fn crosses_threads<T: Send + Sync + 'static>() {}
    crosses_threads::<Error>();
    assert!(size_of::<Error>() == size_of::<usize>());
};
