//! Queries about what is kept.

use super::{EventId, EventState};
use crate::Moment;

/// Which events are wanted. They come in the order in which they were kept.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::inbox::{EventId, EventQuery, EventState};
///
/// let first = EventQuery::new().state(EventState::Dead).kind("message").limit(20).with_bodies();
/// assert_eq!(first.limit, 20);
/// let next = first.after(EventId::new(731)); // the last of the first page
/// assert_eq!(next.after, EventId::new(731));
///
/// let of_one_user = EventQuery::new().conversation("919800000001");
/// assert_eq!(of_one_user.conversation.as_deref(), Some("919800000001"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventQuery {
    /// Those after this one; to go on where a page ended.
    pub after: EventId,
    /// Those in this state.
    pub state: Option<EventState>,
    /// Those of this conversation.
    pub conversation: Option<String>,
    /// Those of this kind, by name.
    pub kind: Option<String>,
    /// Up to this many. A page also ends where its bodies are larger than a few megabytes: the last is the one that is
    /// empty.
    pub limit: usize,
    /// Whether the bodies of their deliveries are wanted.
    pub with_bodies: bool,
}

impl EventQuery {
    /// All events, 500 at a time, without bodies.
    pub const fn new() -> Self {
        Self {
            after: EventId::new(0),
            state: None,
            conversation: None,
            kind: None,
            limit: 500,
            with_bodies: false,
        }
    }

    /// Only those after this one.
    #[must_use]
    pub const fn after(mut self, event: EventId) -> Self {
        self.after = event;
        self
    }

    /// Only those in this state.
    #[must_use]
    pub const fn state(mut self, state: EventState) -> Self {
        self.state = Some(state);
        self
    }

    /// Only those of this conversation.
    #[must_use]
    pub fn conversation(mut self, conversation: impl Into<String>) -> Self {
        self.conversation = Some(conversation.into());
        self
    }

    /// Only those of this kind.
    #[must_use]
    pub fn kind(mut self, kind: impl Into<String>) -> Self {
        self.kind = Some(kind.into());
        self
    }

    /// Up to this many.
    #[must_use]
    pub const fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// With the bodies of their deliveries.
    #[must_use]
    pub const fn with_bodies(mut self) -> Self {
        self.with_bodies = true;
        self
    }
}

impl Default for EventQuery {
    fn default() -> Self {
        Self::new()
    }
}

/// How much is kept.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::inbox::InboxStore;
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
/// # let directory = std::env::temp_dir().join(format!("kwa-example-stats-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// store.keep(delivery(), Box::new(|_| ())).await?;
///
/// let stats = store.stats().await?;
/// assert_eq!((stats.waiting, stats.live(), stats.conversations), (1, 1, 1));
/// assert_eq!(stats.oldest_waiting.map(|oldest| oldest.as_millis()), Some(1_722_863_329_000));
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InboxStats {
    /// Events that wait for their turn or their next attempt.
    pub waiting: u64,
    /// Events that a handler has.
    pub running: u64,
    /// Events that were handled and are remembered.
    pub handled: u64,
    /// Events that were given up.
    pub dead: u64,
    /// Events that were dropped.
    pub dropped: u64,
    /// Conversations with something to handle.
    pub conversations: u64,
    /// Deliveries whose bodies are kept.
    pub deliveries: u64,
    /// When the delivery of the oldest event that is not handled came.
    pub oldest_waiting: Option<Moment>,
    /// Bytes of the file that are in use.
    pub bytes: u64,
    /// Bytes of the file that are free.
    pub free_bytes: u64,
}

impl InboxStats {
    /// Events that are not handled yet.
    pub const fn live(&self) -> u64 {
        self.waiting + self.running
    }
}
