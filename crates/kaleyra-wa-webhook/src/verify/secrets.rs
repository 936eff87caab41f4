//! Secrets that are live at the same time, and how one is compared with what a request brings.

use secrecy::{ExposeSecret, SecretSlice};
use subtle::{Choice, ConstantTimeEq};

/// At least one secret, none of them too short to be one. They are wiped from memory on drop.
#[derive(Clone)]
pub(super) struct Secrets(Vec<SecretSlice<u8>>);

impl Secrets {
    pub(super) fn new(secret: &[u8]) -> Result<Self, InvalidSecret> {
        // A rotation has two of them.
        let mut secrets = Self(Vec::with_capacity(2));
        secrets.push(secret)?;
        Ok(secrets)
    }

    pub(super) fn push(&mut self, secret: &[u8]) -> Result<(), InvalidSecret> {
        check(secret)?;
        self.0.push(secret.to_vec().into());
        Ok(())
    }

    /// What is compared like a secret and is none, such as a client's id: any text but an empty one.
    pub(super) fn public(name: &[u8]) -> Result<Self, InvalidSecret> {
        match name.is_empty() {
            true => Err(InvalidSecret::Empty),
            false => Ok(Self(vec![name.to_vec().into()])),
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether one of them was presented. All of them are looked at, whichever it is.
    pub(super) fn contain(&self, presented: &[u8]) -> Choice {
        let secrets = self.0.iter();
        secrets.fold(Choice::from(0), |found, secret| {
            found | equal(secret.expose_secret(), presented)
        })
    }
}

/// Compares in a time that depends on `presented` alone. `ConstantTimeEq` on slices returns at once
/// when the lengths differ, which would tell the secret's length; here a secret is repeated until
/// all of `presented` was looked at.
pub(super) fn equal(secret: &[u8], presented: &[u8]) -> Choice {
    let mut equal = secret.len().ct_eq(&presented.len());
    for (presented, secret) in presented.iter().zip(secret.iter().cycle()) {
        equal &= presented.ct_eq(secret);
    }
    equal
}

/// Refuses what nobody can have meant as a secret.
pub(super) const fn check(secret: &[u8]) -> Result<(), InvalidSecret> {
    match secret.len() {
        0 => Err(InvalidSecret::Empty),
        length if length < InvalidSecret::SHORTEST => Err(InvalidSecret::TooShort),
        _ => Ok(()),
    }
}

/// Why there is no verifier with this secret. It doesn't repeat what was given.
///
/// ```
/// use kaleyra_wa_webhook::SharedHeader;
///
/// let error = SharedHeader::new("x-kaleyra-secret", "").unwrap_err();
/// println!("{error}"); // why it is none
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSecret {
    /// The secret is empty, so everybody would know it.
    #[error("the webhook secret is empty: set one that is hard to guess")]
    Empty,
    /// The name can't be the name of a header.
    #[error(
        "the name of the secret's header is invalid: use letters, digits and hyphens, such as x-kaleyra-secret"
    )]
    HeaderName,
    /// The path can't be the path of a request, or is the first one that everybody tries.
    #[error(
        "the secret path is invalid: begin with a slash, go on with letters, digits, hyphens and slashes"
    )]
    Path,
    /// The secret is so short that it can be guessed.
    #[error(
        "the webhook secret is too short: at least {min} bytes, better 32 random characters",
        min = Self::SHORTEST
    )]
    TooShort,
    /// The secret can't be sent where it belongs.
    #[error(
        "the webhook secret can't be sent in a header: leave out line breaks, control characters and leading or trailing whitespace"
    )]
    Unsendable,
    /// The username can't be separated from the password.
    #[error("the username is invalid: leave out colons and control characters")]
    UserName,
}

impl InvalidSecret {
    /// How many bytes a secret has at least: 6. That stops a placeholder or a typo; a good secret has 32
    /// random characters.
    pub const SHORTEST: usize = 6;
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
    fn each_of_them_is_found_and_nothing_else() {
        let mut secrets = Secrets::new(b"old-one").unwrap();
        secrets.push(b"newer-one").unwrap();
        for (presented, expect) in [
            ("old-one", true),
            ("newer-one", true),
            ("new-one", false),
            ("", false),
        ] {
            let found = bool::from(secrets.contain(presented.as_bytes()));
            assert_eq!(found, expect, "{presented}");
        }
        assert_eq!(secrets.push(b"").unwrap_err(), InvalidSecret::Empty);
    }
}
