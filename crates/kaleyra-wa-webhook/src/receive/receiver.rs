//! The receiver: what may become a delivery.

use std::fmt;
use std::time::SystemTime;

use bytes::Bytes;
use http::Method;
use http::request::Parts;

use super::media_type::may_be_json;
use super::{ReceivedCallback, Rejection};
use crate::verify::{Unverified, Verdict, Verifier};

/// Turns requests into deliveries: checks the method, has the request verified, reads the body.
///
/// It does no I/O and knows no runtime, so it fits into any framework:
/// [`WebhookService`](crate::WebhookService) is one user of it.
///
/// There are two ways to get one: [`new`](Self::new), which takes a [`Verifier`], and
/// [`dangerously_unverified`](Self::dangerously_unverified). It has no `Default`, so that nobody
/// leaves it open by forgetting a verifier.
///
/// # Examples
///
/// ```
/// use std::time::SystemTime;
///
/// use kaleyra_wa_webhook::{Receiver, Rejection, SharedHeader, http};
///
/// let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", "a long random text")?);
///
/// let (head, ()) = http::Request::post("/").header("x-kaleyra-secret", "a long random text").body(())?.into_parts();
/// let delivery = receiver.receive(&head, "{}".into(), SystemTime::now())?;
/// assert_eq!(delivery.raw, "{}");
///
/// let (head, ()) = http::Request::post("/").body(())?.into_parts();
/// let rejection = receiver.receive(&head, "{}".into(), SystemTime::now()).unwrap_err();
/// assert_eq!(rejection, Rejection::Unauthorized);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Receiver {
    /// `None` takes everything.
    verifier: Option<Box<dyn Verifier>>,
}

impl Receiver {
    /// Takes what the verifier finds genuine.
    ///
    /// For an example see [`Receiver`].
    pub fn new(verifier: impl Verifier + 'static) -> Self {
        Self {
            verifier: Some(Box::new(verifier)),
        }
    }

    /// Takes everything, from anybody who finds the URL: forged messages too.
    ///
    /// Right for a test, and where something in front has verified the request already.
    ///
    /// ```
    /// use std::time::SystemTime;
    ///
    /// use kaleyra_wa_webhook::{Receiver, http};
    ///
    /// let receiver = Receiver::dangerously_unverified();
    /// let (head, ()) = http::Request::post("/").body(())?.into_parts();
    /// assert!(receiver.receive(&head, "{}".into(), SystemTime::now()).is_ok());
    /// # Ok::<(), kaleyra_wa_webhook::http::Error>(())
    /// ```
    pub const fn dangerously_unverified() -> Self {
        Self { verifier: None }
    }

    /// Refuses what the head alone rules out at `now`, so that its body need not be read.
    ///
    /// Passing here proves nothing yet: [`receive`](Self::receive) decides, and checks the head
    /// again.
    ///
    /// # Errors
    ///
    /// * [`MethodNotAllowed`](Rejection::MethodNotAllowed) for all but POST, PUT, which counts as one,
    ///   and the GET that is a callback too ([`ReceivedCallback::from_query`]);
    /// * [`MessagesByGet`](Rejection::MessagesByGet) for any other GET with a query;
    /// * [`Unauthorized`](Rejection::Unauthorized) if the verifier can tell so without the body;
    /// * [`UnsupportedMediaType`](Rejection::UnsupportedMediaType) for types that are certainly not
    ///   JSON, such as `multipart/form-data`, and for compressed bodies. A missing or odd type
    ///   passes: the body itself shows what it is.
    ///
    /// ```
    /// use std::time::SystemTime;
    ///
    /// use kaleyra_wa_webhook::{Receiver, Rejection, SharedHeader, http};
    ///
    /// let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", "a long random text")?);
    /// let check = |request: http::request::Builder| {
    ///     let (head, ()) = request.body(()).unwrap().into_parts();
    ///     receiver.check_head(&head, SystemTime::now())
    /// };
    /// let secret = "a long random text";
    /// assert_eq!(check(http::Request::post("/").header("x-kaleyra-secret", secret)), Ok(()));
    /// assert_eq!(check(http::Request::post("/")), Err(Rejection::Unauthorized));
    /// assert_eq!(check(http::Request::delete("/")), Err(Rejection::MethodNotAllowed));
    ///
    /// let form = http::Request::post("/").header("x-kaleyra-secret", secret).header("content-type", "multipart/form-data");
    /// assert_eq!(check(form), Err(Rejection::UnsupportedMediaType));
    /// # Ok::<(), kaleyra_wa_webhook::InvalidSecret>(())
    /// ```
    pub fn check_head(&self, head: &Parts, now: SystemTime) -> Result<(), Rejection> {
        self.is_vouched_for(head, now).map(drop)
    }

    /// The same; and says whether the head alone shows that the request is genuine.
    pub(crate) fn is_vouched_for(&self, head: &Parts, now: SystemTime) -> Result<bool, Rejection> {
        let quality_update = quality_update(head, now)?;
        let verdict = self.verdict(&Unverified::head_only(head, now));
        if verdict == Verdict::Forged {
            return Err(Rejection::Unauthorized);
        }
        match quality_update.is_some() || may_be_json(head) {
            true => Ok(verdict == Verdict::Genuine),
            false => Err(Rejection::UnsupportedMediaType),
        }
    }

    /// Makes a delivery of a request whose body arrived at `now`.
    ///
    /// # Errors
    ///
    /// Those of [`check_head`](Self::check_head), and
    /// [`NotACallback`](Rejection::NotACallback) when the body is not a JSON object. A body of an
    /// unknown shape is a delivery.
    ///
    /// For an example see [`Receiver`].
    pub fn receive(
        &self,
        head: &Parts,
        body: Bytes,
        now: SystemTime,
    ) -> Result<ReceivedCallback, Rejection> {
        let quality_update = quality_update(head, now)?;
        match self.verdict(&Unverified::whole(head, &body, now)) {
            Verdict::Genuine => {}
            Verdict::Forged | Verdict::NeedsBody => return Err(Rejection::Unauthorized),
        }
        match quality_update {
            Some(quality_update) => Ok(*quality_update),
            None if may_be_json(head) => {
                ReceivedCallback::from_raw(body, now).map_err(Rejection::NotACallback)
            }
            None => Err(Rejection::UnsupportedMediaType),
        }
    }

    fn verdict(&self, request: &Unverified<'_>) -> Verdict {
        match &self.verifier {
            Some(verifier) => verifier.verify(request),
            None => Verdict::Genuine,
        }
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("verified", &self.verifier.is_some())
            .finish()
    }
}

/// The callback that is in a GET's query; `None` for a POST or PUT, which profiles offer as well, and whose callback is in its body. It is boxed: it is rare, and a
/// delivery is large to move past every POST.
fn quality_update(
    head: &Parts,
    now: SystemTime,
) -> Result<Option<Box<ReceivedCallback>>, Rejection> {
    match head.method {
        Method::POST | Method::PUT => Ok(None),
        Method::GET => {
            let query = head.uri.query().filter(|query| !query.is_empty());
            let query = query.ok_or(Rejection::MethodNotAllowed)?;
            match ReceivedCallback::from_query(query, now) {
                Some(quality_update) => Ok(Some(Box::new(quality_update))),
                None => Err(Rejection::MessagesByGet),
            }
        }
        _ => Err(Rejection::MethodNotAllowed),
    }
}
