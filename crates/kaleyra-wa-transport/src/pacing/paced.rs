//! A transport that paces sends.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use super::queue::Queue;
use crate::limit::clamped;
use crate::{
    Clock, Operation, OperationClass, Phase, RecipientKey, Request, Response, SystemClock,
    Transport, TransportError, TransportErrorKind,
};

/// Delays sends to stay within WhatsApp's rate limits, then passes them to another transport.
///
/// | Limit | Default | Meta's code when it is passed |
/// |---|---|---|
/// | of a sender | 80 a second, evenly | 130429 |
/// | of a sender to one recipient | 1 in 6 s, after 45 at once | 131056 |
///
/// Only requests of [`OperationClass::Send`], and those without an [`Operation`], are delayed. The sender is the path's
/// segment after `whatsapp`, the recipient is [`Operation::recipient`]; without one only the first limit applies. Sends
/// go out in order of arrival. The limits apply to this value and its clones: two processes need half the rate each.
/// Meta also counts what a sender receives.
///
/// A send that would have to wait too long fails at once with [`TransportErrorKind::RateLimited`] in
/// [`Phase::Connect`]: nothing was sent. It may wait 60 s, and less than its [timeout](Operation::timeout). What it has
/// waited is taken from the timeout that the transport below sees. A send that is dropped while it waits leaves its
/// slot empty.
///
/// How long a send was delayed is in the response's extensions, as [`Held`].
///
/// # Which limit must be longer
///
/// A timeout around the send, such as that of a webhook handler, has to be longer than [`max_hold`](Self::max_hold)
/// plus the transport's own timeout: 60 s and 30 s by default. Otherwise it cancels sends that are still waiting, or
/// that have just left, and nobody can tell which. Several sends in one handler, and several attempts by the client,
/// multiply that time. Prefer a shorter `max_hold` to a longer timeout: what is refused here was not sent, and the
/// error says so.
///
/// ```text
///   handler's limit  >  (max_hold + transport's limit) × sends × tries
/// ```
///
/// Put it around the transport that sends, and inside whatever retries: each attempt takes a slot. Idle pairs are
/// dropped, so memory is bounded by the number of recipients in the last few minutes.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// # use kaleyra_wa_transport::{Response, TransportError, async_trait};
/// use kaleyra_wa_transport::{Body, OperationClass, Held, Operation, Paced, RecipientKey, Request, Transport, http};
///
/// # struct Below;
/// # #[async_trait]
/// # impl Transport for Below {
/// #     async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
/// #         Ok(Response::new("{}".into()))
/// #     }
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let below = Below;
/// let transport = Paced::new(below)
///     .per_sender(20) // a number that the WhatsApp app uses, too
///     .max_hold(Duration::from_secs(10));
///
/// let mut request = http::Request::post("https://api.example/v2/HX1/whatsapp/918000000001/messages")
///     .body(Body::from("{}".to_owned()))?;
/// let recipient = RecipientKey::new("+919800000001");
/// request.extensions_mut().insert(Operation::new("send", OperationClass::Send, 1).with_recipient(recipient));
///
/// let response = transport.execute(request).await?;
/// assert_eq!(response.extensions().get(), Some(&Held(Duration::ZERO)));
/// # Ok(())
/// # }
/// ```
///
/// To one recipient, by a clock that a test turns:
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use std::time::Duration;
///
/// # use kaleyra_wa_transport::{Response, TransportError, TransportErrorKind};
/// use kaleyra_wa_transport::{Body, Clock, Operation, OperationClass, Paced, RecipientKey, Request, Transport, async_trait};
///
/// # struct Below;
/// # #[async_trait]
/// # impl Transport for Below {
/// #     async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
/// #         Ok(Response::new("{}".into()))
/// #     }
/// # }
/// /// Time passes when somebody waits, and then at once.
/// #[derive(Clone, Default)]
/// struct Film(Arc<Mutex<Duration>>);
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
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let below = Below;
/// let film = Film::default();
/// let transport = Paced::new(below)
///     .per_pair(Duration::from_secs(6), 2) // two at once, and then one in six seconds
///     .on_held(|held| println!("held for {held:?}"))
///     .clock(film.clone());
///
/// let mut request = Request::new(Body::empty());
/// let recipient = RecipientKey::new("+919800000001");
/// request.extensions_mut().insert(Operation::new("send", OperationClass::Send, 1).with_recipient(recipient));
/// for _ in 0..3 {
///     transport.execute(request.clone()).await?;
/// }
/// assert_eq!(film.now().as_secs(), 6);
///
/// // A delay that is too long is refused, and nothing was sent.
/// let error = transport.max_hold(Duration::from_secs(1)).execute(request).await.unwrap_err();
/// assert_eq!(error.kind(), TransportErrorKind::RateLimited);
/// # Ok(())
/// # }
/// ```
pub struct Paced<T> {
    inner: T,
    senders: Arc<Mutex<Queue<String>>>,
    pairs: Arc<Mutex<Queue<(String, RecipientKey)>>>,
    max_hold: Duration,
    on_held: Option<Arc<OnHeld>>,
    clock: Arc<dyn Clock>,
}

type OnHeld = dyn Fn(Duration) + Send + Sync;

/// How long a send was delayed before it went out: an extension of the responses of [`Paced`].
///
/// For an example see [`Paced`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held(pub Duration);

impl<T> Paced<T> {
    /// Paces what goes to this transport, with WhatsApp's usual limits.
    pub fn new(inner: T) -> Self {
        let paced = Self {
            inner,
            senders: shared(Duration::ZERO, 1),
            pairs: shared(Duration::ZERO, 1),
            max_hold: Duration::from_secs(60),
            on_held: None,
            clock: Arc::new(SystemClock),
        };
        paced.per_sender(80).per_pair(Duration::from_secs(6), 45)
    }

    /// How many sends a second one sender has, evenly: 80 by default, up to 1,000 for numbers that were upgraded, 20
    /// for those that the WhatsApp app uses, too. None is taken for 1.
    #[must_use]
    pub fn per_sender(mut self, per_second: u32) -> Self {
        self.senders = shared(Duration::from_secs(1) / per_second.max(1), 1);
        self
    }

    /// How often one sender writes to one recipient: `burst` sends at once, each of which comes back after an
    /// `interval`. 45 and 6 s by default. None is taken for 1, and more than a year for a year.
    #[must_use]
    pub fn per_pair(mut self, interval: Duration, burst: u32) -> Self {
        self.pairs = shared(interval, burst);
        self
    }

    /// The longest delay of a send; one that would have to wait longer fails at once. Default: 60 s; a year at most.
    ///
    /// A timeout around the send has to be longer than this plus the transport's own timeout: see
    /// [above](Self#which-limit-must-be-longer).
    #[must_use]
    pub const fn max_hold(mut self, limit: Duration) -> Self {
        self.max_hold = clamped(limit);
        self
    }

    /// Calls `observe` with the delay of each send, right before it goes out. It must return quickly.
    #[must_use]
    pub fn on_held(mut self, observe: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        self.on_held = Some(Arc::new(observe));
        self
    }

    /// Uses this clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Waits for this send's turn, and says for how long it did.
    async fn hold(&self, request: &Request, limit: Duration) -> Result<Duration, TransportError> {
        let began = self.clock.now();
        let sender = sender(request.uri().path());
        let mut waited = false;
        // The pair first: were the sender's slot taken for the time when the pair's comes, then one recipient with
        // many messages would hold up all others.
        let operation = request.extensions().get::<Operation>();
        if let Some(recipient) = operation.and_then(|operation| operation.recipient.as_ref()) {
            let pair = (sender.clone(), recipient.clone());
            let wait = take(&self.pairs, &pair, began, limit)?;
            waited |= self.wait(wait).await;
        }
        let now = self.clock.now();
        let left = limit.saturating_sub(now.saturating_sub(began));
        let wait = take(&self.senders, &sender, now, left)?;
        waited |= self.wait(wait).await;
        // By the clock, since one may wake late. Without a wait it is nothing, rather than what the looking took.
        let held = self.clock.now().saturating_sub(began);
        Ok(if waited { held } else { Duration::ZERO })
    }

    /// Whether there was anything to wait for.
    async fn wait(&self, time: Duration) -> bool {
        let waits = !time.is_zero();
        if waits {
            self.clock.sleep(time).await;
        }
        waits
    }
}

fn shared<K: std::hash::Hash + Eq + Clone>(interval: Duration, burst: u32) -> Arc<Mutex<Queue<K>>> {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Arc::new(Mutex::new(Queue::new(interval, burst)))
}

fn take<K: std::hash::Hash + Eq + Clone>(
    queue: &Mutex<Queue<K>>,
    key: &K,
    now: Duration,
    limit: Duration,
) -> Result<Duration, TransportError> {
    let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
    queue.take(key, now, limit).map_err(|wait| {
        TransportError::new(Phase::Connect, TransportErrorKind::RateLimited).with_source(format!(
            "its turn is in {} s, but it may wait only {} s",
            wait.as_secs_f32().ceil(),
            limit.as_secs_f32().floor(),
        ))
    })
}

/// The number that a path sends from, in one spelling. Paths without one are of one sender.
fn sender(path: &str) -> String {
    let mut segments = path.split('/').skip_while(|segment| *segment != "whatsapp");
    let sender = segments.nth(1).unwrap_or_default();
    let plain = ["+", "%2B", "%2b"]
        .iter()
        .find_map(|plus| sender.strip_prefix(plus));
    plain.unwrap_or(sender).to_owned()
}

#[async_trait]
impl<T: Transport> Transport for Paced<T> {
    async fn execute(&self, mut request: Request) -> Result<Response, TransportError> {
        let operation = request.extensions().get::<Operation>();
        let class = operation.map_or(OperationClass::Send, |operation| operation.class);
        if matches!(class, OperationClass::Read | OperationClass::Upload) {
            return self.inner.execute(request).await;
        }
        let timeout = operation.and_then(|operation| operation.timeout);
        let limit = timeout.map_or(self.max_hold, |timeout| timeout.min(self.max_hold));
        let held = self.hold(&request, limit).await?;
        let operation = request.extensions_mut().get_mut::<Operation>();
        if let (Some(operation), Some(timeout)) = (operation, timeout) {
            let left = timeout.saturating_sub(held);
            if left.is_zero() {
                let (phase, kind) = (Phase::Connect, TransportErrorKind::RateLimited);
                return Err(TransportError::new(phase, kind));
            }
            operation.timeout = Some(left);
        }
        if let Some(observe) = &self.on_held {
            observe(held);
        }
        let mut response = self.inner.execute(request).await?;
        response.extensions_mut().insert(Held(held));
        Ok(response)
    }
}

/// Clones keep the limits together.
impl<T: Clone> Clone for Paced<T> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            senders: Arc::clone(&self.senders),
            pairs: Arc::clone(&self.pairs),
            max_hold: self.max_hold,
            on_held: self.on_held.clone(),
            clock: Arc::clone(&self.clock),
        }
    }
}

impl<T> fmt::Debug for Paced<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paced")
            .field("max_hold", &self.max_hold)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sender_is_known_in_each_spelling() {
        for path in [
            "/v2/HX1/whatsapp/918000000001/messages",
            "/v2/HX1/whatsapp/+918000000001/messages",
            "/v2/HX1/whatsapp/%2B918000000001",
        ] {
            assert_eq!(sender(path), "918000000001", "{path}");
        }
        for path in ["", "/", "/v2/HX1/whatsapp", "/messages/918000000001"] {
            assert_eq!(sender(path), "", "{path}");
        }
    }
}
