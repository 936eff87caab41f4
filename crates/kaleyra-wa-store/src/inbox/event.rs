//! An event that was kept.

use std::fmt;

use bytes::Bytes;

use super::Fingerprint;
use crate::Moment;

/// Which event it is. The order of ids is the order in which events were kept, and an id is never reused.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::inbox::{EventId, EventQuery};
///
/// let last_of_page = EventId::new(500);
/// assert_eq!(EventQuery::new().after(last_of_page).after.get(), 500);
/// assert_eq!((last_of_page.before(), last_of_page.next()), (EventId::new(499), EventId::new(501)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(i64);

impl EventId {
    /// The id of this number.
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// Its number; above zero for every event.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The next lower id, whether there is such an event or not.
    #[must_use]
    pub const fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// The next higher id, whether there is such an event or not.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The state of an event.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::inbox::EventState;
///
/// let state: EventState = "waiting".parse()?;
/// assert!(state.is_live());
/// assert_eq!(EventState::from_code(state.code()), Some(state)); // as a store keeps it
/// assert_eq!(EventState::Dead.as_str(), "dead");
/// # Ok::<(), kaleyra_wa_store::inbox::UnknownState>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventState {
    /// It waits for its turn, or for its next attempt.
    #[default]
    Waiting,
    /// A handler has it.
    Running,
    /// It was handled.
    Handled,
    /// It was given up.
    Dead,
    /// Somebody dropped it unhandled.
    Dropped,
}

impl EventState {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Waiting,
        Self::Running,
        Self::Handled,
        Self::Dead,
        Self::Dropped,
    ];

    /// The name of the state: `waiting`, `running`, `handled`, `dead`, `dropped`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Handled => "handled",
            Self::Dead => "dead",
            Self::Dropped => "dropped",
        }
    }

    /// Whether it still has to be handled.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Waiting | Self::Running)
    }

    /// The number that stores keep it as.
    pub const fn code(self) -> i64 {
        match self {
            Self::Waiting => 0,
            Self::Running => 1,
            Self::Handled => 8,
            Self::Dead => 9,
            Self::Dropped => 10,
        }
    }

    /// The state of this number; `None` where there is none.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

impl fmt::Display for EventState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for EventState {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        let mut all = Self::ALL.into_iter();
        all.find(|state| state.as_str() == text).ok_or(UnknownState)
    }
}

/// No state has this name.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::inbox::EventState;
///
/// let error = "asleep".parse::<EventState>().unwrap_err();
/// assert_eq!(error.to_string(), "no state has this name: say waiting, running, handled, dead or dropped");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownState;

impl fmt::Display for UnknownState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no state has this name: say waiting, running, handled, dead or dropped")
    }
}

impl std::error::Error for UnknownState {}

/// A delivery with those of its events that wait to be handled.
///
/// For an example see [`Page`].
#[derive(Clone)]
pub struct WaitingDelivery {
    /// When its body had arrived.
    pub received_at: Moment,
    /// The body, byte for byte.
    pub raw: Bytes,
    /// In their order, never none.
    pub events: Vec<WaitingEvent>,
}

/// An event that waits to be handled.
///
/// For an example see [`Page`].
#[derive(Clone)]
pub struct WaitingEvent {
    /// Which it is.
    pub id: EventId,
    /// Its place among the events of the delivery.
    pub nth: u32,
    /// The conversation that it belongs to, if to any.
    pub conversation: Option<String>,
    /// How many attempts were made.
    pub attempt: u32,
    /// Not before this.
    pub due_at: Moment,
    /// How long it waited before the last attempt.
    pub waited: Option<std::time::Duration>,
}

/// Events that wait, in the order in which they were kept.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::inbox::{EventId, InboxStore};
/// use kaleyra_wa_store::SqliteStore;
/// # use kaleyra_wa_store::{Moment, inbox::{NewDelivery, NewEvent}, tracking::Facts, types::inbound::EventKind};
/// # fn delivery() -> NewDelivery {
/// #     let conversation = Some("919800000001".into());
/// #     let events = vec![NewEvent { nth: 0, fingerprint: None, conversation, kind: EventKind::Message }];
/// #     let received_at = Moment::from_millis(1_722_863_329_000);
/// #     NewDelivery { received_at, raw: r#"{"meta_object": {"x": 1}}"#.into(), events, facts: Facts::default() }
/// # }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-example-page-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// store.keep(delivery(), Box::new(|_| ())).await?;
///
/// let page = store.load(EventId::new(0), 100).await?;
/// let waiting = &page.deliveries[0];
/// assert_eq!(waiting.events[0].conversation.as_deref(), Some("919800000001"));
/// assert_eq!((waiting.events[0].attempt, waiting.raw.len()), (0, 25));
/// assert!(page.is_last);
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Page {
    /// The deliveries that they came in. One that has events before and after others is there more than once.
    pub deliveries: Vec<WaitingDelivery>,
    /// Whether there were no more at that moment.
    pub is_last: bool,
}

/// All that is known of an event. The default is a record for a store to fill in.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::inbox::{EventQuery, EventState, InboxStore};
/// use kaleyra_wa_store::SqliteStore;
/// # use kaleyra_wa_store::{Moment, inbox::{NewDelivery, NewEvent}, tracking::Facts, types::inbound::EventKind};
/// # fn delivery() -> NewDelivery {
/// #     let conversation = Some("919800000001".into());
/// #     let events = vec![NewEvent { nth: 0, fingerprint: None, conversation, kind: EventKind::Message }];
/// #     let received_at = Moment::from_millis(1_722_863_329_000);
/// #     NewDelivery { received_at, raw: r#"{"meta_object": {"x": 1}}"#.into(), events, facts: Facts::default() }
/// # }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-example-record-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// store.keep(delivery(), Box::new(|_| ())).await?;
///
/// let records = store.events(EventQuery::new()).await?;
/// assert_eq!((records[0].state, &*records[0].kind), (EventState::Waiting, "message"));
/// let with_body = store.event(records[0].id).await?.expect("it is kept");
/// assert!(records[0].raw.is_none() && with_body.raw.is_some());
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct EventRecord {
    /// Which it is.
    pub id: EventId,
    /// Its place among the events of its delivery.
    pub nth: u32,
    /// What identifies duplicates of it, if anything does.
    pub fingerprint: Option<Fingerprint>,
    /// The conversation that it belongs to, if to any.
    pub conversation: Option<String>,
    /// The name of its kind.
    pub kind: String,
    /// What it is at.
    pub state: EventState,
    /// How many attempts were made.
    pub attempt: u32,
    /// Not handled before this.
    pub due_at: Moment,
    /// Why the last attempt failed; of an event that waits or is dead.
    pub failure: Option<String>,
    /// When it was handled, given up or dropped.
    pub settled_at: Option<Moment>,
    /// When its delivery came; `None` where that was pruned.
    pub received_at: Option<Moment>,
    /// The body of its delivery; `None` where that was pruned.
    pub raw: Option<Bytes>,
}

impl fmt::Debug for WaitingDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitingDelivery")
            .field("received_at", &self.received_at)
            .field("bytes", &self.raw.len())
            .field("events", &self.events)
            .finish()
    }
}

impl fmt::Debug for WaitingEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitingEvent")
            .field("id", &self.id)
            .field("attempt", &self.attempt)
            .field("due_at", &self.due_at)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("deliveries", &self.deliveries)
            .field("is_last", &self.is_last)
            .finish()
    }
}

impl fmt::Debug for EventRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventRecord")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("state", &self.state)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}
