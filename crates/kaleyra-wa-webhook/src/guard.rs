//! Runs other people's code so that its panics end here: handlers, observers, subscribers of spans, recorders of figures.
//!
//! Nothing of it is used after a panic, so it can't be seen in a broken state; what it shares with others is theirs to
//! guard, as it is when a task panics. Its message is left to the panic hook: it may hold personal data.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::Poll;

use tracing::Span;

/// The code panicked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Panicked;

pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Runs it; `None` if it panics.
pub(crate) fn quietly<T>(run: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(value) => Some(value),
        Err(payload) => {
            dispose(payload);
            None
        }
    }
}

/// What was thrown can itself panic when it is dropped.
fn dispose(payload: Box<dyn Any + Send>) {
    if let Err(next) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(next);
    }
}

/// Runs a future to its end or to its panic, where it stands: to move a large one costs.
pub(crate) async fn catch_panic<F: Future>(mut future: Pin<&mut F>) -> Result<F::Output, Panicked> {
    poll_fn(|cx| match quietly(|| future.as_mut().poll(cx)) {
        Some(Poll::Pending) => Poll::Pending,
        Some(Poll::Ready(output)) => Poll::Ready(Ok(output)),
        None => Poll::Ready(Err(Panicked)),
    })
    .await
}

/// Makes a future and runs it; `None` if either panics, or if dropping it does.
pub(crate) async fn guarded<'a, T>(make: impl FnOnce() -> Boxed<'a, T>) -> Option<T> {
    let mut guarded = Guarded(quietly(make));
    poll_fn(|cx| {
        let Some(future) = &mut guarded.0 else {
            return Poll::Ready(None);
        };
        match quietly(|| future.as_mut().poll(cx)) {
            Some(Poll::Pending) => Poll::Pending,
            Some(Poll::Ready(output)) => Poll::Ready(Some(output)),
            None => Poll::Ready(None),
        }
    })
    .await
}

/// To drop a future can panic as well, where it is dropped early too.
struct Guarded<'a, T>(Option<Boxed<'a, T>>);

impl<T> Drop for Guarded<'_, T> {
    fn drop(&mut self) {
        let future = self.0.take();
        quietly(|| drop(future));
    }
}

/// A span whose subscriber may panic: when it is made, recorded to, entered, left and closed.
pub(crate) struct QuietSpan(Option<Span>);

impl QuietSpan {
    pub(crate) fn new(make: impl FnOnce() -> Span) -> Self {
        Self(quietly(make))
    }

    /// Records what there is to say, where somebody listens.
    pub(crate) fn tell(&self, tell: impl FnOnce(&Span)) {
        if let Some(span) = self.0.as_ref().filter(|span| !span.is_disabled()) {
            quietly(|| tell(span));
        }
    }

    /// Runs a future inside it, like `Instrument`.
    pub(crate) async fn run<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|cx| {
            let entered = self.0.as_ref().and_then(|span| quietly(|| span.enter()));
            let polled = future.as_mut().poll(cx);
            quietly(|| drop(entered));
            polled
        })
        .await
    }
}

/// To close a span calls the subscriber, too.
impl Drop for QuietSpan {
    fn drop(&mut self) {
        let span = self.0.take();
        quietly(|| drop(span));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    struct PanicsOnDrop;

    impl Drop for PanicsOnDrop {
        fn drop(&mut self) {
            panic!("on drop");
        }
    }

    #[tokio::test]
    async fn a_panic_is_caught_wherever_it_is() {
        assert_eq!(guarded(|| Box::pin(async { 1 })).await, Some(1));
        assert_eq!(guarded::<()>(|| panic!("when made")).await, None);
        let polled = guarded::<()>(|| Box::pin(async { panic!("when polled") }));
        assert_eq!(polled.await, None);

        let bomb = PanicsOnDrop;
        let pending = guarded::<()>(move || {
            Box::pin(async move {
                let _bomb = bomb;
                std::future::pending::<()>().await;
            })
        });
        timeout(Duration::ZERO, pending).await.unwrap_err();
    }

    #[test]
    fn what_is_thrown_may_panic_when_it_is_dropped() {
        let thrown = quietly(|| std::panic::panic_any(PanicsOnDrop));
        assert!(thrown.is_none());
    }
}
