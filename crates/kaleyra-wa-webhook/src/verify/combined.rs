//! Several verifiers as one.

use std::fmt;

use super::{Unverified, Verdict, Verifier};

/// Takes what at least one of two verifiers finds genuine; [`AnyOf::or`] adds more of them.
///
/// For a move from one way to another without a gap, or for two senders at one address.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::{Basic, Receiver, SharedHeader, any_of};
///
/// let receiver = Receiver::new(any_of(
///     SharedHeader::new("x-kaleyra-secret", "a long random text")?,
///     Basic::new("kaleyra", "a long random text")?,
/// ));
/// # let _ = receiver;
/// # Ok::<(), kaleyra_wa_webhook::InvalidSecret>(())
/// ```
pub fn any_of(first: impl Verifier + 'static, second: impl Verifier + 'static) -> AnyOf {
    AnyOf(vec![Box::new(first), Box::new(second)])
}

/// Takes what both of two verifiers find genuine; [`AllOf::and`] adds more of them.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::{Receiver, SharedHeader, SourceAddresses, all_of};
///
/// let receiver = Receiver::new(all_of(
///     SharedHeader::new("x-kaleyra-secret", "a long random text")?,
///     SourceAddresses::new(["203.0.113.0/24"])?,
/// ));
/// # let _ = receiver;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn all_of(first: impl Verifier + 'static, second: impl Verifier + 'static) -> AllOf {
    AllOf(vec![Box::new(first), Box::new(second)])
}

/// What [`any_of`] makes. Each of its verifiers is asked each time, so that the timing does not show
/// which of them accepted.
///
/// For an example see [`any_of`].
pub struct AnyOf(Vec<Box<dyn Verifier>>);

/// What [`all_of`] makes. Each of its verifiers is asked each time, so that the timing does not show
/// which of them refused.
///
/// For an example see [`all_of`].
pub struct AllOf(Vec<Box<dyn Verifier>>);

impl AnyOf {
    /// Takes what this one finds genuine, too.
    ///
    /// ```
    /// use std::time::SystemTime;
    ///
    /// use kaleyra_wa_webhook::{Basic, Bearer, Receiver, SharedHeader, any_of, http};
    ///
    /// let receiver = Receiver::new(
    ///     any_of(
    ///         SharedHeader::new("x-kaleyra-secret", "a long random text")?,
    ///         Basic::new("kaleyra", "a long random text")?,
    ///     )
    ///     .or(Bearer::new("another-long-random-text")?),
    /// );
    /// let bearer = "Bearer another-long-random-text";
    /// let (head, ()) = http::Request::post("/").header("authorization", bearer).body(())?.into_parts();
    /// assert!(receiver.receive(&head, "{}".into(), SystemTime::now()).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn or(mut self, verifier: impl Verifier + 'static) -> Self {
        self.0.push(Box::new(verifier));
        self
    }
}

impl AllOf {
    /// Takes only what this one finds genuine, too.
    ///
    /// ```
    /// use std::time::SystemTime;
    ///
    /// use kaleyra_wa_webhook::{Receiver, Rejection, SecretPath, SharedHeader, SourceAddresses, all_of, http};
    ///
    /// let receiver = Receiver::new(
    ///     all_of(
    ///         SharedHeader::new("x-kaleyra-secret", "a long random text")?,
    ///         SecretPath::new("/callbacks/8c1f0e6b52d94c7a")?,
    ///     )
    ///     .and(SourceAddresses::new(["203.0.113.0/24"])?),
    /// );
    /// let request = http::Request::post("/callbacks/8c1f0e6b52d94c7a").header("x-kaleyra-secret", "a long random text");
    /// let (head, ()) = request.body(())?.into_parts(); // from nobody knows where
    /// assert_eq!(receiver.receive(&head, "{}".into(), SystemTime::now()).unwrap_err(), Rejection::Unauthorized);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn and(mut self, verifier: impl Verifier + 'static) -> Self {
        self.0.push(Box::new(verifier));
        self
    }
}

impl Verifier for AnyOf {
    fn verify(&self, request: &Unverified<'_>) -> Verdict {
        let verdicts = self.0.iter().map(|verifier| verifier.verify(request));
        verdicts.fold(Verdict::Forged, |all, one| match (all, one) {
            (Verdict::Genuine, _) | (_, Verdict::Genuine) => Verdict::Genuine,
            (Verdict::NeedsBody, _) | (_, Verdict::NeedsBody) => Verdict::NeedsBody,
            (Verdict::Forged, Verdict::Forged) => Verdict::Forged,
        })
    }
}

impl Verifier for AllOf {
    fn verify(&self, request: &Unverified<'_>) -> Verdict {
        let verdicts = self.0.iter().map(|verifier| verifier.verify(request));
        // There are two verifiers at least, so that "all of none" can't let anybody in.
        verdicts.fold(Verdict::Genuine, |all, one| match (all, one) {
            (Verdict::Forged, _) | (_, Verdict::Forged) => Verdict::Forged,
            (Verdict::NeedsBody, _) | (_, Verdict::NeedsBody) => Verdict::NeedsBody,
            (Verdict::Genuine, Verdict::Genuine) => Verdict::Genuine,
        })
    }
}

impl fmt::Debug for AnyOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyOf")
            .field("verifiers", &self.0.len())
            .finish()
    }
}

impl fmt::Debug for AllOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AllOf")
            .field("verifiers", &self.0.len())
            .finish()
    }
}
