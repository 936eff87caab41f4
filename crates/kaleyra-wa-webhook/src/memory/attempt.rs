//! One call of somebody else's code, to its end or to its panic.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::watch;

use super::Failure;
use crate::handle::{Handler, IncomingEvent};
use crate::within::within;

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Has an event handled: until the handler is done or panics, the time is up, or the sink is closing.
pub(super) async fn attempt(
    handler: &dyn Handler,
    event: IncomingEvent,
    limit: Duration,
    closing: &mut watch::Receiver<bool>,
) -> Result<(), Failure> {
    let handling = within(limit, guarded(|| handler.handle(event)));
    tokio::select! {
        biased;
        // Its sender lives as long as the workers.
        _ = closing.wait_for(|is_closing| *is_closing) => Err(Failure::ShutDown),
        outcome = handling => match outcome {
            Ok(Some(Ok(()))) => Ok(()),
            Ok(Some(Err(error))) => Err(Failure::Error(error)),
            Ok(None) => Err(Failure::Panicked),
            Err(_) => Err(Failure::TimedOut),
        },
    }
}

/// Makes a future and runs it; `None` if either panics.
///
/// Nothing of it is looked at after a panic, so it can't be seen in a broken state; what it shares with others is theirs
/// to guard, as it is when a task panics.
pub(super) async fn guarded<'a, T>(make: impl FnOnce() -> Boxed<'a, T>) -> Option<T> {
    let mut guarded = Guarded(catch_unwind(AssertUnwindSafe(make)).ok());
    let output = poll_fn(|cx| {
        let Some(future) = &mut guarded.0 else {
            return Poll::Ready(None);
        };
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Some(output)),
            Err(_) => Poll::Ready(None),
        }
    });
    output.await
}

/// To drop a future can panic as well, where it is dropped early too.
struct Guarded<'a, T>(Option<Boxed<'a, T>>);

impl<T> Drop for Guarded<'_, T> {
    fn drop(&mut self) {
        let future = self.0.take();
        // What it said went to the panic hook; the worker has to go on.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(future)));
    }
}

#[cfg(test)]
mod tests {
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
}
