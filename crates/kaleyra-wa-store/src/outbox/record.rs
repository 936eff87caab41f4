//! Sends as they are stored, and queries about them.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;

use super::{Pause, Purpose, SendId, SendState};
use crate::Moment;
use crate::campaign::CampaignId;
use crate::tracking::MessageRecord;

/// All that is known of a send. The default is a record for a store to fill in.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::SendState;
/// use kaleyra_wa_store::{OutboxStore, SqliteStore};
/// # use kaleyra_wa_store::{Moment, outbox::{Digest as D, NewSend, Purpose}};
/// # fn new_send(key: &str) -> NewSend {
/// #     NewSend {
/// #         key: key.into(), digest: D::of([key.as_bytes()]), reference: key.into(),
/// #         sender: "919700000001".into(),
/// #         recipient: "+919800000001".into(), conversation: "919800000001".into(),
/// #         body: "{}".into(), fallback: None,
/// #         purpose: Purpose::Utility, priority: 0, not_before: Moment::default(), expires_at: None,
/// #         needs_window: false,
/// #         user_wrote_at: None, follows: None,
/// #     }
/// # }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-example-sendrecord-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// store.enqueue(new_send("order-17")).await?;
///
/// let record = store.find_send("order-17").await?.expect("it was queued"); // by its key or its reference
/// assert_eq!((record.state, record.attempt), (SendState::Queued, 0));
/// assert!(record.message.is_none()); // no callback has come yet
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct SendRecord {
    /// Which it is.
    pub id: SendId,
    /// Its name.
    pub key: String,
    /// Comes back in callbacks.
    pub reference: String,
    /// The campaign that it belongs to.
    pub campaign: Option<CampaignId>,
    /// The line of the campaign's file.
    pub line: Option<u64>,
    /// The business number.
    pub sender: String,
    /// Whom it goes to.
    pub recipient: String,
    /// The conversation that it belongs to.
    pub conversation: String,
    /// The request; `None` for one of a campaign.
    pub body: Option<Bytes>,
    /// The request where the 24-hour window is closed.
    pub fallback: Option<Bytes>,
    /// Of a campaign: the values of its template.
    pub params: Option<String>,
    /// What it is for.
    pub purpose: Purpose,
    /// What it is at.
    pub state: SendState,
    /// How often it was handed to the transport, or was about to be.
    pub attempt: u32,
    /// How many of these attempts the server refused with "later".
    pub refusals: u32,
    /// When it was queued.
    pub queued_at: Moment,
    /// Not sent before this.
    pub not_before: Moment,
    /// Not sent after this.
    pub expires_at: Option<Moment>,
    /// When it is due; `None` while it waits for the send that it follows.
    pub next_at: Option<Moment>,
    /// When it was last handed to the transport.
    pub flown_at: Option<Moment>,
    /// Whether the fallback is what went out.
    pub as_fallback: bool,
    /// When the outcome was recorded.
    pub landed_at: Option<Moment>,
    /// The status of the response.
    pub http: Option<u16>,
    /// The server's code.
    pub code: Option<String>,
    /// The server's id of the message.
    pub message_id: Option<String>,
    /// The send that a person had sent again by this.
    pub retry_of: Option<SendId>,
    /// Why it is in this state, in human-readable form.
    pub reason: Option<String>,
    /// What callbacks said.
    pub message: Option<MessageRecord>,
}

/// Which sends are wanted. They come in the order in which they were queued.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::campaign::CampaignId;
/// use kaleyra_wa_store::outbox::{SendId, SendQuery, SendState};
///
/// let first = SendQuery::new().state(SendState::Unresolved).campaign(CampaignId::new(17)).limit(20);
/// assert_eq!(first.limit, 20);
/// let next = first.after(SendId::new(731)); // the last of the first page
/// assert_eq!(next.after, SendId::new(731));
///
/// let to_one_user = SendQuery::new().conversation("919800000001");
/// assert_eq!(to_one_user.conversation.as_deref(), Some("919800000001"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SendQuery {
    /// Those after this one; to go on where a page ended.
    pub after: SendId,
    /// Those in this state.
    pub state: Option<SendState>,
    /// Those of this campaign.
    pub campaign: Option<CampaignId>,
    /// Those of this conversation.
    pub conversation: Option<String>,
    /// So many at most.
    pub limit: usize,
}

impl SendQuery {
    /// All sends, 500 at a time.
    pub const fn new() -> Self {
        Self {
            after: SendId::new(0),
            state: None,
            campaign: None,
            conversation: None,
            limit: 500,
        }
    }

    /// Only those after this one.
    #[must_use]
    pub const fn after(mut self, send: SendId) -> Self {
        self.after = send;
        self
    }

    /// Only those in this state.
    #[must_use]
    pub const fn state(mut self, state: SendState) -> Self {
        self.state = Some(state);
        self
    }

    /// Only those of this campaign.
    #[must_use]
    pub const fn campaign(mut self, campaign: CampaignId) -> Self {
        self.campaign = Some(campaign);
        self
    }

    /// Only those of this conversation.
    #[must_use]
    pub fn conversation(mut self, conversation: impl Into<String>) -> Self {
        self.conversation = Some(conversation.into());
        self
    }

    /// So many at most.
    #[must_use]
    pub const fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }
}

impl Default for SendQuery {
    fn default() -> Self {
        Self::new()
    }
}

/// How much is kept.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::SendState;
/// use kaleyra_wa_store::{OutboxStore, SqliteStore};
/// # use kaleyra_wa_store::{Moment, outbox::{Digest as D, NewSend, Purpose}};
/// # fn new_send(key: &str) -> NewSend {
/// #     NewSend {
/// #         key: key.into(), digest: D::of([key.as_bytes()]), reference: key.into(),
/// #         sender: "919700000001".into(),
/// #         recipient: "+919800000001".into(), conversation: "919800000001".into(),
/// #         body: "{}".into(), fallback: None,
/// #         purpose: Purpose::Utility, priority: 0, not_before: Moment::default(), expires_at: None,
/// #         needs_window: false,
/// #         user_wrote_at: None, follows: None,
/// #     }
/// # }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-example-outboxstats-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// store.enqueue(new_send("order-17")).await?;
///
/// let stats = store.outbox_stats().await?;
/// assert_eq!((stats.count(SendState::Queued), stats.count(SendState::Unresolved)), (1, 0));
/// assert!(stats.paused.is_empty() && !stats.is_restored);
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutboxStats {
    /// How many sends are in each state; states without any are left out.
    pub states: BTreeMap<SendState, u64>,
    /// When the oldest that waits was queued.
    pub oldest_queued: Option<Moment>,
    /// Which senders are paused.
    pub paused: Vec<Pause>,
    /// Whether nothing is sent because the store may be older than what was sent.
    pub is_restored: bool,
    /// When the last callback about a message was noted.
    pub last_callback: Option<Moment>,
}

impl OutboxStats {
    /// How many are in a state.
    pub fn count(&self, state: SendState) -> u64 {
        self.states.get(&state).copied().unwrap_or(0)
    }
}

impl fmt::Debug for SendRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendRecord")
            .field("id", &self.id)
            .field("state", &self.state)
            .field("attempt", &self.attempt)
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}
