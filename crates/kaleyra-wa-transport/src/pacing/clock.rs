//! The clock that pacing waits by.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures_timer::Delay;

/// What time it is, and waiting: to be replaced in tests, so that none takes as long as what it is about.
#[async_trait]
pub trait PaceClock: Send + Sync {
    /// The time since a moment that stays the same. It never goes back.
    fn now(&self) -> Duration;

    /// Waits for so long.
    async fn sleep(&self, time: Duration);
}

/// The machine's monotonic clock. It waits on any runtime.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock(Instant);

impl SystemClock {
    /// Counts from now.
    pub fn new() -> Self {
        Self(Instant::now())
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl PaceClock for SystemClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    async fn sleep(&self, time: Duration) {
        Delay::new(time).await;
    }
}
