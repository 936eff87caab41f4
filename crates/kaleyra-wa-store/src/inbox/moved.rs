//! Events that come from another store, with what became of them there.

use std::fmt;

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::{EventRecord, EventState, Fingerprint};
use crate::Moment;
use crate::tracking::Facts;

/// A delivery of another store, as [`InboxStore::take_over`](super::InboxStore::take_over) takes it.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::inbox::{EventRecord, EventState, MovedDelivery};
/// use kaleyra_wa_store::{Moment, tracking::Facts};
///
/// let now = Moment::from_millis(1_722_863_329_000);
/// let mut running = EventRecord::default();
/// running.state = EventState::Running; // in the other store, when that was stopped
/// let delivery = MovedDelivery {
///     received_at: Some(now),
///     raw: Some("{}".into()),
///     events: vec![running],
///     facts: Facts::default(),
/// };
///
/// let event = &delivery.events[0];
/// assert_eq!(delivery.state_of(event), EventState::Waiting);
/// assert_eq!(delivery.settled_at(event, now), None);
/// assert_eq!(delivery.fingerprint_of(event), delivery.clone().fingerprint_of(event)); // moved twice, it is there once
/// ```
#[derive(Clone)]
pub struct MovedDelivery {
    /// When its body had arrived; `None` where the body was pruned.
    pub received_at: Option<Moment>,
    /// The body, byte for byte; `None` where it was pruned: what is left then is that its events must not be kept again.
    pub raw: Option<Bytes>,
    /// Its events, in their order. One that is running waits again, with that attempt counted.
    pub events: Vec<EventRecord>,
    /// What it says about messages that were sent, and about conversations.
    pub facts: Facts,
}

/// What was taken over.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::inbox::{EventRecord, InboxStore, MovedDelivery};
/// use kaleyra_wa_store::{Moment, SqliteStore, tracking::Facts};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-example-moved-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// let mut event = EventRecord::default();
/// event.kind = "message".into();
/// let delivery = MovedDelivery {
///     received_at: Some(Moment::from_millis(1_722_863_329_000)),
///     raw: Some("{}".into()),
///     events: vec![event],
///     facts: Facts::default(),
/// };
/// let first = store.take_over(vec![delivery.clone()]).await?;
/// assert_eq!((first.added, first.waiting, first.duplicates), (1, 1, 0));
/// let again = store.take_over(vec![delivery]).await?;
/// assert_eq!((again.added, again.duplicates), (0, 1));
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Moved {
    /// Events that are new here.
    pub added: u64,
    /// Events that were here already, and were left as they are.
    pub duplicates: u64,
    /// Those of the new ones that wait to be handled.
    pub waiting: u64,
}

impl MovedDelivery {
    /// What tells this event's repetition. One that has nothing is told by its place in this body at this time, so that what is moved
    /// twice, since the first time was broken off, is there once.
    pub fn fingerprint_of(&self, event: &EventRecord) -> Fingerprint {
        if let Some(fingerprint) = event.fingerprint {
            return fingerprint;
        }
        let mut hash = Sha256::new();
        hash.update("moved");
        hash.update(
            self.received_at
                .unwrap_or_default()
                .as_millis()
                .to_be_bytes(),
        );
        hash.update(event.nth.to_be_bytes());
        match &self.raw {
            Some(raw) => hash.update(raw),
            None => hash.update(event.id.get().to_be_bytes()),
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.finalize()[..16]);
        Fingerprint::from_bytes(bytes)
    }

    /// The state that an event has here. What has no body can't be handled any more.
    pub fn state_of(&self, event: &EventRecord) -> EventState {
        match event.state {
            EventState::Waiting | EventState::Running if self.raw.is_none() => EventState::Dropped,
            EventState::Running => EventState::Waiting,
            state => state,
        }
    }

    /// When an event was settled; those that wait were not.
    pub fn settled_at(&self, event: &EventRecord, now: Moment) -> Option<Moment> {
        let is_settled = !self.state_of(event).is_live();
        is_settled.then(|| event.settled_at.unwrap_or(now))
    }
}

impl fmt::Debug for MovedDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MovedDelivery")
            .field("received_at", &self.received_at)
            .field("bytes", &self.raw.as_ref().map(Bytes::len))
            .field("events", &self.events.len())
            .finish_non_exhaustive()
    }
}
