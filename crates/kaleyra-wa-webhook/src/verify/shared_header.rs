//! A secret in a header.

use std::fmt;

use http::header::{HeaderName, HeaderValue};
use subtle::Choice;

use super::secrets::Secrets;
use super::{InvalidSecret, Unverified, Verdict, Verifier};

/// Takes requests that carry a secret in a header: the simplest check that Kaleyra offers, as a
/// custom header of the callback profile.
///
/// Its `Debug` shows the header's name and never a secret. The secrets are wiped from memory when
/// it is dropped.
///
/// # Rotation
///
/// Two secrets can be live at a time. Give the new one to the receiver with [`or`](Self::or),
/// change the callback profile, then drop the old one: no callback is refused in between.
///
/// ```
/// use kaleyra_wa_webhook::SharedHeader;
///
/// let verifier = SharedHeader::new("x-kaleyra-secret", "this year's secret")?.or("next year's secret")?;
/// assert!(!format!("{verifier:?}").contains("year"));
/// # Ok::<(), kaleyra_wa_webhook::InvalidSecret>(())
/// ```
///
/// # What an attacker learns
///
/// Nothing but no: the response is the same whatever was wrong, and the comparison stops neither at
/// the first difference nor at a different length, so its time depends only on what the attacker sent.
pub struct SharedHeader {
    name: HeaderName,
    secrets: Secrets,
}

impl SharedHeader {
    /// Expects `secret` in the header `name`, whose case is irrelevant.
    ///
    /// Take a long random secret: 32 characters from a password generator will do.
    ///
    /// # Errors
    ///
    /// When `name` can't be the name of a header, and when the secret is too short or can't be the
    /// value of one.
    ///
    /// For an example see [`SharedHeader`].
    pub fn new(name: &str, secret: impl AsRef<[u8]>) -> Result<Self, InvalidSecret> {
        let name = name.parse().map_err(|_| InvalidSecret::HeaderName)?;
        let secrets = Secrets::new(sendable(secret.as_ref())?)?;
        Ok(Self { name, secrets })
    }

    /// Takes `secret` as well.
    ///
    /// # Errors
    ///
    /// When the secret is too short or can't be the value of a header.
    ///
    /// For an example see [`SharedHeader`].
    pub fn or(mut self, secret: impl AsRef<[u8]>) -> Result<Self, InvalidSecret> {
        self.secrets.push(sendable(secret.as_ref())?)?;
        Ok(self)
    }
}

impl Verifier for SharedHeader {
    fn verify(&self, request: &Unverified<'_>) -> Verdict {
        let mut genuine = Choice::from(0);
        for presented in request.head().headers.get_all(&self.name) {
            genuine |= self.secrets.contain(presented.as_bytes());
        }
        Verdict::from(bool::from(genuine))
    }
}

impl fmt::Debug for SharedHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedHeader")
            .field("name", &self.name)
            .field("secrets", &self.secrets.len())
            .finish()
    }
}

/// HTTP strips spaces around a value: a secret with some would never match.
fn sendable(secret: &[u8]) -> Result<&[u8], InvalidSecret> {
    if HeaderValue::from_bytes(secret).is_err() || secret.trim_ascii() != secret {
        return Err(InvalidSecret::Unsendable);
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_secret_that_can_never_match_is_refused() {
        let refused = |name, secret: &[u8]| SharedHeader::new(name, secret).unwrap_err();
        assert_eq!(refused("x-secret", b""), InvalidSecret::Empty);
        assert_eq!(refused("x secret", b"s-one"), InvalidSecret::HeaderName);
        assert_eq!(refused("", b"s-one"), InvalidSecret::HeaderName);
        for secret in [&b"a\nb"[..], b" a", b"a\t", b"\0", b"\x7f"] {
            assert_eq!(refused("x-secret", secret), InvalidSecret::Unsendable);
        }
        let first = SharedHeader::new("x-secret", "first-one").unwrap();
        assert_eq!(first.or("").unwrap_err(), InvalidSecret::Empty);
    }
}
