//! What became of an attempt.

use std::time::Duration;

use crate::Moment;
use crate::outbox::NewSend;

/// What became of an attempt to handle an event.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::inbox::{EventState, InboxStore, Settlement};
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
/// # let directory = std::env::temp_dir().join(format!("kwa-example-settlement-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// let kept = store.keep(delivery(), Box::new(|_| ())).await?;
/// let (_, event) = kept.events[0];
/// store.begin_handling().await?;
///
/// let attempt = store.take(event).await?.expect("it waits");
/// let failure = "the order system can't be reached".to_owned();
/// assert!(store.settle(event, attempt, Settlement::Dead { failure }).await?);
/// assert_eq!(store.event(event).await?.map(|event| event.state), Some(EventState::Dead));
///
/// // Once the cause is gone:
/// store.requeue(event).await?;
/// let attempt = store.take(event).await?.expect("it waits again");
/// assert!(store.settle(event, attempt, Settlement::Handled { sends: Vec::new() }).await?);
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Settlement {
    /// It was handled. What the handler wants sent is queued in the same transaction.
    Handled {
        /// What to queue; one whose key is known already is left out.
        sends: Vec<NewSend>,
    },
    /// It is to be handled once more.
    Again {
        /// Not before this.
        due_at: Moment,
        /// How long that is from now, which the pause after the next failure goes by.
        wait: Duration,
        /// Why this attempt failed.
        failure: String,
    },
    /// It is given up.
    Dead {
        /// Why.
        failure: String,
    },
}

/// What was found of an earlier process.
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
/// # let directory = std::env::temp_dir().join(format!("kwa-example-recovered-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// let kept = store.keep(delivery(), Box::new(|_| ())).await?;
/// let (_, event) = kept.events[0];
/// store.take(event).await?; // and here the process ended
/// store.close().await;
///
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// let recovered = store.recover(3).await?; // at most three attempts
/// assert_eq!((recovered.again, recovered.dead), (1, 0));
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovered {
    /// Events that were being handled when it ended, and will be again.
    pub again: u64,
    /// Events that were being handled for the last time when it ended: they are given up.
    pub dead: u64,
}
