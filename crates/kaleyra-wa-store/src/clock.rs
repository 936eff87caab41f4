//! The time, and where it comes from.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment, in milliseconds since the beginning of 1970, UTC: as it is stored.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
///
/// use kaleyra_wa_store::Moment;
///
/// let moment = Moment::from_millis(1_000);
/// let later = moment + Duration::from_secs(2);
/// assert_eq!(later.as_millis(), 3_000);
/// assert_eq!((later.since(moment), moment.since(later)), (Duration::from_secs(2), Duration::ZERO));
/// assert_eq!(later.before(Duration::from_secs(2)), moment);
/// assert_eq!(Moment::from(SystemTime::from(moment)), moment);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// The moment that is so many milliseconds after the beginning of 1970.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the beginning of 1970.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// How long after `earlier` it is; zero where it is not.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// This much earlier; never before what the type can hold.
    #[must_use]
    pub fn before(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(millis(by)))
    }
}

/// Never past what the type can hold.
impl std::ops::Add<Duration> for Moment {
    type Output = Self;

    fn add(self, by: Duration) -> Self {
        Self(self.0.saturating_add(millis(by)))
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

impl From<SystemTime> for Moment {
    fn from(time: SystemTime) -> Self {
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self(millis(after)),
            Err(before) => Self(-millis(before.duration())),
        }
    }
}

/// The beginning of 1970 where the platform can't count as far.
impl From<Moment> for SystemTime {
    fn from(moment: Moment) -> Self {
        let distance = Duration::from_millis(moment.0.unsigned_abs());
        let time = if moment.0 < 0 {
            UNIX_EPOCH.checked_sub(distance)
        } else {
            UNIX_EPOCH.checked_add(distance)
        };
        time.unwrap_or(UNIX_EPOCH)
    }
}

/// Supplies the time: the system clock, or one for tests.
///
/// The time may go back. Nothing is lost by that: what is due is due when the clock says so, or when it says something
/// that makes no sense.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::{Clock, Moment, SystemClock};
///
/// /// Shows whole seconds, as the wire does.
/// struct Seconds;
///
/// impl Clock for Seconds {
///     fn now(&self) -> Moment {
///         Moment::from_millis(SystemClock.now().as_millis() / 1_000 * 1_000)
///     }
/// }
/// assert_eq!(Seconds.now().as_millis() % 1_000, 0);
/// ```
pub trait Clock: Send + Sync {
    /// What time it is.
    fn now(&self) -> Moment;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Moment {
        (**self).now()
    }
}

/// The machine's clock.
///
/// # Examples
///
/// ```
/// use std::time::SystemTime;
///
/// use kaleyra_wa_store::{Clock, Moment, SystemClock};
///
/// let before = Moment::from(SystemTime::now());
/// assert!(SystemClock.now() >= before);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        SystemTime::now().into()
    }
}

/// A clock that shows what it is set to, for tests.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
///
/// use kaleyra_wa_store::{Clock, ManualClock, Moment, SqliteOptions};
///
/// let clock = Arc::new(ManualClock::new(Moment::from_millis(1_722_863_329_000)));
/// let options = SqliteOptions::new("bot.db").clock(Arc::clone(&clock)); // the store goes by it
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now().as_millis(), 1_722_863_389_000);
///
/// clock.set(Moment::from_millis(0)); // back as well
/// assert_eq!(clock.now().as_millis(), 0);
/// # let _ = options;
/// ```
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows this.
    pub const fn new(now: Moment) -> Self {
        Self(AtomicI64::new(now.0))
    }

    /// Sets it, back as well.
    pub fn set(&self, now: Moment) {
        self.0.store(now.0, Ordering::SeqCst);
    }

    /// Sets it forward.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(millis(by), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ManualClock").field(&self.now()).finish()
    }
}
