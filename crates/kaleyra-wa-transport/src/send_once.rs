//! The permission to send once, which every copy of a request shares.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{Phase, Response, TransportError, TransportErrorKind};

/// Lets a request through once, however many copies of it a layer makes.
///
/// Layers that repeat requests, such as a `tower` retry, clone them, extensions and all. A clone of this is the same
/// permission: the transport that puts the request on the wire [claims](Self::claim) it, and a second copy is refused
/// before any I/O with [`TransportErrorKind::Repeated`]. The client puts a new one into the
/// [`extensions`](http::Request::extensions) of each attempt at a [`OperationClass::Send`](crate::OperationClass::Send), and a
/// [`repeatable`](Self::repeatable) one into those of each attempt at a [`OperationClass::Upload`](crate::OperationClass::Upload).
///
/// An attempt that ended in [`Phase::Connect`] gives the permission back: nothing was sent, so a repeat does no harm.
/// After any other outcome the refusal has [`Phase::InFlight`], whatever became of the earlier copy, so that a caller
/// that sees only the refusal does not take it for "nothing was sent".
///
/// The caller that put the permission into the request keeps a clone and [revokes](Self::revoke) it when the attempt is
/// over. From then on, copies that a layer left behind are refused. If one had passed before, an error of
/// [`Phase::Connect`] from a layer is about another copy and proves nothing. The client handles both.
///
/// # Examples
///
/// Your own transport, if it puts requests on the wire, needs two lines for it:
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
#[derive(Clone)]
pub struct SendOnce(Arc<State>);

struct State {
    /// How many copies were let through and did not give the permission back; with [`REVOKED`] set, no more may pass.
    passed: AtomicU32,
    limit: u32,
}

/// The highest bit: the other ones count.
const REVOKED: u32 = 1 << 31;

impl SendOnce {
    /// A permission that nobody has claimed.
    pub fn new() -> Self {
        Self::with_limit(1)
    }

    /// A permission for any number of copies, until it is [revoked](Self::revoke).
    ///
    /// For requests whose copies do no harm: layers may repeat them, and the caller can still tell whether a copy has
    /// passed.
    ///
    /// ```
    /// use kaleyra_wa_transport::{Body, Request, SendOnce};
    ///
    /// let permission = SendOnce::repeatable();
    /// let mut request = Request::new(Body::empty());
    /// request.extensions_mut().insert(permission.clone());
    /// assert!(!permission.is_claimed());
    ///
    /// assert!(SendOnce::claim(request.extensions()).is_ok());
    /// assert!(SendOnce::claim(request.extensions()).is_ok());
    /// assert!(permission.is_claimed());
    /// assert!(!permission.revoke(), "a copy has passed");
    /// assert!(SendOnce::claim(request.extensions()).is_err());
    /// ```
    pub fn repeatable() -> Self {
        Self::with_limit(REVOKED - 1)
    }

    fn with_limit(limit: u32) -> Self {
        let passed = AtomicU32::new(0);
        Self(Arc::new(State { passed, limit }))
    }

    /// Claims the permission in these extensions. A request without one may always pass.
    ///
    /// # Errors
    ///
    /// When another copy of the request has passed already, or the permission was revoked:
    /// [`TransportErrorKind::Repeated`].
    pub fn claim(extensions: &http::Extensions) -> Result<Claim, TransportError> {
        let permission = extensions.get::<Self>().cloned();
        if permission.as_ref().is_none_or(Self::pass) {
            return Ok(Claim(permission));
        }
        let (phase, kind) = (Phase::InFlight, TransportErrorKind::Repeated);
        Err(TransportError::new(phase, kind))
    }

    fn pass(&self) -> bool {
        // `REVOKED` is above every limit.
        let one_more = |passed| (passed < self.0.limit).then_some(passed + 1);
        let state = &self.0.passed;
        state
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, one_more)
            .is_ok()
    }

    fn give_back(&self) {
        let one_less = |passed| (passed & !REVOKED != 0).then_some(passed - 1);
        let state = &self.0.passed;
        // Nothing to give back is not an error: each claim does it once at most.
        let _ = state.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_less);
    }

    /// Revokes the permission for good: no further copy passes. Returns `true` if no copy has passed or is on its way.
    ///
    /// ```
    /// use kaleyra_wa_transport::{Body, Request, SendOnce};
    ///
    /// let permission = SendOnce::new();
    /// let mut request = Request::new(Body::empty());
    /// request.extensions_mut().insert(permission.clone());
    ///
    /// assert!(permission.revoke(), "nothing was sent, and nothing will be");
    /// assert!(SendOnce::claim(request.extensions()).is_err());
    /// ```
    pub fn revoke(&self) -> bool {
        self.0.passed.fetch_or(REVOKED, Ordering::AcqRel) & !REVOKED == 0
    }

    /// Whether a copy has passed, or is on its way.
    pub fn is_claimed(&self) -> bool {
        self.0.passed.load(Ordering::Acquire) & !REVOKED != 0
    }
}

impl Default for SendOnce {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for SendOnce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendOnce")
            .field("claimed", &self.is_claimed())
            .finish()
    }
}

/// A claimed [`SendOnce`]. If it is dropped without an outcome, the permission stays claimed: the request may be in
/// flight.
///
/// For an example see [`SendOnce`].
#[derive(Debug)]
#[must_use = "give it the outcome with `settle`"]
pub struct Claim(Option<SendOnce>);

impl Claim {
    /// Returns the outcome, and gives the permission back if it says that nothing was sent.
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
            permission.give_back();
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
    #[test]
    fn what_is_revoked_lets_nobody_pass_and_says_whether_somebody_had() {
        for permission in [SendOnce::new(), SendOnce::repeatable()] {
            let mut extensions = http::Extensions::new();
            extensions.insert(permission.clone());
            assert!(permission.revoke() && permission.revoke());
            assert!(!permission.is_claimed());
            assert!(SendOnce::claim(&extensions).is_err());
        }
        let extensions = extensions();
        let permission = extensions.get::<SendOnce>().unwrap();
        let claim = SendOnce::claim(&extensions).unwrap();
        assert!(!permission.revoke());
        // Returned too late: it stays revoked.
        claim.settle(failure(Phase::Connect)).unwrap_err();
        assert!(SendOnce::claim(&extensions).is_err());
        assert!(!permission.is_claimed());
    }

    #[test]
    fn a_repeatable_one_lets_each_copy_pass_and_remembers_those_that_did() {
        let permission = SendOnce::repeatable();
        let mut extensions = http::Extensions::new();
        extensions.insert(permission.clone());
        let first = SendOnce::claim(&extensions).unwrap();
        let second = SendOnce::claim(&extensions).unwrap();
        first.settle(failure(Phase::Connect)).unwrap_err();
        assert!(permission.is_claimed());
        second.settle(failure(Phase::InFlight)).unwrap_err();
        assert!(!permission.revoke());
    }
}
