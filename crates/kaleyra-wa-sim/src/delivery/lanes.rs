//! What keeps the callbacks of a conversation in order, without letting one of them delay the others for long.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout};

/// How long the next callback of a lane waits for the one before it.
const PATIENCE: Duration = Duration::from_secs(1);

/// The last callback of each lane.
#[derive(Clone, Default)]
pub(crate) struct Lanes(Arc<Mutex<HashMap<String, watch::Receiver<()>>>>);

/// A place in a lane, which it is left by when this is dropped.
pub(crate) struct Place {
    before: Option<watch::Receiver<()>>,
    lane: String,
    lanes: Lanes,
    done: watch::Sender<()>,
}

impl Lanes {
    /// Takes the next place.
    pub(crate) fn enter(&self, lane: &str) -> Place {
        let done = watch::Sender::new(());
        let before = self.lock().insert(lane.to_owned(), done.subscribe());
        Place {
            before,
            lane: lane.to_owned(),
            lanes: self.clone(),
            done,
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, watch::Receiver<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Ends once the one before has left, or has had its time.
    pub(crate) async fn turn(&mut self) {
        if let Some(mut before) = self.before.take() {
            // Nothing is ever sent: it ends when the sender is dropped.
            let _ = timeout(PATIENCE, before.changed()).await;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut lanes = self.lanes.lock();
        let own = self.done.subscribe();
        if lanes
            .get(&self.lane)
            .is_some_and(|last| last.same_channel(&own))
        {
            lanes.remove(&self.lane);
        }
    }
}

/// What is being done right now, so that one can wait until nothing is.
#[derive(Clone)]
pub(crate) struct Flights(Arc<Inner>);

struct Inner {
    begun: Mutex<(u64, HashMap<u64, Instant>)>,
    changed: watch::Sender<u64>,
}

/// Something that is being done, until this is dropped.
pub(crate) struct Flight {
    number: u64,
    flights: Flights,
}

impl Flights {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Inner {
            begun: Mutex::default(),
            changed: watch::Sender::new(0),
        }))
    }

    pub(crate) fn begin(&self) -> Flight {
        let mut begun = self.lock();
        begun.0 += 1;
        let number = begun.0;
        begun.1.insert(number, Instant::now());
        Flight {
            number,
            flights: self.clone(),
        }
    }

    /// Whether nothing is being done, but for what exceeds the time allowed for it. If something is, how much of that
    /// time is left.
    pub(crate) fn busy(&self, patience: Duration) -> Option<Duration> {
        let begun = self.lock();
        let left = begun
            .1
            .values()
            .map(|begun| patience.saturating_sub(begun.elapsed()));
        left.filter(|left| !left.is_zero()).max()
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.0.changed.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, (u64, HashMap<u64, Instant>)> {
        self.0.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.flights.lock().1.remove(&self.number);
        self.flights.0.changed.send_modify(|times| *times += 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_waits_for_the_one_before_but_not_for_ever() {
        let lanes = Lanes::default();
        let first = lanes.enter("a");
        let (mut second, mut other) = (lanes.enter("a"), lanes.enter("b"));
        let before = Instant::now();
        other.turn().await;
        assert_eq!(before.elapsed(), Duration::ZERO);
        second.turn().await;
        assert_eq!(before.elapsed(), PATIENCE);
        let mut third = lanes.enter("a");
        drop((first, second));
        third.turn().await;
        assert_eq!(before.elapsed(), PATIENCE);
        drop((third, other));
        assert!(lanes.lock().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn what_takes_too_long_is_not_waited_for() {
        let flights = Flights::new();
        let second = Duration::from_secs(1);
        assert_eq!(flights.busy(second), None);
        let flight = flights.begin();
        assert_eq!(flights.busy(second), Some(second));
        tokio::time::advance(second).await;
        assert_eq!(flights.busy(second), None);
        assert_eq!(flights.busy(2 * second), Some(second));
        drop(flight);
        assert_eq!(flights.busy(2 * second), None);
    }
}
