//! A fixed token in the `Authorization` header.

use std::fmt;

use subtle::Choice;

use super::authorization::credentials;
use super::secrets::Secrets;
use super::{InvalidSecret, Unverified, Verdict, Verifier};

/// Takes requests with `Authorization: Bearer` and a token that doesn't change: a [`SharedHeader`]
/// for senders and proxies that know this scheme.
///
/// For tokens that Kaleyra asks for and that expire, see [`TokenIssuer`]. Several tokens can be live
/// at a time, for rotation; they are compared in constant time, shown nowhere, and wiped from memory
/// when it is dropped.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::{Bearer, Receiver};
///
/// let receiver = Receiver::new(Bearer::new("this-year-4f0c9a")?.or("next-year-b81d27")?);
/// # let _ = receiver;
/// # Ok::<(), kaleyra_wa_webhook::InvalidSecret>(())
/// ```
///
/// [`SharedHeader`]: super::SharedHeader
/// [`TokenIssuer`]: super::TokenIssuer
pub struct Bearer {
    tokens: Secrets,
}

impl Bearer {
    /// Expects this token.
    ///
    /// # Errors
    ///
    /// When the token is too short, or has anything but visible ASCII characters.
    ///
    /// For an example see [`Bearer`].
    pub fn new(token: impl AsRef<[u8]>) -> Result<Self, InvalidSecret> {
        let tokens = Secrets::new(sendable(token.as_ref())?)?;
        Ok(Self { tokens })
    }

    /// Takes this token as well.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new).
    ///
    /// For an example see [`Bearer`].
    pub fn or(mut self, token: impl AsRef<[u8]>) -> Result<Self, InvalidSecret> {
        self.tokens.push(sendable(token.as_ref())?)?;
        Ok(self)
    }
}

impl Verifier for Bearer {
    fn verify(&self, request: &Unverified<'_>) -> Verdict {
        let presented = credentials(request.head(), "Bearer");
        let genuine = presented.fold(Choice::from(0), |genuine, token| {
            genuine | self.tokens.contain(token)
        });
        Verdict::from(bool::from(genuine))
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bearer")
            .field("tokens", &self.tokens.len())
            .finish()
    }
}

fn sendable(token: &[u8]) -> Result<&[u8], InvalidSecret> {
    match token.iter().all(u8::is_ascii_graphic) {
        true => Ok(token),
        false => Err(InvalidSecret::Unsendable),
    }
}
