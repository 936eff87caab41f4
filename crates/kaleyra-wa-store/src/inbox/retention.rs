//! How long what is not needed any more is kept.

use std::time::Duration;

/// How long what is not needed any more is kept, and how large the store may become.
///
/// What is not handled yet is never pruned.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_store::Retention;
///
/// let day = Duration::from_secs(24 * 60 * 60);
/// let retention = Retention::default().bodies(2 * day).dead(30 * day).max_bytes(10 * 1024 * 1024 * 1024);
/// assert_eq!((retention.bodies, retention.handled, retention.dead), (2 * day, 7 * day, 30 * day));
///
/// // Without a memory of what was handled, a callback that is repeated is handled once more.
/// assert_eq!(retention.handled(Duration::ZERO).handled, Duration::ZERO);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retention {
    /// Bodies of deliveries whose events are handled: 7 days, or as long as `handled` if that is shorter.
    pub bodies: Duration,
    /// Events that were handled or dropped, and with them what identifies their duplicates: 7 days, for which Meta
    /// repeats what it got no 200 for.
    pub handled: Duration,
    /// Events that were given up, with their bodies: 90 days.
    pub dead: Duration,
    /// How many bytes of the file may be in use. Above that, what was handled is pruned before its time, the oldest first;
    /// if that is not enough, nothing new is accepted. `None`, the default, is as much as the disk has.
    pub max_bytes: Option<u64>,
}

impl Retention {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    /// Sets [`bodies`](Self#structfield.bodies).
    #[must_use]
    pub const fn bodies(mut self, age: Duration) -> Self {
        self.bodies = age;
        self
    }

    /// Sets [`handled`](Self#structfield.handled).
    #[must_use]
    pub const fn handled(mut self, age: Duration) -> Self {
        self.handled = age;
        self
    }

    /// Sets [`dead`](Self#structfield.dead).
    #[must_use]
    pub const fn dead(mut self, age: Duration) -> Self {
        self.dead = age;
        self
    }

    /// Sets [`max_bytes`](Self#structfield.max_bytes).
    #[must_use]
    pub const fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = Some(bytes);
        self
    }
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            bodies: 7 * Self::DAY,
            handled: 7 * Self::DAY,
            dead: 90 * Self::DAY,
            max_bytes: None,
        }
    }
}

/// What was pruned.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_store::inbox::InboxStore;
/// use kaleyra_wa_store::{Retention, SqliteStore};
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
/// # let directory = std::env::temp_dir().join(format!("kwa-example-pruned-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// let kept = store.keep(delivery(), Box::new(|_| ())).await?;
/// let (_, event) = kept.events[0];
/// store.discard(event).await?;
///
/// let pruned = store.prune(Retention::default().handled(Duration::ZERO), 1_000).await?;
/// assert!(pruned.is_done);
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pruned {
    /// Events that are gone.
    pub events: u64,
    /// Bodies that are gone.
    pub bodies: u64,
    /// Whether there is nothing more to prune for now.
    pub is_done: bool,
}
