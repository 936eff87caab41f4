//! Where random numbers come from.

/// The client's source of random numbers: for the time between two attempts, and for references.
///
/// Any function that returns numbers is one, so a test can choose them:
/// [`Client::with_randomness`](crate::Client::with_randomness). The default source is not for secrets.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// use kaleyra_wa_client::Randomness;
///
/// /// Numbers that a test knows.
/// #[derive(Default)]
/// struct Counting(AtomicU64);
///
/// impl Randomness for Counting {
///     fn next_u64(&self) -> u64 {
///         self.0.fetch_add(1, Ordering::Relaxed)
///     }
/// }
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().respond(200, r#"{}"#);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let client = client.with_randomness(Counting::default());
/// assert_ne!(client.new_reference(), client.new_reference());
/// # Ok(())
/// # }
/// ```
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
