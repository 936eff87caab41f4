//! What an application is told about as it happens.

use kaleyra_wa_types::inbound::Stage;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::Moment;
use crate::campaign::{CampaignId, CampaignState};
use crate::inbox::EventId;
use crate::outbox::{SendId, SendState};

/// Something that an application may want to know as it happens.
///
/// Changes are told after they were committed. Who is not there to listen misses them: what must not be missed is in the
/// store.
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
        /// The kind of failure in a word: `full`, `io`, `read_only`, …
        why: &'static str,
        /// Since when.
        since: Moment,
    },
    /// The store takes new things again.
    Recovered,
}

/// The changes from now on.
#[derive(Debug)]
pub struct Changes(broadcast::Receiver<Change>);

impl Changes {
    /// The next change; `None` when the store was closed.
    pub async fn next(&mut self) -> Option<Change> {
        match self.0.recv().await {
            Ok(change) => Some(change),
            Err(RecvError::Lagged(missed)) => Some(Change::Missed(missed)),
            Err(RecvError::Closed) => None,
        }
    }
}

/// Where changes are told. Clones tell the same listeners.
#[derive(Clone, Debug)]
pub struct Announcer(broadcast::Sender<Change>);

impl Announcer {
    /// How many changes are kept for a listener that is slow.
    const KEPT: usize = 1_024;

    /// One that nobody listens to yet.
    pub fn new() -> Self {
        Self(broadcast::Sender::new(Self::KEPT))
    }

    /// Tells whoever listens.
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
