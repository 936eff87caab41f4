//! Where random numbers come from.

/// The client's source of random numbers: for the time between two attempts, and for references.
///
/// Any function that returns numbers is one, so a test can choose them:
/// [`Client::with_randomness`](crate::Client::with_randomness). The default source is not for secrets.
pub trait Randomness: Send + Sync {
    /// The next number; each is as likely as any other.
    fn next_u64(&self) -> u64;
}

impl<F: Fn() -> u64 + Send + Sync> Randomness for F {
    fn next_u64(&self) -> u64 {
        self()
    }
}

/// A generator per thread, seeded by the operating system.
pub(crate) struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn next_u64(&self) -> u64 {
        fastrand::u64(..)
    }
}
