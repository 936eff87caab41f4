//! What the client tells a transport about the request that it passes on.

use std::time::Duration;

use crate::RecipientKey;
use crate::limit::clamped;

/// What a request is for: the client puts one in the [`extensions`](http::Request::extensions) of
/// each [`Request`].
///
/// A transport needs none of it to carry the request. It is there for the layers that one puts
/// around a transport: logs and metrics name the operation, a rate limiter tells sends from reads,
/// and **a layer that repeats requests has to ask [`class`](Self::class) first**. A layer that
/// changes one does so in its place, with `get_mut`: a new one would lose the recipient.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_transport::{Body, Operation, OperationClass, RecipientKey, Request};
///
/// let mut request = Request::new(Body::empty());
/// let operation = Operation::new("send", OperationClass::Send, 1)
///     .with_timeout(Duration::from_secs(10))
///     .with_recipient(RecipientKey::new("+919800000001"));
/// request.extensions_mut().insert(operation);
///
/// let operation = request.extensions().get::<Operation>().unwrap();
/// assert_eq!((operation.class, operation.attempt), (OperationClass::Send, 1));
/// assert_eq!(operation.timeout, Some(Duration::from_secs(10)));
/// ```
///
/// [`Request`]: crate::Request
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Operation {
    /// A fixed name, such as `send`. It holds nothing of the request, so it is safe to
    /// log.
    pub name: &'static str,
    /// What a second copy of the request would do.
    pub class: OperationClass,
    /// Which attempt this is at the same operation, counted from 1.
    pub attempt: u32,
    /// The time limit for the whole exchange, from the call to the end of the response body, in place of the
    /// transport's own: a large file takes longer than a message.
    pub timeout: Option<Duration>,
    /// The recipient, if there is exactly one: lets a rate limiter count sends per sender and recipient. Personal data;
    /// `Debug` shows none of it.
    pub recipient: Option<RecipientKey>,
}

impl Operation {
    /// Describes one attempt; the first is number 1.
    pub const fn new(name: &'static str, class: OperationClass, attempt: u32) -> Self {
        Self {
            name,
            class,
            attempt,
            timeout: None,
            recipient: None,
        }
    }

    /// Sets [`timeout`](Self::timeout); more than a year is taken for a year.
    #[must_use]
    pub const fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(clamped(timeout));
        self
    }

    /// Sets [`recipient`](Self::recipient).
    #[must_use]
    pub fn with_recipient(mut self, recipient: RecipientKey) -> Self {
        self.recipient = Some(recipient);
        self
    }
}

/// What a second copy of a request would do.
///
/// | Class | A second copy | May be repeated when |
/// |---|---|---|
/// | [`Read`](Self::Read) | changes nothing | always |
/// | [`Send`](Self::Send) | reaches a person a second time | the first provably did not arrive |
/// | [`Upload`](Self::Upload) | stores a file that nobody uses | always, at the price of its bytes |
///
/// "Provably" means [`Phase::Connect`](crate::Phase::Connect), and no other phase. Treat a class
/// that you don't know as `Send`.
///
/// ```
/// use kaleyra_wa_transport::{OperationClass, Phase};
///
/// /// What a layer that repeats requests has to ask first.
/// fn may_repeat(class: OperationClass, phase: Phase) -> bool {
///     match class {
///         OperationClass::Read | OperationClass::Upload => true,
///         _ => phase == Phase::Connect,
///     }
/// }
///
/// assert!(may_repeat(OperationClass::Read, Phase::InFlight));
/// assert!(!may_repeat(OperationClass::Send, Phase::InFlight));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OperationClass {
    /// Asks for something and changes nothing.
    Read,
    /// Makes something happen at the other end: a message, a reaction, a read mark.
    Send,
    /// Stores a file and responds with its id. A copy is never seen by a person.
    Upload,
}
