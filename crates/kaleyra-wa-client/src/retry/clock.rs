//! The time, and waiting for it to pass.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::LazyLock;
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_timer::Delay;
use kaleyra_wa_transport::async_trait;

/// What the client asks for the time between two tries. Give it another one in a test:
/// [`Client::with_clock`](crate::Client::with_clock).
///
/// # Examples
///
/// ```
/// use std::sync::Mutex;
/// use std::time::Duration;
///
/// use kaleyra_wa_client::Clock;
/// use kaleyra_wa_client::transport::async_trait;
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
/// ```
#[async_trait]
pub trait Clock: Send + Sync {
    /// The time since some moment that stays the same; it never goes back.
    fn now(&self) -> Duration;

    /// Waits this long.
    async fn sleep(&self, time: Duration);
}

/// This machine's monotonic clock, and a timer that needs no particular runtime.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        START.elapsed()
    }

    async fn sleep(&self, time: Duration) {
        Delay::new(time).await;
    }
}

/// What the future gives; `None` if this much time passes first.
pub(crate) async fn within<F: Future>(
    clock: &dyn Clock,
    limit: Duration,
    future: F,
) -> Option<F::Output> {
    let mut future = pin!(future);
    // What is ready at once, as most pieces of a file are, needs no timer.
    let mut sleep = None;
    poll_fn(|cx| {
        if let Poll::Ready(output) = future.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        let sleep = sleep.get_or_insert_with(|| clock.sleep(limit));
        sleep.as_mut().poll(cx).map(|()| None)
    })
    .await
}
