//! Timeouts: how long they may be, and how to enforce one on any runtime.

#[cfg(any(feature = "conformance", feature = "tower"))]
use std::future::{Future, poll_fn};
#[cfg(any(feature = "conformance", feature = "tower"))]
use std::pin::{Pin, pin};
#[cfg(any(feature = "conformance", feature = "tower"))]
use std::task::{Context, Poll};
use std::time::Duration;

#[cfg(any(feature = "conformance", feature = "tower"))]
use futures_timer::Delay;

/// The longest timeout, about a year. Adding `Duration::MAX` to a point in time overflows, and the libraries below
/// panic or ignore the timeout.
pub(crate) const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// A duration, limited to the longest one.
pub(crate) const fn clamped(time: Duration) -> Duration {
    if time.as_secs() >= LONGEST.as_secs() {
        LONGEST
    } else {
        time
    }
}

/// The rest of a timeout.
#[cfg(any(feature = "conformance", feature = "tower"))]
pub(crate) struct Limit(Delay);

#[cfg(any(feature = "conformance", feature = "tower"))]
impl Limit {
    pub(crate) fn of(duration: Duration) -> Self {
        Self(Delay::new(clamped(duration)))
    }

    /// Runs the future; `None` if the time is over first.
    pub(crate) async fn run<T>(&mut self, future: impl Future<Output = T>) -> Option<T> {
        let mut future = pin!(future);
        poll_fn(|cx| match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => self.poll_over(cx).map(|()| None),
        })
        .await
    }

    /// Ready when the time is over.
    pub(crate) fn poll_over(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.0).poll(cx)
    }
}
