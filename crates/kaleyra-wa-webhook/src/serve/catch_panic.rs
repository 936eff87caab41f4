//! A future whose panic is a value.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Poll;

/// The future panicked. What it said is left to the panic hook: it may hold personal data.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Panicked;

/// Runs a future to its end or to its panic, where it stands: to move a large one costs.
///
/// Nothing of the future is looked at after a panic, so it can't be seen in a broken state; what it
/// shares with others is theirs to guard, as it is when a task panics.
pub(crate) async fn catch_panic<F: Future>(mut future: Pin<&mut F>) -> Result<F::Output, Panicked> {
    poll_fn(
        |cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(_) => Poll::Ready(Err(Panicked)),
        },
    )
    .await
}
