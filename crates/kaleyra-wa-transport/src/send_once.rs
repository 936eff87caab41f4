//! The permission to send once, which every copy of a request shares.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::{Phase, Response, TransportError, TransportErrorKind};

/// Lets a request through once, however many copies a layer in between makes of it.
///
/// Layers that repeat requests, such as a `tower` retry, clone them, extensions and all. A clone of this is the same
/// permission: the transport that puts the request on the wire [claims](Self::claim) it, and a second copy is refused
/// before any I/O with [`TransportErrorKind::Repeated`]. The client puts a new one into the
/// [`extensions`](http::Request::extensions) of each attempt at a [`Class::Send`](crate::Class::Send).
///
/// An attempt that ended in [`Phase::Connect`] gives the permission back: nothing was sent, so a repeat does no harm.
/// After every other outcome the refusal is of [`Phase::InFlight`], whatever became of the copy before it, so that
/// whoever sees only the refusal does not take it for "nothing was sent".
///
/// # Examples
///
/// A transport of your own that puts requests on the wire needs two lines for it:
///
/// ```
/// use kaleyra_wa_transport::{
///     Body, Phase, Request, Response, SendOnce, Transport, TransportError, TransportErrorKind, async_trait,
/// };
///
/// struct Wire;
///
/// impl Wire {
///     async fn exchange(&self, _request: Request) -> Result<Response, TransportError> {
///         Ok(Response::new("{}".into()))
///     }
/// }
///
/// #[async_trait]
/// impl Transport for Wire {
///     async fn execute(&self, request: Request) -> Result<Response, TransportError> {
///         let claim = SendOnce::claim(request.extensions())?;
///         claim.settle(self.exchange(request).await)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let mut request = Request::new(Body::empty());
/// request.extensions_mut().insert(SendOnce::new());
/// assert!(Wire.execute(request.clone()).await.is_ok());
///
/// let refused = Wire.execute(request).await.unwrap_err();
/// assert_eq!(refused.kind(), TransportErrorKind::Repeated);
/// assert_eq!(refused.phase(), Phase::InFlight);
/// # }
/// ```
#[derive(Clone, Default)]
pub struct SendOnce(Arc<AtomicBool>);

impl SendOnce {
    /// A permission that nobody has claimed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Claims the permission in these extensions. A request without one may always pass.
    ///
    /// # Errors
    ///
    /// When another copy of the request has passed already: [`TransportErrorKind::Repeated`].
    pub fn claim(extensions: &http::Extensions) -> Result<Claim, TransportError> {
        let permission = extensions.get::<Self>().cloned();
        let used = permission
            .as_ref()
            .is_some_and(|permission| permission.0.swap(true, Ordering::AcqRel));
        if used {
            let (phase, kind) = (Phase::InFlight, TransportErrorKind::Repeated);
            return Err(TransportError::new(phase, kind));
        }
        Ok(Claim(permission))
    }

    /// Whether a copy has passed, or is on its way.
    pub fn is_claimed(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl fmt::Debug for SendOnce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendOnce")
            .field("claimed", &self.is_claimed())
            .finish()
    }
}

/// A claimed [`SendOnce`]. Dropped without an outcome it stays claimed: the request may be in flight.
#[derive(Debug)]
#[must_use = "give it the outcome with `settle`"]
pub struct Claim(Option<SendOnce>);

impl Claim {
    /// Hands the outcome on, and the permission back if it says that nothing was sent.
    ///
    /// # Errors
    ///
    /// The outcome's own.
    pub fn settle(
        self,
        outcome: Result<Response, TransportError>,
    ) -> Result<Response, TransportError> {
        if let (Some(permission), Err(error)) = (self.0, &outcome)
            && error.phase() == Phase::Connect
        {
            permission.0.store(false, Ordering::Release);
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extensions() -> http::Extensions {
        let mut extensions = http::Extensions::new();
        extensions.insert(SendOnce::new());
        extensions
    }

    fn failure(phase: Phase) -> Result<Response, TransportError> {
        Err(TransportError::new(phase, TransportErrorKind::Other))
    }

    #[test]
    fn a_failure_to_connect_gives_the_permission_back() {
        let extensions = extensions();
        for _ in 0..2 {
            let claim = SendOnce::claim(&extensions).unwrap();
            claim.settle(failure(Phase::Connect)).unwrap_err();
        }
        SendOnce::claim(&extensions.clone())
            .unwrap()
            .settle(failure(Phase::InFlight))
            .unwrap_err();
        let refused = SendOnce::claim(&extensions).unwrap_err();
        assert_eq!(refused.kind(), TransportErrorKind::Repeated);
        assert_eq!(refused.phase(), Phase::InFlight);
    }

    #[test]
    fn an_attempt_that_was_given_up_keeps_it() {
        let extensions = extensions();
        drop(SendOnce::claim(&extensions).unwrap());
        assert!(extensions.get::<SendOnce>().unwrap().is_claimed());
        assert!(SendOnce::claim(&extensions).is_err());
    }

    #[test]
    fn a_request_without_one_may_always_pass() {
        let extensions = http::Extensions::new();
        for _ in 0..2 {
            let claim = SendOnce::claim(&extensions).unwrap();
            claim.settle(failure(Phase::InFlight)).unwrap_err();
        }
    }
}
