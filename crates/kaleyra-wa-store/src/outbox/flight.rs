//! Sends that go out, and what becomes of them.

use std::collections::HashSet;
use std::fmt;

use bytes::Bytes;

use super::{Purpose, SendId, SendState};
use crate::Moment;
use crate::campaign::CampaignId;

/// Which sends are to fly.
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
    #[must_use]
    pub fn campaign(mut self, campaign: CampaignId) -> Self {
        self.campaign = Some(campaign);
        self
    }
}

/// The result of a look for sends that may fly.
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
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cargo {
    /// The whole request.
    Body(Bytes),
    /// The values of the campaign's template.
    Params(String),
}

/// What became of a send that was flying.
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Doubts {
    /// Those that are uncertain now.
    pub uncertain: u64,
    /// Those that are unresolved now.
    pub unresolved: Vec<SendId>,
}

/// What a restored store does with its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Adoption {
    /// What is queued may have been sent since the backup: a callback proves it, or a person sends it again.
    Uncertain,
    /// What is queued is sent. Choose this only if nothing of it was sent since.
    Queued,
}

/// The result of a request about a send.
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
