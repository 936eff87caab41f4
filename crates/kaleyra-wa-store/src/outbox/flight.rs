//! Sends that go out, and what becomes of them.

use std::collections::HashSet;
use std::fmt;

use bytes::Bytes;

use super::{Purpose, SendId, SendState};
use crate::Moment;
use crate::campaign::CampaignId;

/// Which sends are to fly.
///
/// For an example see [`OutboxStore`](super::OutboxStore).
#[derive(Clone)]
#[non_exhaustive]
pub struct Takeoff {
    /// Those of this number.
    pub sender: String,
    /// Those of this campaign; without one, those that belong to none, one at a time in each conversation.
    pub campaign: Option<CampaignId>,
    /// So many at most.
    pub limit: usize,
    /// Not to these conversations for now.
    pub busy: HashSet<String>,
    /// What needs an open 24-hour window goes out whatever is known of the window.
    pub assume_open_window: bool,
    /// Where the look before this one [ended](Flown::resume), to go on there: without it, from the start.
    pub resume: Option<Resume>,
}

/// Where a look for sends ended that had looked at as many as it may: at this place in the queue.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::Moment;
/// use kaleyra_wa_store::outbox::{Resume, SendId, Takeoff};
///
/// let mut takeoff = Takeoff::new("919700000001", 100);
/// takeoff.resume = Some(Resume::new(0, Moment::from_millis(1_722_863_329_000), SendId::new(4_711)));
/// assert_eq!(takeoff.resume.map(|resume| resume.send.get()), Some(4_711));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resume {
    /// The priority.
    pub priority: i64,
    /// When the last send is due.
    pub next_at: Moment,
    /// Which it is.
    pub send: SendId,
}

impl Resume {
    /// After this send, of this priority and due at this time.
    pub const fn new(priority: i64, next_at: Moment, send: SendId) -> Self {
        Self {
            priority,
            next_at,
            send,
        }
    }
}

impl Takeoff {
    /// So many sends of this number that belong to no campaign.
    pub fn new(sender: impl Into<String>, limit: usize) -> Self {
        Self {
            sender: sender.into(),
            campaign: None,
            limit,
            busy: HashSet::new(),
            assume_open_window: false,
            resume: None,
        }
    }

    /// Those of a campaign.
    ///
    /// # Examples
    ///
    /// ```
    /// use kaleyra_wa_store::campaign::CampaignId;
    /// use kaleyra_wa_store::outbox::Takeoff;
    ///
    /// let takeoff = Takeoff::new("919700000001", 100).campaign(CampaignId::new(17));
    /// assert_eq!((takeoff.campaign, takeoff.limit), (Some(CampaignId::new(17)), 100));
    /// ```
    #[must_use]
    pub fn campaign(mut self, campaign: CampaignId) -> Self {
        self.campaign = Some(campaign);
        self
    }
}

/// The result of a look for sends that may fly.
///
/// For an example see [`OutboxStore`](super::OutboxStore).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Flown {
    /// Those that are flying now, each to be handed to the transport once.
    pub flights: Vec<Flight>,
    /// How many were found that must not be sent any more, and were settled: skipped, or expired.
    pub passed: usize,
    /// Whether there may be more that could fly now.
    pub is_more: bool,
    /// Where the next look may go on, where this one ended before the end of the queue: since there was no more room, or
    /// since much of what it looked at has to wait for others of its conversation.
    pub resume: Option<Resume>,
    /// When the next of those that wait for a time is due.
    pub next_at: Option<Moment>,
    /// Another process sent for this number until now, by a store that several share: nothing flies yet, and what is remembered of
    /// what was sent, as for a [daily limit](super::OutboxStore::initiated), is to be read again first.
    pub has_taken_over: bool,
    /// Why nothing may fly at all.
    pub hold: Option<Hold>,
}

/// Why nothing of a sender may fly.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::{Hold, Takeoff};
/// use kaleyra_wa_store::{OutboxStore, SqliteStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-example-hold-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// store.pause_sender("919700000001", "the account's balance is too low", None).await?;
/// let flown = store.fly(Takeoff::new("919700000001", 10)).await?;
/// let Some(Hold::Paused(pause)) = flown.hold else { panic!("{flown:?}") };
/// assert_eq!((&*pause.why, pause.until), ("the account's balance is too low", None));
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hold {
    /// The store may be older than what was sent: see [`OutboxStore::adopt`](super::OutboxStore::adopt).
    Restored,
    /// The sender is paused.
    Paused(Pause),
    /// The campaign does not run.
    NotRunning,
    /// Another process sends for this number, by a lease in a store that several share.
    Elsewhere,
}

/// Why a sender is paused, and until when. The default is a record for a store to fill in.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::{OutboxStore, SqliteStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-example-pause-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// store.pause_sender("919700000001", "by hand", None).await?;
/// let pause = store.pause_of("919700000001").await?.expect("it is paused");
/// assert_eq!((&*pause.why, pause.until), ("by hand", None)); // until somebody resumes it
///
/// assert!(store.resume_sender("919700000001").await?);
/// assert_eq!(store.pause_of("919700000001").await?, None);
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pause {
    /// The number.
    pub sender: String,
    /// Why.
    pub why: String,
    /// Since when.
    pub since: Moment,
    /// Until when; without it, until somebody resumes it.
    pub until: Option<Moment>,
}

/// A send that is in flight: committed as such, to be handed to the transport once. The default is a record for a store to
/// fill in.
///
/// For an example see [`OutboxStore`](super::OutboxStore).
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Flight {
    /// Which it is.
    pub id: SendId,
    /// Which attempt it is; what lands has to name it.
    pub attempt: u32,
    /// How often the server refused it before: the attempts that landed as [`Landing::Again`] with `is_refusal`.
    pub refusals: u32,
    /// Comes back in callbacks.
    pub reference: String,
    /// The conversation that it belongs to.
    pub conversation: String,
    /// Whom it goes to.
    pub recipient: String,
    /// What goes out.
    pub cargo: Cargo,
    /// What it is for.
    pub purpose: Purpose,
    /// Since when it could have gone out: when it was queued, or the time before which it was not to be sent.
    pub ready_at: Moment,
    /// Not sent after this.
    pub expires_at: Option<Moment>,
    /// Whether it begins a conversation as far as WhatsApp's daily limit goes by it: a template outside the window.
    pub is_initiated: bool,
}

/// What goes out.
///
/// For an example see [`OutboxStore`](super::OutboxStore).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cargo {
    /// The whole request.
    Body(Bytes),
    /// The values of the campaign's template.
    Params(String),
}

/// What became of a send that was flying.
///
/// For an example see [`OutboxStore`](super::OutboxStore).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Landing {
    /// It was accepted.
    Accepted {
        /// The status of the response.
        http: Option<u16>,
        /// The server's id of the message, where it could be read.
        message_id: Option<String>,
    },
    /// It was refused.
    Rejected {
        /// The status of the response.
        http: Option<u16>,
        /// The server's code.
        code: Option<String>,
        /// Why, in human-readable form.
        reason: String,
    },
    /// It certainly was not sent, and may be later.
    Again {
        /// Not before this.
        next_at: Moment,
        /// Whether the server refused this message, which is counted. Not where nothing was reached, or a limit of the
        /// account was met: that says nothing against the message.
        is_refusal: bool,
        /// The status of the response, if there was one.
        http: Option<u16>,
        /// The server's code.
        code: Option<String>,
        /// Why, in human-readable form.
        reason: String,
    },
    /// It may have been sent or not.
    Uncertain {
        /// The status of the response, if there was one.
        http: Option<u16>,
        /// The server's code.
        code: Option<String>,
        /// Why, in human-readable form.
        reason: String,
    },
    /// It can't be sent as it is, and was not.
    Skipped {
        /// Why.
        reason: String,
    },
}

/// What was found of sends that an earlier process had in flight, or that are in doubt for too long.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::Takeoff;
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
/// # let directory = std::env::temp_dir().join(format!("kwa-example-doubts-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// store.enqueue(new_send("order-17")).await?;
/// store.fly(Takeoff::new("919700000001", 10)).await?; // and here the process ended
/// store.close().await;
///
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// let doubts = store.recover_sends().await?;
/// assert_eq!(doubts.uncertain, 1); // sent or not: a callback will tell
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Doubts {
    /// Those that are uncertain now.
    pub uncertain: u64,
    /// Those that are unresolved now.
    pub unresolved: Vec<SendId>,
}

/// What a restored store does with its queue.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::Adoption;
/// use kaleyra_wa_store::{InboxStore, OutboxStore, SqliteStore};
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
/// # let directory = std::env::temp_dir().join(format!("kwa-example-adoption-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// store.enqueue(new_send("order-17")).await?;
/// store.backup(&directory.join("copy.db")).await?;
///
/// let restored = SqliteStore::open(directory.join("copy.db"))?;
/// assert_eq!(restored.is_restored(), Some(true)); // it sends nothing, for it may have been sent since
/// assert_eq!(restored.adopt(Adoption::Uncertain).await?, 1);
/// # restored.close().await;
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Adoption {
    /// What is queued may have been sent since the backup: a callback proves it, or a person sends it again.
    Uncertain,
    /// What is queued is sent. Choose this only if nothing of it was sent since.
    Queued,
}

/// The result of a request about a send.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::{Queued, SendId, SendState, Wish};
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
/// # let directory = std::env::temp_dir().join(format!("kwa-example-wish-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// let Queued::New(send) = store.enqueue(new_send("order-17")).await? else { panic!("it is new") };
/// assert_eq!(store.cancel(send).await?, Wish::Done(send));
/// assert_eq!(store.cancel(send).await?, Wish::Refused(SendState::Cancelled));
/// assert_eq!(store.cancel(SendId::new(404)).await?, Wish::Unknown);
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wish {
    /// It was done, to this send: the new one where one was made.
    Done(SendId),
    /// There is no such send.
    Unknown,
    /// It is not at a state in which this can be done, but at this.
    Refused(SendState),
}

/// Nothing.
impl Default for Cargo {
    fn default() -> Self {
        Self::Body(Bytes::new())
    }
}

impl fmt::Debug for Takeoff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Takeoff")
            .field("campaign", &self.campaign)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Flight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flight")
            .field("id", &self.id)
            .field("attempt", &self.attempt)
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Cargo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Body(_) => "Body(…)",
            Self::Params(_) => "Params(…)",
        })
    }
}
