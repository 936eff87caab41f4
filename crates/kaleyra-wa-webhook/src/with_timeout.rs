//! A time limit that costs nothing while nobody has to wait.

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Poll, ready};
use std::time::Duration;

use tokio::time::sleep;

/// The future was not ready in time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TimeIsUp;

/// Like tokio's `timeout`, but looks at the clock only if the future is not ready at once. Most
/// bodies are there as soon as their heads are, and most sinks have room.
pub(crate) async fn with_timeout<F: Future>(
    time: Duration,
    future: F,
) -> Result<F::Output, TimeIsUp> {
    let mut future = pin!(future);
    let mut alarm = pin!(None);
    poll_fn(|cx| {
        if let Poll::Ready(output) = future.as_mut().poll(cx) {
            return Poll::Ready(Ok(output));
        }
        if alarm.is_none() {
            alarm.set(Some(sleep(time)));
        }
        if let Some(alarm) = alarm.as_mut().as_pin_mut() {
            ready!(alarm.poll(cx));
        }
        Poll::Ready(Err(TimeIsUp))
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::{pending, ready};

    use tokio::task::yield_now;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_late_ends() {
        let time = Duration::from_secs(10);
        assert_eq!(with_timeout(time, ready(1)).await, Ok(1));
        let later = with_timeout(time, sleep(time / 2));
        assert_eq!(later.await, Ok(()));
        let start = tokio::time::Instant::now();
        assert_eq!(with_timeout(time, pending::<()>()).await, Err(TimeIsUp));
        assert_eq!(start.elapsed().as_secs(), 10);
    }

    #[tokio::test]
    async fn who_gives_way_is_not_asked_again_at_once() {
        let polls = Cell::new(0);
        let mut inner = pin!(yield_now());
        let counted = poll_fn(|cx| {
            polls.set(polls.get() + 1);
            inner.as_mut().poll(cx)
        });
        let mut limited = pin!(with_timeout(Duration::from_secs(10), counted));
        let first = poll_fn(|cx| Poll::Ready(limited.as_mut().poll(cx).is_pending())).await;
        assert!(first);
        assert_eq!(limited.await, Ok(()));
        assert_eq!(polls.get(), 2);
    }
}
