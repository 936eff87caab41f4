//! What is reported to an application as it happens.

use kaleyra_wa_types::inbound::Stage;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::Moment;
use crate::campaign::{CampaignId, CampaignState};
use crate::inbox::EventId;
use crate::outbox::{SendId, SendState};

/// Something that an application may want to know as it happens.
///
/// Changes are reported after they were committed. A listener that is not there misses them: what must not be missed is in the
/// store.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::{Announcer, Change};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let announcer = Announcer::new();
/// let mut changes = announcer.listen();
/// announcer.tell(Change::SenderPaused { why: "the account's balance is too low".into(), until: None });
///
/// match changes.next().await {
///     Some(Change::SenderPaused { why, until: None }) => assert_eq!(why, "the account's balance is too low"),
///     other => panic!("{other:?}"),
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// An event will not be handled any more; it is kept for a while, and can be put back.
    DeadLetter {
        /// The event.
        event: EventId,
        /// Why, without what the error said.
        failure: String,
    },
    /// A send came to another state that it stays in for a while: all but queued and flying.
    Send {
        /// The send.
        send: SendId,
        /// Its reference.
        reference: String,
        /// The campaign that it belongs to.
        campaign: Option<CampaignId>,
        /// The state.
        state: SendState,
    },
    /// Callbacks say that a message came further, or failed.
    Message {
        /// Its reference.
        reference: String,
        /// Where it is now.
        stage: Stage,
        /// Why it failed.
        code: Option<String>,
    },
    /// A number sends nothing for now.
    SenderPaused {
        /// Why.
        why: String,
        /// Until when; without it, until somebody resumes it.
        until: Option<Moment>,
    },
    /// A number sends again.
    SenderResumed,
    /// A campaign came to another state.
    Campaign {
        /// The campaign.
        campaign: CampaignId,
        /// The state.
        state: CampaignState,
        /// Why, where it is paused.
        why: Option<String>,
    },
    /// The listener was too slow, and this many changes were left out.
    Missed(u64),
    /// The store takes nothing new, and why.
    Refusing {
        /// The kind of failure: `full`, `io`, `read_only`, …
        why: &'static str,
        /// Since when.
        since: Moment,
    },
    /// The store takes new things again.
    Recovered,
}

/// The changes from now on.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::{Announcer, Change};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let announcer = Announcer::new();
/// let mut changes = announcer.listen();
/// announcer.tell(Change::SenderResumed);
/// drop(announcer); // the store was closed
///
/// assert_eq!(changes.next().await, Some(Change::SenderResumed));
/// assert_eq!(changes.next().await, None);
/// # }
/// ```
#[derive(Debug)]
pub struct Changes(broadcast::Receiver<Change>);

impl Changes {
    /// The next change; `None` when the store was closed.
    ///
    /// # Examples
    ///
    /// A listener that is more than 1,024 changes behind gets [`Change::Missed`] in place of the oldest.
    ///
    ///
    /// ```
    /// use kaleyra_wa_store::{Announcer, Change};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let announcer = Announcer::new();
    /// let mut changes = announcer.listen();
    /// for _ in 0..1_030 {
    ///     announcer.tell(Change::SenderResumed);
    /// }
    /// assert_eq!(changes.next().await, Some(Change::Missed(6)));
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<Change> {
        match self.0.recv().await {
            Ok(change) => Some(change),
            Err(RecvError::Lagged(missed)) => Some(Change::Missed(missed)),
            Err(RecvError::Closed) => None,
        }
    }
}

/// Where changes are reported. Clones report to the same listeners.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::{Announcer, Change};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let announcer = Announcer::new();
/// announcer.tell(Change::Recovered); // nobody listens, and nothing is kept
///
/// let mut changes = announcer.listen();
/// announcer.tell(Change::SenderResumed);
/// assert_eq!(changes.next().await, Some(Change::SenderResumed));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Announcer(broadcast::Sender<Change>);

impl Announcer {
    /// How many changes are kept for a listener that is slow.
    const KEPT: usize = 1_024;

    /// One that nobody listens to yet.
    pub fn new() -> Self {
        Self(broadcast::Sender::new(Self::KEPT))
    }

    /// Reports to the listeners.
    pub fn tell(&self, change: Change) {
        // Nobody has to listen.
        let _ = self.0.send(change);
    }

    /// The changes from now on.
    pub fn listen(&self) -> Changes {
        Changes(self.0.subscribe())
    }
}

impl Default for Announcer {
    fn default() -> Self {
        Self::new()
    }
}
