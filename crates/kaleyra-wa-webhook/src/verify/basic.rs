//! A username and a password in the `Authorization` header.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::Choice;

use super::authorization::credentials;
use super::secrets::{Secrets, check};
use super::{InvalidSecret, Unverified, Verdict, Verifier};

/// Takes requests with HTTP Basic authentication, which a callback profile of Kaleyra's can have.
///
/// Two users can be live at a time, for rotation. What was presented is compared as it came, in
/// Base64 and in constant time; nothing is decoded. Its `Debug` shows neither names nor passwords,
/// and they are wiped from memory when it is dropped.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::{Basic, Receiver};
///
/// let verifier = Basic::new("kaleyra", "this year's password")?.or("kaleyra", "next year's password")?;
/// assert!(!format!("{verifier:?}").contains("year"));
/// let receiver = Receiver::new(verifier);
/// # let _ = receiver;
/// # Ok::<(), kaleyra_wa_webhook::InvalidSecret>(())
/// ```
///
/// Source: RFC 7617; *Callback - Basic authentication*.
pub struct Basic {
    /// As they are sent, in Base64.
    users: Secrets,
}

impl Basic {
    /// Expects this user.
    ///
    /// # Errors
    ///
    /// When the password is too short or has control characters, and when the name has these or a colon.
    ///
    /// For an example see [`Basic`].
    pub fn new(user: &str, password: &str) -> Result<Self, InvalidSecret> {
        let users = Secrets::new(encode(user, password)?.as_bytes())?;
        Ok(Self { users })
    }

    /// Takes this user as well.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new).
    ///
    /// For an example see [`Basic`].
    pub fn or(mut self, user: &str, password: &str) -> Result<Self, InvalidSecret> {
        self.users.push(encode(user, password)?.as_bytes())?;
        Ok(self)
    }
}

impl Verifier for Basic {
    fn verify(&self, request: &Unverified<'_>) -> Verdict {
        let presented = credentials(request.head(), "Basic");
        let genuine = presented.fold(Choice::from(0), |genuine, user| {
            genuine | self.users.contain(user)
        });
        Verdict::from(bool::from(genuine))
    }
}

impl fmt::Debug for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Basic")
            .field("users", &self.users.len())
            .finish()
    }
}

fn encode(user: &str, password: &str) -> Result<String, InvalidSecret> {
    check(password.as_bytes())?;
    if user.contains(|c: char| c == ':' || c.is_control()) {
        return Err(InvalidSecret::UserName);
    }
    if password.contains(char::is_control) {
        return Err(InvalidSecret::Unsendable);
    }
    Ok(STANDARD.encode(format!("{user}:{password}")))
}
