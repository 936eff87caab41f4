//! What a check works with.

use std::fmt;
use std::sync::Arc;

use super::Place;
use crate::{ManualClock, Moment, StoreError, StoreErrorKind};

/// What a check gives: what was found first, as a sentence.
pub(super) type Finding = Result<(), String>;

/// A place, and the time there.
pub(super) struct Stage<P> {
    place: P,
    pub(super) clock: Arc<ManualClock>,
}

impl<P: Place> Stage<P> {
    pub(super) fn new(place: P) -> Self {
        // Some day in 2024.
        let clock = Arc::new(ManualClock::new(Moment::from_millis(1_722_863_329_000)));
        Self { place, clock }
    }

    pub(super) async fn open(&self) -> Result<P::Store, String> {
        // A store that was dropped a moment ago may take another to let go.
        for _ in 0..2_000 {
            match self.place.open(Arc::clone(&self.clock)).await {
                Ok(store) => return Ok(store),
                Err(error) if error.kind() == StoreErrorKind::Owned => {
                    std::thread::sleep(std::time::Duration::from_millis(5));
                }
                Err(error) => return Err(format!("it could not be opened: {error}")),
            }
        }
        Err(
            "it can't be opened while one that was dropped is not gone, which takes too long"
                .to_owned(),
        )
    }

    pub(super) async fn reopen(&self, store: P::Store) -> Result<P::Store, String> {
        self.place.close(store).await;
        self.open().await
    }

    /// As after a crash, as far as that can be had inside a process.
    pub(super) async fn crash(&self, store: P::Store) -> Result<P::Store, String> {
        drop(store);
        self.open().await
    }
}

/// Says what is not as it was promised.
pub(super) fn expect<T: PartialEq + fmt::Debug>(found: T, promised: T, what: &str) -> Finding {
    if found == promised {
        Ok(())
    } else {
        Err(format!(
            "{what}: promised was {promised:?}, found {found:?}"
        ))
    }
}

/// Says which step failed.
pub(super) trait OrFinding<T> {
    fn or_finding(self, step: &str) -> Result<T, String>;
}

impl<T> OrFinding<T> for Result<T, StoreError> {
    fn or_finding(self, step: &str) -> Result<T, String> {
        self.map_err(|error| format!("{step} failed: {error}"))
    }
}
