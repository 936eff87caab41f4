//! What became of an event that was not handled.

use std::error::Error;
use std::fmt;

use crate::handle::{HandlerError, IncomingEvent};

/// Why an attempt to handle an event failed.
///
/// `Display` and `Debug` say which of these it is, the type of the error, and what of its text
/// [may be shown](HandlerError::presentable); the rest of it may be personal.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::{HandlerFailure, HandlerError};
///
/// let failure = HandlerFailure::Error(HandlerError::from(std::fmt::Error));
/// assert!(failure.downcast_ref::<std::fmt::Error>().is_some());
/// assert_eq!(failure.to_string(), "the handler failed with core::fmt::Error");
/// assert_eq!(failure.as_str(), "error"); // the label in metrics
/// assert_eq!(HandlerFailure::Panicked.to_string(), "the handler panicked");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum HandlerFailure {
    /// The handler returned an error.
    Error(HandlerError),
    /// The handler panicked. What it said went to the panic hook.
    Panicked,
    /// The [shutdown](crate::MemorySink::shutdown)'s deadline passed before the event was handled. The handler may have
    /// begun.
    ShutDown,
    /// The handler took longer than [`handler_timeout`](crate::MemorySinkBuilder::handler_timeout).
    TimedOut,
}

impl HandlerFailure {
    /// The handler's error, if it returned one of this type.
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        match self {
            Self::Error(error) => error.downcast_ref(),
            _ => None,
        }
    }

    /// The name of the failure: `error`, `panic`, `shutdown`, `timeout`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Error(_) => "error",
            Self::Panicked => "panic",
            Self::ShutDown => "shutdown",
            Self::TimedOut => "timeout",
        }
    }
}

impl fmt::Display for HandlerFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(error) => {
                write!(f, "the handler failed with {}", error.type_name())?;
                error
                    .presentable()
                    .map_or(Ok(()), |text| write!(f, ": {text}"))
            }
            Self::Panicked => f.write_str("the handler panicked"),
            Self::ShutDown => f.write_str("the sink was shut down before the event was handled"),
            Self::TimedOut => f.write_str("the handler took too long"),
        }
    }
}

/// An event that will not be handled any more, and why.
///
/// The number of attempts is its [`attempt`](IncomingEvent::attempt).
///
/// # Examples
///
/// In [`on_dead_letter`](crate::MemorySinkBuilder::on_dead_letter).
#[derive(Debug)]
#[non_exhaustive]
pub struct DeadLetter {
    /// The event, with the delivery that it came in: the bytes to keep are in there.
    pub event: IncomingEvent,
    /// Why the last attempt failed.
    pub failure: HandlerFailure,
    /// Whether the client may have sent a message in the last attempt: then to handle the event again may send it twice.
    /// It counts what was accepted and what is unknown, in the handler's own future.
    pub may_have_sent: bool,
}

impl DeadLetter {
    /// A letter that a sink of one's own writes, where its [`Runner`](crate::Runner) did not.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::SystemTime;
    ///
    /// use kaleyra_wa_webhook::{DeadLetter, HandlerError, HandlerFailure, IncomingEvent, ReceivedCallback};
    ///
    /// let body = r#"{"meta_object": {"field": "messages", "value": {"messages": [{"id": "A", "type": "text"}]}}}"#;
    /// let callback = ReceivedCallback::from_raw(body.into(), SystemTime::now())?;
    /// let event = IncomingEvent::all(callback).remove(0);
    ///
    /// let failure = HandlerFailure::Error(HandlerError::permanent("its place on the disk is gone"));
    /// let letter = DeadLetter::new(event, failure, false);
    /// assert_eq!(letter.failure.as_str(), "error");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(event: IncomingEvent, failure: HandlerFailure, may_have_sent: bool) -> Self {
        Self {
            event,
            failure,
            may_have_sent,
        }
    }
}
