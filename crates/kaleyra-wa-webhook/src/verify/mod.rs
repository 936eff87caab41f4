//! Is it really Kaleyra that calls?

mod shared_header;

use std::fmt;

use http::request::Parts;

pub use shared_header::{InvalidSharedHeader, SharedHeader};

/// Tells genuine requests from forged ones.
///
/// It is asked twice for each request: with the head alone, before the body is read, and with the
/// whole. One that goes by the head gives the same answer twice; one that goes by the body answers
/// [`NeedsBody`](Verdict::NeedsBody) the first time.
///
/// An implementation compares secrets in constant time, and shows neither what it expected nor
/// what it got: not in logs, not in `Debug`.
///
/// # Examples
///
/// A secret path, for who can set the callback's address but no header:
///
/// ```
/// use kaleyra_wa_webhook::{Receiver, Unverified, Verdict, Verifier};
/// use subtle::ConstantTimeEq;
///
/// struct SecretPath(String);
///
/// impl Verifier for SecretPath {
///     fn verify(&self, request: &Unverified<'_>) -> Verdict {
///         let path = request.head().uri.path().as_bytes();
///         Verdict::from(bool::from(self.0.as_bytes().ct_eq(path)))
///     }
/// }
///
/// let receiver = Receiver::new(SecretPath("/callbacks/a-long-random-text".to_owned()));
/// ```
pub trait Verifier: Send + Sync {
    /// Judges a request.
    fn verify(&self, request: &Unverified<'_>) -> Verdict;
}

/// What a [`Verifier`] says. There is no fourth answer, so the enum is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is from whom it should be from.
    Genuine,
    /// It is not, or nothing shows that it is.
    Forged,
    /// The head is not enough to tell. Said with the body at hand, it counts as
    /// [`Forged`](Self::Forged).
    NeedsBody,
}

/// `true` is [`Verdict::Genuine`].
impl From<bool> for Verdict {
    fn from(genuine: bool) -> Self {
        if genuine { Self::Genuine } else { Self::Forged }
    }
}

/// A request that nobody vouches for yet.
///
/// Its `Debug` shows neither headers nor body.
#[derive(Clone, Copy)]
pub struct Unverified<'a> {
    head: &'a Parts,
    body: Option<&'a [u8]>,
}

impl<'a> Unverified<'a> {
    /// A request whose body was not read yet.
    pub const fn head_only(head: &'a Parts) -> Self {
        Self { head, body: None }
    }

    /// A request with the bytes of its body, exactly as they came.
    pub const fn whole(head: &'a Parts, body: &'a [u8]) -> Self {
        Self {
            head,
            body: Some(body),
        }
    }

    /// Method, path, headers, and what the server put into the extensions.
    pub const fn head(&self) -> &'a Parts {
        self.head
    }

    /// The bytes of the body, or `None` while they are not read.
    pub const fn body(&self) -> Option<&'a [u8]> {
        self.body
    }
}

impl fmt::Debug for Unverified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unverified")
            .field("method", &self.head.method)
            .field("body_bytes", &self.body.map(<[u8]>::len))
            .finish()
    }
}
