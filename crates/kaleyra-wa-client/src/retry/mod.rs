//! When an operation is retried, and after what wait.

mod randomness;
mod timeout;

use std::time::Duration;

use kaleyra_wa_transport::http::HeaderMap;
use kaleyra_wa_transport::http::header::RETRY_AFTER;
use kaleyra_wa_transport::{OperationClass, Phase, TransportError, TransportErrorKind};

pub use self::randomness::Randomness;
pub(crate) use self::randomness::SystemRandomness;
pub(crate) use self::timeout::with_timeout;

/// When an operation is retried.
///
/// Which failures are retried depends on what a second copy would do, so it is not a setting:
///
/// | Operation | Tried again after |
/// |---|---|
/// | a message, a read mark, a block | a failure to connect, which proves that nothing was sent. Nothing else: there is no idempotency key in Kaleyra's API |
/// | an upload | the same; with [`repeat_uploads`](Self::repeat_uploads) also what is below |
/// | reading: details, lists, a download up to its first byte | a failure to connect, no response, 408, 429, 500, 502, 503, 504 |
///
/// The time between two attempts is random, between the [shortest](Self::shortest_wait) and three times the one before, up
/// to the [longest](Self::longest_wait) (decorrelated jitter): many clients that failed together don't retry together.
/// A `Retry-After` is honoured for reads, if it fits into the deadline. A send never waits for one:
/// [`Error::retry_after`](crate::Error::retry_after) tells it. More than a year counts as a year.
///
/// A failure to connect counts only if no copy of the request was sent, whatever a layer in between reports: each
/// attempt has its own permission ([`SendOnce`](crate::transport::SendOnce)), which is revoked when the attempt is
/// over. So a copy that was left behind can't leave after the next attempt has begun.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_client::transport::{Phase, Scripted, TransportErrorKind};
/// use kaleyra_wa_client::{Client, MediaFile, RetryPolicy};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let patient = RetryPolicy::default()
///     .attempts(6)
///     .shortest_wait(Duration::from_millis(1))
///     .longest_wait(Duration::from_millis(10))
///     .deadline(Duration::from_secs(60))
///     .repeat_uploads();
///
/// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// let broken = Scripted::new().when(|_| true).fail(Phase::InFlight, TransportErrorKind::Interrupted);
/// let client = Client::with_transport(account, broken).with_retry(patient);
///
/// // A second copy of a message would arrive; one of a file only takes room.
/// assert_eq!(client.send("+14155550123", "Hello").await.unwrap_err().attempts(), 1);
/// let file = MediaFile::bytes("shoe.jpg", "JPEG…");
/// assert_eq!(client.upload(file.clone()).await.unwrap_err().attempts(), 6);
///
/// let once = client.with_retry(RetryPolicy::never());
/// assert_eq!(once.upload(file).await.unwrap_err().attempts(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    attempts: u32,
    shortest_wait: Duration,
    longest_wait: Duration,
    deadline: Duration,
    repeats_uploads: bool,
}

impl RetryPolicy {
    /// Never retries.
    ///
    /// For an example see [`RetryPolicy`].
    pub const fn never() -> Self {
        Self {
            attempts: 1,
            shortest_wait: Duration::from_millis(100),
            longest_wait: Duration::from_secs(2),
            deadline: Duration::from_secs(40),
            repeats_uploads: false,
        }
    }

    /// The most attempts for an operation, the first included. Default: 3; 0 counts as 1.
    ///
    /// For an example see [`RetryPolicy`].
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// The shortest time between two attempts. Default: 100 ms.
    pub const fn shortest_wait(mut self, wait: Duration) -> Self {
        self.shortest_wait = clamped(wait);
        self
    }

    /// The longest time between two attempts, unless the server asks for more. Default: 2 s.
    pub const fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = clamped(wait);
        self
    }

    /// How long after the first attempt another may begin. Default: 40 s.
    ///
    /// An attempt that began in time may end later: its duration is limited by the transport's timeout.
    ///
    /// For an example see [`RetryPolicy`].
    pub const fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = clamped(deadline);
        self
    }

    /// Also retries uploads after failures that may have stored a copy of the file. Nobody sees the copy; it only costs
    /// its bytes. Default: no.
    pub const fn repeat_uploads(mut self) -> Self {
        self.repeats_uploads = true;
        self
    }

    /// How long to wait before the next attempt; `None` if there is none. `tried` is the number of attempts so far,
    /// `before` the wait before this attempt, `elapsed` the time since the first.
    pub(crate) fn wait(
        &self,
        class: OperationClass,
        fault: &Fault<'_>,
        (tried, before, elapsed): (u32, Duration, Duration),
        randomness: &dyn Randomness,
    ) -> Option<Duration> {
        if tried >= self.attempts || !self.is_repeatable(class, fault) {
            return None;
        }
        let asked = fault.retry_after().unwrap_or_default();
        let wait = self.jittered(before, randomness).max(asked);
        (elapsed.saturating_add(wait) <= self.deadline).then_some(wait)
    }

    fn is_repeatable(&self, class: OperationClass, fault: &Fault<'_>) -> bool {
        if let Fault::NoResponse(error) = fault
            && error.phase() == Phase::Connect
        {
            // What is wrong with the request itself does not fix itself, and a rate limit not so soon.
            return !matches!(
                error.kind(),
                TransportErrorKind::InsecureUrl
                    | TransportErrorKind::InvalidRequest
                    | TransportErrorKind::RateLimited
                    | TransportErrorKind::UnreadableBody
                    | TransportErrorKind::Unscripted
            );
        }
        let is_harmless = match class {
            OperationClass::Read => true,
            OperationClass::Upload => self.repeats_uploads,
            _ => false,
        };
        is_harmless
            && match fault {
                Fault::NoResponse(error) => matches!(
                    error.kind(),
                    TransportErrorKind::Interrupted
                        | TransportErrorKind::Timeout
                        | TransportErrorKind::Other
                        // If it was not certain that nothing had been sent.
                        | TransportErrorKind::Connect
                        | TransportErrorKind::Repeated
                ),
                Fault::Response(status, _) => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            }
    }

    fn jittered(&self, before: Duration, randomness: &dyn Randomness) -> Duration {
        let shortest = self.shortest_wait.min(self.longest_wait);
        let highest = before
            .max(shortest)
            .saturating_mul(3)
            .min(self.longest_wait);
        let span = u64::try_from(highest.saturating_sub(shortest).as_nanos()).unwrap_or(u64::MAX);
        // The remainder favours small numbers by less than a millionth, as long as waits are shorter than hours.
        let random = randomness.next_u64() % span.saturating_add(1);
        shortest + Duration::from_nanos(random)
    }
}

/// A duration, limited to a year, so that adding it can't overflow.
const fn clamped(time: Duration) -> Duration {
    const YEAR: Duration = Duration::from_secs(366 * 24 * 60 * 60);
    if time.as_secs() >= YEAR.as_secs() {
        YEAR
    } else {
        time
    }
}

/// Three attempts within 40 s.
impl Default for RetryPolicy {
    fn default() -> Self {
        Self::never().attempts(3)
    }
}

/// What may be worth another attempt.
pub(crate) enum Fault<'a> {
    /// There is no response, or it broke off.
    NoResponse(&'a TransportError),
    /// A response with this status, which is not a success.
    Response(u16, &'a HeaderMap),
}

impl Fault<'_> {
    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::NoResponse(_) => None,
            Self::Response(_, headers) => retry_after(headers),
        }
    }
}

/// `Retry-After` in seconds. Its other form, a date, would need a clock that agrees with the server's. More than a year
/// is a mistake, and would make callers panic that add it to an `Instant`.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    const YEAR: u64 = 366 * 24 * 60 * 60;
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    let seconds = text.trim().parse().ok()?;
    (seconds <= YEAR).then(|| Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn policy() -> RetryPolicy {
        RetryPolicy::default()
            .shortest_wait(SECOND)
            .longest_wait(10 * SECOND)
            .deadline(100 * SECOND)
    }

    fn no_response(phase: Phase) -> TransportError {
        TransportError::new(phase, TransportErrorKind::Timeout)
    }

    fn is_repeated(policy: RetryPolicy, class: OperationClass, fault: &Fault<'_>) -> bool {
        let first = (1, SECOND, Duration::ZERO);
        policy.wait(class, fault, first, &|| 0).is_some()
    }

    #[test]
    fn only_reading_is_repeated_where_it_may_have_arrived() {
        let uploads = policy().repeat_uploads();
        let connect = no_response(Phase::Connect);
        let in_flight = no_response(Phase::InFlight);
        let headers = HeaderMap::new();
        for (fault, expected) in [
            (Fault::NoResponse(&connect), [true; 4]),
            (Fault::NoResponse(&in_flight), [false, false, true, true]),
            (Fault::Response(500, &headers), [false, false, true, true]),
            (Fault::Response(429, &headers), [false, false, true, true]),
            (Fault::Response(400, &headers), [false; 4]),
        ] {
            let found = [
                is_repeated(policy(), OperationClass::Send, &fault),
                is_repeated(policy(), OperationClass::Upload, &fault),
                is_repeated(uploads, OperationClass::Upload, &fault),
                is_repeated(policy(), OperationClass::Read, &fault),
            ];
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn what_is_wrong_with_the_request_is_not_tried_again() {
        for kind in [
            TransportErrorKind::InsecureUrl,
            TransportErrorKind::InvalidRequest,
            TransportErrorKind::RateLimited,
        ] {
            let error = TransportError::new(Phase::Connect, kind);
            assert!(!is_repeated(
                policy(),
                OperationClass::Read,
                &Fault::NoResponse(&error)
            ));
        }
    }

    #[test]
    fn waits_stay_between_the_shortest_and_the_longest() {
        let wait = |before, random| policy().jittered(before, &move || random);
        let (two, nine) = (2_000_000_000, 9_000_000_000);
        assert_eq!(wait(SECOND, 0), SECOND);
        assert_eq!(wait(SECOND, two), 3 * SECOND);
        assert_eq!(wait(SECOND, two + 1), SECOND);
        assert_eq!(wait(Duration::ZERO, two), 3 * SECOND);
        assert_eq!(wait(9 * SECOND, nine), 10 * SECOND);
        assert_eq!(wait(Duration::MAX, nine), 10 * SECOND);
        let no_wait = policy().longest_wait(Duration::ZERO);
        assert_eq!(no_wait.jittered(SECOND, &|| 7), Duration::ZERO);
        let endless = policy().longest_wait(Duration::MAX);
        assert!(endless.jittered(Duration::MAX, &|| u64::MAX) >= SECOND);
        let endless = endless.shortest_wait(Duration::MAX).deadline(Duration::MAX);
        let error = no_response(Phase::Connect);
        let so_far = (1, Duration::MAX, Duration::ZERO);
        for random in [0, 1, u64::MAX] {
            let fault = Fault::NoResponse(&error);
            let wait = endless.wait(OperationClass::Send, &fault, so_far, &move || random);
            assert_eq!(wait, Some(Duration::from_secs(366 * 24 * 60 * 60)));
        }
    }

    #[test]
    fn attempts_and_the_deadline_end_it() {
        let error = no_response(Phase::Connect);
        let wait = |tried, elapsed| {
            let fault = Fault::NoResponse(&error);
            policy().wait(
                OperationClass::Send,
                &fault,
                (tried, SECOND, elapsed),
                &|| 0,
            )
        };
        assert_eq!(wait(1, Duration::ZERO), Some(SECOND));
        assert_eq!(wait(2, 99 * SECOND), Some(SECOND));
        assert_eq!(wait(2, 100 * SECOND), None);
        assert_eq!(wait(3, Duration::ZERO), None);
        assert!(!is_repeated(
            RetryPolicy::never(),
            OperationClass::Read,
            &Fault::NoResponse(&error)
        ));
    }

    #[test]
    fn the_server_may_ask_for_more_within_the_deadline() {
        let wait = |seconds: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, seconds.parse().unwrap());
            let fault = Fault::Response(503, &headers);
            policy().wait(
                OperationClass::Read,
                &fault,
                (1, SECOND, Duration::ZERO),
                &|| 0,
            )
        };
        assert_eq!(wait("30"), Some(30 * SECOND));
        assert_eq!(wait("0"), Some(SECOND));
        assert_eq!(wait("101"), None);
        assert_eq!(wait("Fri, 27 Nov 2026 08:00:00 GMT"), Some(SECOND));
    }
}
