//! What crates that do not know each other share about the handling of one event: whether a message may have gone out in
//! it, and which error texts may be logged.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::error::Error;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

thread_local! {
    static CURRENT: RefCell<Option<Handling>> = const { RefCell::new(None) };
}

/// An error type whose text holds no personal data and no secret: no number, no message, no key, no URL. So the text may
/// be logged.
///
/// The client's `Error` is one. Implement it for your own error types to have their text logged, too: the webhook's
/// `HandlerError::discreet` takes them.
///
/// ```
/// use kaleyra_wa_types::handling::Discreet;
///
/// #[derive(Debug)]
/// struct SoldOut;
///
/// impl std::fmt::Display for SoldOut {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         f.write_str("the last table is taken")
///     }
/// }
///
/// impl std::error::Error for SoldOut {}
/// impl Discreet for SoldOut {}
///
/// // What takes any such error may log its text.
/// fn log_line(error: &impl Discreet) -> String {
///     format!("the handler failed: {error}")
/// }
/// assert_eq!(log_line(&SoldOut), "the handler failed: the last table is taken");
/// ```
pub trait Discreet: Error {}

/// The handling of one event, from one attempt's start to its end; clones are the same one.
///
/// Code that runs handlers creates one and runs the handler [inside](Self::run) it; code that sends messages, or fails with a
/// [`Discreet`] error, records it on the [current](Self::current) one. This is how the webhook knows that a failed handler
/// has already sent something, though it does not know the client.
///
/// The current one is that of the future that is being polled. A task of its own (`tokio::spawn`) is another future: to
/// have it count, run it inside the same one.
///
/// ```
/// use kaleyra_wa_types::handling::Handling;
///
/// # use std::task::{Context, Waker};
/// # let mut example = Box::pin(async {
/// let handling = Handling::new();
/// handling
///     .run(async {
///         let first = Handling::sending(); // as the client does at the start of each send
///         drop(first);                     // the response was a success, or is unknown
///         let second = Handling::sending();
///         second.did_not_go_out();         // no connection
///     })
///     .await;
/// assert!(handling.may_have_sent());
/// # });
/// # assert!(example.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Handling(Arc<Notes>);

#[derive(Debug, Default)]
struct Notes {
    /// Messages that were begun, less those that certainly did not go out.
    sends: AtomicUsize,
    /// The latest texts of discreet errors, the oldest first.
    texts: Mutex<VecDeque<String>>,
}

impl Handling {
    /// How many texts are kept: a handler may have dealt with some errors before it fails with another.
    const MAX_TEXTS: usize = 16;

    /// One in which nothing has happened yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The one that the calling code runs inside, if it does.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(|current| current.borrow().clone()).ok()?
    }

    /// Runs a future inside this one.
    pub async fn run<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|cx| {
            let _inside = Inside::enter(self.clone());
            future.as_mut().poll(cx)
        })
        .await
    }

    /// Notes that a message is about to go out. It counts as one that may have, whatever becomes of the value, until
    /// [`did_not_go_out`](Sending::did_not_go_out).
    pub fn sending() -> Sending {
        let handling = Self::current();
        if let Some(Self(notes)) = &handling {
            notes.sends.fetch_add(1, Ordering::SeqCst);
        }
        Sending(handling)
    }

    /// Whether a message may have gone out in it: one that was accepted, one whose fate is unknown, or one that was
    /// under way when the handler was stopped.
    pub fn may_have_sent(&self) -> bool {
        self.0.sends.load(Ordering::SeqCst) > 0
    }

    /// Notes the text of an error that may be shown, where the calling code runs inside a handling.
    pub fn note(error: &impl Discreet) {
        let Some(Self(notes)) = Self::current() else {
            return;
        };
        let text = error.to_string();
        let mut texts = notes.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if texts.len() >= Self::MAX_TEXTS {
            texts.pop_front();
        }
        texts.push_back(text);
    }

    /// What of an error may be shown: its text, or that of the first of its causes, which was [noted](Self::note) in this
    /// handling. So the text is found whatever wraps the error.
    ///
    /// ```
    /// use kaleyra_wa_types::handling::{Discreet, Handling};
    ///
    /// #[derive(Debug)]
    /// struct SoldOut;
    /// # impl std::fmt::Display for SoldOut {
    /// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    /// #         f.write_str("the last table is taken")
    /// #     }
    /// # }
    /// # impl std::error::Error for SoldOut {}
    /// impl Discreet for SoldOut {}
    ///
    /// # use std::task::{Context, Waker};
    /// # let mut example = Box::pin(async {
    /// let handling = Handling::new();
    /// handling
    ///     .run(async {
    ///         assert!(Handling::current().is_some());
    ///         Handling::note(&SoldOut); // as a handler does that fails with it
    ///     })
    ///     .await;
    /// assert_eq!(handling.presentable(&SoldOut).as_deref(), Some("the last table is taken"));
    /// let other = std::io::Error::other("no answer from +919800000001");
    /// assert_eq!(handling.presentable(&other), None); // nobody said that it may be shown
    /// # });
    /// # assert!(example.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready());
    /// ```
    pub fn presentable(&self, error: &(dyn Error + 'static)) -> Option<String> {
        /// Against chains that never end.
        const DEPTH: usize = 16;

        let texts = self.0.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if texts.is_empty() {
            return None;
        }
        let texts: Vec<String> = texts.iter().cloned().collect();
        let chain = std::iter::successors(Some(error), |error| Error::source(*error));
        chain
            .take(DEPTH)
            .map(|error| error.to_string())
            .find(|text| texts.contains(text))
    }
}

/// A message on its way out: see [`Handling::sending`].
///
/// For an example see [`Handling`].
#[derive(Debug)]
#[must_use = "a send that certainly did not go out has to be marked so"]
pub struct Sending(Option<Handling>);

impl Sending {
    /// It certainly reached nobody: nothing was sent, or it was rejected.
    pub fn did_not_go_out(self) {
        if let Some(Handling(notes)) = &self.0 {
            notes.sends.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

/// Puts back what was current before.
struct Inside(Option<Handling>);

impl Inside {
    fn enter(handling: Handling) -> Self {
        let swapped = CURRENT.try_with(|current| current.replace(Some(handling)));
        Self(swapped.ok().flatten())
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        let before = self.0.take();
        let left = CURRENT.try_with(|current| current.replace(before));
        drop(left);
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::task::{Context, Poll, Waker};

    use super::*;

    #[derive(Debug)]
    struct Plain(&'static str);

    impl fmt::Display for Plain {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Plain {}
    impl Discreet for Plain {}

    #[derive(Debug)]
    struct Around(Plain);

    impl fmt::Display for Around {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("for +919800000001")
        }
    }

    impl Error for Around {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }

    fn now<F: Future>(future: F) -> F::Output {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => output,
            Poll::Pending => panic!("it waits"),
        }
    }

    #[test]
    fn only_what_runs_inside_counts() {
        let (outer, inner) = (Handling::new(), Handling::new());
        drop(Handling::sending());
        now(outer.run(async {
            now(inner.run(async { drop(Handling::sending()) }));
            Handling::sending().did_not_go_out();
        }));
        assert!(inner.may_have_sent());
        assert!(!outer.may_have_sent());
        assert!(Handling::current().is_none());
    }

    #[test]
    fn a_stopped_future_leaves_its_send_and_no_trace_of_itself() {
        let handling = Handling::new();
        {
            let running = handling.run(async {
                let _sending = Handling::sending();
                std::future::pending::<()>().await;
            });
            let mut running = pin!(running);
            let mut context = Context::from_waker(Waker::noop());
            assert!(running.as_mut().poll(&mut context).is_pending());
            assert!(Handling::current().is_none());
        }
        assert!(handling.may_have_sent());
    }

    #[test]
    fn only_what_was_noted_is_shown_and_never_what_is_around_it() {
        let handling = Handling::new();
        assert_eq!(handling.presentable(&Plain("a")), None);
        now(handling.run(async { Handling::note(&Plain("a")) }));
        assert_eq!(handling.presentable(&Plain("a")).as_deref(), Some("a"));
        assert_eq!(handling.presentable(&Plain("b")), None);
        let around = Around(Plain("a"));
        assert_eq!(handling.presentable(&around).as_deref(), Some("a"));
        now(handling.run(async {
            for _ in 0..Handling::MAX_TEXTS {
                Handling::note(&Plain("b"));
            }
        }));
        assert_eq!(handling.presentable(&Plain("a")), None, "bounded");
    }
}
