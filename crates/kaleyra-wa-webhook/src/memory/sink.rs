//! The sink, and how it ends.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::runtime::Handle;

use super::batch::Batch;
use super::builder::MemorySinkBuilder;
use super::workers::{Entry, WorkerPool};
use crate::handle::{Handler, IncomingEvent};
use crate::receive::ReceivedCallback;
use crate::sink::{Sink, SinkError};

/// A bounded sink that holds events in memory and has them handled.
///
/// Clones share one queue: give one to the [`WebhookService`](crate::WebhookService) and keep one to
/// [`shutdown`](Self::shutdown).
///
/// **What it holds is lost if the process crashes**: the sender got its 200 and won't send it again. How much that can be
/// is bounded by the queue; what must not be lost at all belongs in a sink that keeps it on disk. See
/// [Handling events](crate#handling-events) for the whole picture.
///
/// * **All or none.** A delivery is taken with all its events or refused with all of them, so that a duplicate never
///   repeats a part.
/// * **Order.** The events of one [conversation](IncomingEvent::conversation) are handled one after the other, in the
///   order in which they came; different conversations at the same time, up to
///   [`parallel`](MemorySinkBuilder::parallel). An event that belongs to none waits for nothing.
/// * **Each event is independent.** One whose handler fails is [tried again](MemorySinkBuilder#what-is-tried-again) after a
///   pause, where that can't send twice. Meanwhile its conversation waits, and the others go on.
///   In the end it is a [dead letter](MemorySinkBuilder::on_dead_letter); its siblings are not affected.
/// * **Duplicates** are recognised by [`IncomingEvent::key`] and left out: of an event that waits or is being handled
///   always, of one that was handled for [a while](MemorySinkBuilder::duplicate_window). A dead letter was not handled,
///   so it is tried again when it is sent again. An event without a key is never left out.
/// * **Full is 503**, after a [short wait](MemorySinkBuilder::admission_timeout): no task and no memory for what can't be handled
///   yet. A delivery that is larger than the whole queue is taken when that is empty.
///
/// It needs a tokio runtime with its timer enabled, and runs tasks on it only while there is something to handle. When
/// the runtime ends before a `shutdown`, what was left is logged as lost, by its number.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use kaleyra_wa_webhook::{ReceivedCallback, MemorySink, Sink, handler_fn};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sink = MemorySink::new(handler_fn(async |event| {
///     println!("{}", event.event().kind());
///     Ok(())
/// }));
///
/// let body = r#"{"status": "not sent", "reason": "Daily limit reached"}"#;
/// sink.accept(ReceivedCallback::from_raw(body.into(), SystemTime::now())?).await?; // as the service does it
///
/// sink.shutdown(Duration::from_secs(10)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct MemorySink(Arc<WorkerPool>);

impl MemorySink {
    /// How long [`shutdown`](Self::shutdown) waits for dead letters to be taken, after its deadline: 5 s.
    pub const DEAD_LETTER_GRACE: Duration = Duration::from_secs(5);
    /// After how long a sender that found the queue full is asked to retry: 5 s.
    pub const RETRY_AFTER: Duration = Duration::from_secs(5);

    /// A sink with the default settings: see [`MemorySinkBuilder`].
    ///
    /// For an example see [`MemorySink`].
    pub fn new(handler: impl Handler + 'static) -> Self {
        Self::builder(handler).build()
    }

    /// A sink with settings.
    ///
    /// For an example see [`MemorySink`].
    pub fn builder(handler: impl Handler + 'static) -> MemorySinkBuilder {
        MemorySinkBuilder::new(handler)
    }

    pub(super) fn with(workers: WorkerPool) -> Self {
        Self(Arc::new(workers))
    }

    /// How much it holds now: for a health page, say.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_webhook::{MemorySink, handler_fn};
    ///
    /// let sink = MemorySink::new(handler_fn(async |_| Ok(())));
    /// assert_eq!(sink.depth().events, 0);
    /// ```
    pub fn depth(&self) -> Depth {
        self.0.depth()
    }

    /// Accepts nothing any more (503), and waits until all that it holds is handled.
    ///
    /// Call it after the server has ended, whose last deliveries are in the queue by then.
    ///
    /// # Errors
    ///
    /// When it is not all handled by the deadline. Then handlers are stopped where they are, and each event that is left
    /// goes to [`on_dead_letter`](MemorySinkBuilder::on_dead_letter) as [`HandlerFailure::ShutDown`](crate::HandlerFailure::ShutDown),
    /// for which there are [5 seconds](Self::DEAD_LETTER_GRACE) more. What nobody took is in the error.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use kaleyra_wa_webhook::MemorySink;
    ///
    /// # async fn keep(body: &[u8]) {}
    /// # async fn run(sink: MemorySink) {
    /// if let Err(unfinished) = sink.shutdown(Duration::from_secs(10)).await {
    ///     eprintln!("{unfinished}");
    ///     for event in unfinished.left {
    ///         keep(&event.delivery().raw).await; // wherever you want it
    ///     }
    /// }
    /// # }
    /// ```
    pub async fn shutdown(&self, deadline: Duration) -> Result<(), Unfinished> {
        self.0.drain(deadline, Self::DEAD_LETTER_GRACE).await
    }
}

#[async_trait]
impl Sink for MemorySink {
    async fn accept(&self, delivery: ReceivedCallback) -> Result<(), SinkError> {
        if Handle::try_current().is_err() {
            return Err(SinkError::new(
                "the sink is used outside of a tokio runtime",
            ));
        }
        let batch = Batch::new(delivery, &self.0.fingerprints);
        match self.0.enter(batch).await {
            Entry::Taken => Ok(()),
            Entry::Full => Err(SinkError::new("the queue is full").retry_after(Self::RETRY_AFTER)),
            Entry::Closed => Err(SinkError::new("the sink is shut down")),
        }
    }
}

impl fmt::Debug for MemorySink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Depth {
            events,
            bytes,
            conversations,
        } = self.depth();
        f.debug_struct("MemorySink")
            .field("events", &events)
            .field("bytes", &bytes)
            .field("conversations", &conversations)
            .finish_non_exhaustive()
    }
}

/// How much a [`MemorySink`] holds, what is being handled included.
///
/// ```
/// use kaleyra_wa_webhook::{MemorySink, Router};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let sink = MemorySink::new(Router::new(()).on_text(async |_, _| {}));
/// println!("{:?}", sink.depth()); // how much waits
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Depth {
    /// Events.
    pub events: usize,
    /// Bytes of the deliveries that they came in.
    pub bytes: usize,
    /// Conversations that they belong to; an event that belongs to none counts as one.
    pub conversations: usize,
}

/// What a [`shutdown`](MemorySink::shutdown) left unhandled.
///
/// Don't drop it unread: it is all that is left of the events in it.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use kaleyra_wa_webhook::{MemorySink, ReceivedCallback, Sink, handler_fn};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let stuck = MemorySink::new(handler_fn(async |_| Ok(std::future::pending().await)));
/// let body = r#"{"status": "not sent", "reason": "Daily limit reached"}"#;
/// stuck.accept(ReceivedCallback::from_raw(body.into(), SystemTime::now())?).await?;
///
/// let unfinished = stuck.shutdown(Duration::from_millis(5)).await.unwrap_err();
/// assert_eq!((unfinished.dead_letters, unfinished.left.len()), (0, 1));
/// assert_eq!(unfinished.left[0].delivery().raw, body); // keep it wherever you want it
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default, thiserror::Error)]
#[error(
    "not all events were handled before the shutdown: {dead_letters} became dead letters, {} are left",
    left.len()
)]
#[non_exhaustive]
pub struct Unfinished {
    /// How many were taken by [`on_dead_letter`](MemorySinkBuilder::on_dead_letter), since the deadline.
    pub dead_letters: usize,
    /// What nobody took: because there is no `on_dead_letter`, or it panicked or was too slow.
    pub left: Vec<IncomingEvent>,
}
