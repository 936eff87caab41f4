//! The time, and waiting for it to pass.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures_timer::Delay;

use crate::limit::clamped;

/// The clock that the client uses between two attempts, and [`Paced`] before a send. Replace it in tests, so that they
/// don't have to wait.
///
/// # Examples
///
/// ```
/// use std::sync::Mutex;
/// use std::time::Duration;
///
/// use kaleyra_wa_transport::{Clock, async_trait};
///
/// /// Time passes when somebody waits, and then at once.
/// #[derive(Default)]
/// struct Film(Mutex<Duration>);
///
/// #[async_trait]
/// impl Clock for Film {
///     fn now(&self) -> Duration {
///         *self.0.lock().unwrap()
///     }
///
///     async fn sleep(&self, time: Duration) {
///         *self.0.lock().unwrap() += time;
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let film = Film::default();
/// film.sleep(Duration::from_secs(3600)).await;
/// assert_eq!(film.now(), Duration::from_secs(3600));
/// # }
/// ```
///
#[cfg_attr(feature = "pacing", doc = "[`Paced`]: crate::Paced")]
#[cfg_attr(not(feature = "pacing"), doc = "[`Paced`]: crate#features")]
#[async_trait]
pub trait Clock: Send + Sync {
    /// The time since some moment that stays the same; it never goes back.
    fn now(&self) -> Duration;

    /// Waits this long. Implementations must accept `Duration::MAX`, which can't be added to a point in time: the
    /// system clock waits for at most a year.
    async fn sleep(&self, time: Duration);
}

/// This machine's monotonic clock, and a timer that needs no particular runtime.
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_transport::{Clock, SystemClock};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let before = SystemClock.now();
/// SystemClock.sleep(Duration::from_millis(2)).await;
/// assert!(SystemClock.now() - before >= Duration::from_millis(2));
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        START.elapsed()
    }

    async fn sleep(&self, time: Duration) {
        Delay::new(clamped(time)).await;
    }
}
