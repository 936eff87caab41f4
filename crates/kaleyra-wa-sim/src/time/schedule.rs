//! What is due when, in simulated time: whatever is due at the same moment comes in the order in which it was asked for.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tokio::sync::watch;

use super::clock::Clock;

/// Jobs that wait for their moment.
pub(crate) struct Schedule<T> {
    waiting: Mutex<Waiting<T>>,
    /// Counts changes, so that those who wait for the next job look again.
    changed: watch::Sender<u64>,
}

struct Waiting<T> {
    jobs: BTreeMap<(SystemTime, u64), T>,
    next_number: u64,
}

/// There are as many jobs as there may be.
#[derive(Debug)]
pub(crate) struct Full;

impl<T> Schedule<T> {
    /// How many jobs may wait.
    pub(crate) const MAX: usize = 100_000;

    pub(crate) fn new() -> Self {
        Self {
            waiting: Mutex::new(Waiting {
                jobs: BTreeMap::new(),
                next_number: 0,
            }),
            changed: watch::Sender::new(0),
        }
    }

    pub(crate) fn push(&self, due: SystemTime, job: T) -> Result<(), Full> {
        let mut waiting = self.lock();
        if waiting.jobs.len() >= Self::MAX {
            return Err(Full);
        }
        let number = waiting.next_number;
        waiting.next_number += 1;
        waiting.jobs.insert((due, number), job);
        drop(waiting);
        self.changed.send_modify(|times| *times += 1);
        Ok(())
    }

    /// When the next job is due.
    pub(crate) fn next_due(&self) -> Option<SystemTime> {
        self.lock().jobs.keys().next().map(|(due, _)| *due)
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().jobs.len()
    }

    /// Takes the first job that is due by now.
    pub(crate) fn pop_due(&self, now: SystemTime) -> Option<T> {
        let mut waiting = self.lock();
        let first = waiting.jobs.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }

    /// Takes every job for which `is_it` holds, whenever it is due.
    pub(crate) fn take(&self, is_it: impl Fn(&T) -> bool) -> Vec<T> {
        let mut waiting = self.lock();
        let keys: Vec<_> = waiting
            .jobs
            .iter()
            .filter(|(_, job)| is_it(job))
            .map(|(key, _)| *key)
            .collect();
        keys.iter()
            .filter_map(|key| waiting.jobs.remove(key))
            .collect()
    }

    /// Ends once a job is due.
    pub(crate) async fn any_due(&self, clock: &Clock) {
        let mut changed = self.changed.subscribe();
        loop {
            match self.next_due() {
                Some(due) => tokio::select! {
                    () = clock.reaches(due) => return,
                    _ = changed.changed() => {}
                },
                None => {
                    if changed.changed().await.is_err() {
                        return;
                    }
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting<T>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn jobs_come_by_their_moment_and_then_by_their_order() {
        let schedule = Schedule::new();
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        for (seconds, job) in [(5, 'd'), (1, 'a'), (3, 'b'), (3, 'c')] {
            schedule.push(at(seconds), job).unwrap();
        }
        assert_eq!(schedule.next_due(), Some(at(1)));
        assert_eq!(schedule.pop_due(at(0)), None);
        let due: Vec<char> = std::iter::from_fn(|| schedule.pop_due(at(4))).collect();
        assert_eq!(due, ['a', 'b', 'c']);
        assert_eq!(schedule.take(|job| *job == 'd'), ['d']);
        assert_eq!(schedule.len(), 0);
    }

    #[test]
    fn it_gets_full() {
        let schedule = Schedule::new();
        for _ in 0..Schedule::<()>::MAX {
            schedule.push(UNIX_EPOCH, ()).unwrap();
        }
        assert!(schedule.push(UNIX_EPOCH, ()).is_err());
    }
}
