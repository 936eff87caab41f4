//! A secret in a header.

use std::fmt;

use http::header::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretSlice};
use subtle::{Choice, ConstantTimeEq};

use super::{Unverified, Verdict, Verifier};

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
/// # Ok::<(), kaleyra_wa_webhook::InvalidSharedHeader>(())
/// ```
///
/// # What a guesser learns
///
/// Nothing but no: the answer is the same whatever was wrong, and the comparison stops neither at
/// the first difference nor at a different length, so its time depends on what the guesser sent.
pub struct SharedHeader {
    name: HeaderName,
    /// At least one, none of them empty.
    secrets: Vec<SecretSlice<u8>>,
}

impl SharedHeader {
    /// Expects `secret` in the header `name`, whose case is of no matter.
    ///
    /// Take a long random secret: 32 characters from a password generator will do.
    ///
    /// # Errors
    ///
    /// When `name` can't be the name of a header, and when the secret is empty or can't be the
    /// value of one.
    pub fn new(name: &str, secret: impl AsRef<[u8]>) -> Result<Self, InvalidSharedHeader> {
        let name = name.parse().map_err(|_| InvalidSharedHeader::Name)?;
        let verifier = Self {
            name,
            secrets: Vec::with_capacity(2),
        };
        verifier.or(secret)
    }

    /// Takes `secret` as well.
    ///
    /// # Errors
    ///
    /// When the secret is empty or can't be the value of a header.
    pub fn or(mut self, secret: impl AsRef<[u8]>) -> Result<Self, InvalidSharedHeader> {
        let secret = secret.as_ref();
        if secret.is_empty() {
            return Err(InvalidSharedHeader::EmptySecret);
        }
        // HTTP strips blanks around a value: a secret with some would never match.
        if HeaderValue::from_bytes(secret).is_err() || secret.trim_ascii() != secret {
            return Err(InvalidSharedHeader::UnsendableSecret);
        }
        self.secrets.push(secret.to_vec().into());
        Ok(self)
    }
}

impl Verifier for SharedHeader {
    fn verify(&self, request: &Unverified<'_>) -> Verdict {
        let mut genuine = Choice::from(0);
        for presented in request.head().headers.get_all(&self.name) {
            for secret in &self.secrets {
                genuine |= equal(secret.expose_secret(), presented.as_bytes());
            }
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

/// Why there is no [`SharedHeader`]. It doesn't repeat what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSharedHeader {
    /// The secret is empty, so everybody would know it.
    #[error("the webhook secret is empty: set one that is hard to guess")]
    EmptySecret,
    /// The name can't be the name of a header.
    #[error(
        "the name of the secret's header is invalid: use letters, digits and hyphens, such as x-kaleyra-secret"
    )]
    Name,
    /// The secret can't be the value of a header.
    #[error(
        "the webhook secret can't be sent in a header: leave out line breaks, control characters and blanks at its ends"
    )]
    UnsendableSecret,
}

/// Compares in a time that depends on `presented` alone. `ConstantTimeEq` on slices returns at once
/// when the lengths differ, which would tell the secret's length; here a secret is repeated until
/// all of `presented` was looked at.
fn equal(secret: &[u8], presented: &[u8]) -> Choice {
    let mut equal = secret.len().ct_eq(&presented.len());
    for (presented, secret) in presented.iter().zip(secret.iter().cycle()) {
        equal &= presented.ct_eq(secret);
    }
    equal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_equal_texts_are_equal() {
        let check = |secret: &str, presented: &str| {
            bool::from(equal(secret.as_bytes(), presented.as_bytes()))
        };
        assert!(check("abc", "abc"));
        assert!(!check("abc", "abd"));
        assert!(!check("abc", "ab"));
        assert!(!check("abc", ""));
        // Repeating the secret must not make a repetition of it genuine.
        assert!(!check("abc", "abcabc"));
        assert!(!check("aa", "a"));
        assert!(!check("a", "aa"));
    }

    #[test]
    fn a_name_or_secret_that_can_never_match_is_refused() {
        let refused = |name, secret: &[u8]| SharedHeader::new(name, secret).unwrap_err();
        assert_eq!(refused("x-secret", b""), InvalidSharedHeader::EmptySecret);
        assert_eq!(refused("x secret", b"s"), InvalidSharedHeader::Name);
        assert_eq!(refused("", b"s"), InvalidSharedHeader::Name);
        for secret in [&b"a\nb"[..], b" a", b"a\t", b"\0", b"\x7f"] {
            assert_eq!(
                refused("x-secret", secret),
                InvalidSharedHeader::UnsendableSecret
            );
        }
        let first = SharedHeader::new("x-secret", "first").unwrap();
        assert_eq!(first.or("").unwrap_err(), InvalidSharedHeader::EmptySecret);
    }
}
