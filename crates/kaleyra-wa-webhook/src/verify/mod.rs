//! Verifies that a request really comes from Kaleyra.

mod access_token;
mod authorization;
mod basic;
mod bearer;
mod client_credentials;
mod combined;
#[cfg(feature = "hmac")]
mod hmac_sha256;
mod meta_challenge;
mod network;
mod secret_path;
mod secrets;
mod shared_header;
mod source_addresses;
mod token_issuer;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use http::request::Parts;

pub use access_token::AccessToken;
pub use basic::Basic;
pub use bearer::Bearer;
pub use combined::{AllOf, AnyOf, all_of, any_of};
#[cfg(feature = "hmac")]
pub use hmac_sha256::HmacSha256;
pub use meta_challenge::MetaChallenge;
pub use network::InvalidNetwork;
pub use secret_path::SecretPath;
pub use secrets::InvalidSecret;
pub use shared_header::SharedHeader;
pub use source_addresses::{PeerAddress, SourceAddresses};
pub use token_issuer::TokenIssuer;

/// Tells genuine requests from forged ones.
///
/// It is called twice for each request: with the head alone, before the body is read, and with the
/// whole. One that goes by the head gives the same verdict twice; one that goes by the body returns
/// [`NeedsBody`](Verdict::NeedsBody) the first time.
///
/// An implementation compares secrets in constant time, and shows neither what it expected nor
/// what it got: not in logs, not in `Debug`.
///
/// # Examples
///
/// A proxy in front has seen a client's certificate, and says whose it was:
///
/// ```
/// use kaleyra_wa_webhook::{Receiver, Unverified, Verdict, Verifier};
/// use subtle::ConstantTimeEq;
///
/// struct CertificateOf(String);
///
/// impl Verifier for CertificateOf {
///     fn verify(&self, request: &Unverified<'_>) -> Verdict {
///         let name = request.head().headers.get("x-client-certificate-name");
///         Verdict::from(name.is_some_and(|name| name.as_bytes().ct_eq(self.0.as_bytes()).into()))
///     }
/// }
///
/// let receiver = Receiver::new(CertificateOf("client.webhooks.fbclientcerts.com".to_owned()));
/// ```
///
/// `Arc` and `Box` of a verifier are verifiers; [`any_of`] and [`all_of`] combine them.
pub trait Verifier: Send + Sync {
    /// Judges a request.
    fn verify(&self, request: &Unverified<'_>) -> Verdict;
}

impl<V: Verifier + ?Sized> Verifier for Arc<V> {
    fn verify(&self, request: &Unverified<'_>) -> Verdict {
        (**self).verify(request)
    }
}

impl<V: Verifier + ?Sized> Verifier for Box<V> {
    fn verify(&self, request: &Unverified<'_>) -> Verdict {
        (**self).verify(request)
    }
}

/// What a [`Verifier`] decides. There is no fourth verdict, so the enum is exhaustive.
///
/// For an example see [`Verifier`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is from the expected sender.
    Genuine,
    /// It is not, or nothing shows that it is.
    Forged,
    /// The head is not enough to tell. Returned when the body is there, it counts as
    /// [`Forged`](Self::Forged).
    NeedsBody,
}

/// `true` is [`Verdict::Genuine`].
impl From<bool> for Verdict {
    fn from(genuine: bool) -> Self {
        if genuine { Self::Genuine } else { Self::Forged }
    }
}

/// A request that is not verified yet.
///
/// Its `Debug` shows neither headers nor body.
///
/// ```
/// use std::time::SystemTime;
///
/// use kaleyra_wa_webhook::{SharedHeader, Unverified, Verdict, Verifier, http};
///
/// // How a receiver asks, and a test of a verifier of your own.
/// let verifier = SharedHeader::new("x-kaleyra-secret", "a long random text")?;
/// let request = http::Request::post("/").header("x-kaleyra-secret", "a long random text");
/// let (head, ()) = request.body(())?.into_parts();
/// let now = SystemTime::now();
///
/// let first = Unverified::head_only(&head, now);
/// assert_eq!((first.body(), first.now(), &first.head().method), (None, now, &http::Method::POST));
/// assert_eq!(verifier.verify(&first), Verdict::Genuine);
///
/// let whole = Unverified::whole(&head, b"{}", now);
/// assert_eq!(whole.body(), Some(&b"{}"[..]));
/// assert_eq!(verifier.verify(&whole), Verdict::Genuine);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Unverified<'a> {
    head: &'a Parts,
    body: Option<&'a [u8]>,
    now: SystemTime,
}

impl<'a> Unverified<'a> {
    /// A request whose body was not read yet.
    pub const fn head_only(head: &'a Parts, now: SystemTime) -> Self {
        Self {
            head,
            body: None,
            now,
        }
    }

    /// A request with the bytes of its body, exactly as they came.
    pub const fn whole(head: &'a Parts, body: &'a [u8], now: SystemTime) -> Self {
        Self {
            head,
            body: Some(body),
            now,
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

    /// The time, for what expires.
    pub const fn now(&self) -> SystemTime {
        self.now
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
