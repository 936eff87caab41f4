//! A delivery on its way into the store, and what became of it.

use std::fmt;

use bytes::Bytes;
use kaleyra_wa_types::inbound::EventKind;

use super::{EventId, Fingerprint};
use crate::Moment;
use crate::tracking::Facts;

/// A delivery to keep, with its events and what it says about messages and conversations.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::inbox::{Fingerprint, InboxStore, NewDelivery, NewEvent};
/// use kaleyra_wa_store::types::inbound::EventKind;
/// use kaleyra_wa_store::{Moment, SqliteStore, tracking::Facts};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-example-delivery-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// let delivery = || NewDelivery {
///     received_at: Moment::from_millis(1_722_863_329_000),
///     raw: r#"{"meta_object": {"value": {"messages": [{"id": "wamid.A"}]}}}"#.into(),
///     events: vec![NewEvent {
///         nth: 0,
///         fingerprint: Some(Fingerprint::from_bytes([7; 16])),
///         conversation: Some("919800000001".into()),
///         kind: EventKind::Message,
///     }],
///     facts: Facts::default(),
/// };
/// let kept = store.keep(delivery(), Box::new(|kept| assert_eq!(kept.events.len(), 1))).await?;
/// assert_eq!((kept.events.len(), kept.duplicates), (1, 0));
///
/// let repeated = store.keep(delivery(), Box::new(|_| ())).await?; // no 200 came back, so Kaleyra sent it again
/// assert_eq!((repeated.events.len(), repeated.duplicates), (0, 1));
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct NewDelivery {
    /// When its body had arrived.
    pub received_at: Moment,
    /// The body, byte for byte.
    pub raw: Bytes,
    /// Its events, in the order of the wire.
    pub events: Vec<NewEvent>,
    /// What it says about messages that were sent, and about conversations: noted in the transaction that keeps it.
    pub facts: Facts,
}

/// An event to keep.
///
/// For an example see [`NewDelivery`].
#[derive(Clone)]
pub struct NewEvent {
    /// Its place among the events of the delivery.
    pub nth: u32,
    /// What tells its repetition; without it, it is never one.
    pub fingerprint: Option<Fingerprint>,
    /// The conversation that it belongs to, if to any.
    pub conversation: Option<String>,
    /// What kind of event it is.
    pub kind: EventKind,
}

/// What was kept of a delivery.
///
/// For an example see [`NewDelivery`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Kept {
    /// The events that are new, in their order: which it was, and the id that it got. Ids rise with every event that is
    /// kept.
    pub events: Vec<(u32, EventId)>,
    /// How many were known already, and left out.
    pub duplicates: u32,
}

/// Called when a delivery was committed: in the order of the commits, before the caller that waits for it gets its result, and also
/// where nobody waits any more. It must be quick.
pub type OnKept = Box<dyn FnOnce(&Kept) + Send>;

impl NewDelivery {
    /// Roughly how much memory it takes while it waits.
    pub(crate) fn weight(&self) -> usize {
        self.raw.len() + self.events.len() * 64
    }
}

impl fmt::Debug for NewDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewDelivery")
            .field("received_at", &self.received_at)
            .field("bytes", &self.raw.len())
            .field("events", &self.events)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for NewEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewEvent")
            .field("nth", &self.nth)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
