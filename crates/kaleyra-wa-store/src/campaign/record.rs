//! Campaigns as they are stored.

use std::collections::BTreeMap;
use std::fmt;

use crate::Moment;
use crate::outbox::{Purpose, SendState};

/// Which campaign it is.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::campaign::CampaignId;
///
/// let id = CampaignId::new(17);
/// assert_eq!((id.get(), id.to_string().as_str()), (17, "17"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CampaignId(i64);

impl CampaignId {
    /// The id of this number.
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// Its number; above zero for every campaign.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for CampaignId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The state of a campaign.
///
/// ```text
///  create ──► importing ──► ready ──► running ──► done
///                             ▲        │ ▲
///                             │        ▼ │ resume
///                             └────── paused ──► cancelled
/// ```
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::campaign::CampaignState;
///
/// let state: CampaignState = "paused".parse()?;
/// assert_eq!((state, state.as_str()), (CampaignState::Paused, "paused"));
/// assert_eq!(CampaignState::from_code(state.code()), Some(state)); // as a store keeps it
/// # Ok::<(), kaleyra_wa_store::campaign::UnknownCampaignState>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum CampaignState {
    /// Its recipients are being read. Where that was interrupted, reading the same file again resumes it.
    #[default]
    Importing,
    /// All are there, and nothing is sent yet.
    Ready,
    /// It is being sent.
    Running,
    /// It is not sent for now: by a person, or for a reason that would stop every message.
    Paused,
    /// Nothing is left to be sent.
    Done,
    /// Somebody cancelled it: what was queued is not sent.
    Cancelled,
}

impl CampaignState {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Importing,
        Self::Ready,
        Self::Running,
        Self::Paused,
        Self::Done,
        Self::Cancelled,
    ];

    /// The name of the state: `importing`, `ready`, `running`, `paused`, `done`, `cancelled`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Importing => "importing",
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }

    /// The number that stores keep it as.
    pub const fn code(self) -> i64 {
        match self {
            Self::Importing => 0,
            Self::Ready => 1,
            Self::Running => 2,
            Self::Paused => 3,
            Self::Done => 4,
            Self::Cancelled => 5,
        }
    }

    /// The state of this number; `None` where there is none.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

impl fmt::Display for CampaignState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No state of a campaign has this name.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::campaign::{CampaignState, UnknownCampaignState};
///
/// assert_eq!("asleep".parse::<CampaignState>(), Err(UnknownCampaignState));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no state of a campaign has this name")]
pub struct UnknownCampaignState;

impl std::str::FromStr for CampaignState {
    type Err = UnknownCampaignState;

    fn from_str(text: &str) -> Result<Self, UnknownCampaignState> {
        let mut all = Self::ALL.into_iter();
        all.find(|state| state.as_str() == text)
            .ok_or(UnknownCampaignState)
    }
}

/// A campaign to make.
///
/// For an example see [`CampaignStore`](super::CampaignStore).
#[derive(Clone)]
pub struct NewCampaign {
    /// Its name; there is one of each.
    pub name: String,
    /// What the references of its messages begin with: unlike that of any other campaign.
    pub token: String,
    /// The business number.
    pub sender: String,
    /// The template, as the outbox writes it.
    pub template: String,
    /// What its messages are for.
    pub purpose: Purpose,
    /// The maximum number of messages a second.
    pub rate: Option<u32>,
    /// When nothing is sent, as the outbox writes it.
    pub quiet: Option<String>,
    /// Not sent after this.
    pub expires_at: Option<Moment>,
    /// Where the recipients come from.
    pub source: Option<Source>,
}

/// Where the recipients of a campaign come from.
///
/// For an example see [`CampaignStore`](super::CampaignStore).
#[derive(Clone, PartialEq, Eq)]
pub struct Source {
    /// The name of the file.
    pub name: String,
    /// The SHA-256 of its content: an interrupted import resumes with the same file only.
    pub sha256: [u8; 32],
}

/// A recipient of a campaign.
///
/// For an example see [`CampaignStore`](super::CampaignStore).
#[derive(Clone)]
pub struct CampaignRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The recipient.
    pub recipient: String,
    /// The conversation that it belongs to: a campaign has one message for each.
    pub conversation: String,
    /// The values of the template.
    pub params: String,
}

/// A line that is not a recipient.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::campaign::BadLine;
///
/// let bad = BadLine::new(3, "no phone number");
/// assert_eq!((bad.line, &*bad.why), (3, "no phone number"));
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BadLine {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Why not.
    pub why: String,
}

impl BadLine {
    /// A line that is not a recipient, and why.
    pub fn new(line: u64, why: impl Into<String>) -> Self {
        let why = why.into();
        Self { line, why }
    }
}

/// The result of a batch of an import.
///
/// For an example see [`CampaignStore`](super::CampaignStore).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Imported {
    /// Recipients that were added.
    pub added: u64,
    /// Recipients that were there before: noted among the bad lines.
    pub duplicates: u64,
}

/// All that is known of a campaign. The default is a record for a store to fill in.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::campaign::CampaignRecord;
/// use kaleyra_wa_store::outbox::SendState;
///
/// let mut record = CampaignRecord::default();
/// record.counts.insert(SendState::Queued, 40);
/// record.counts.insert(SendState::Accepted, 60);
/// assert_eq!((record.recipients(), record.open()), (100, 40));
/// assert_eq!(record.count(SendState::Rejected), 0);
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct CampaignRecord {
    /// Which it is.
    pub id: CampaignId,
    /// Its name.
    pub name: String,
    /// What the references of its messages begin with.
    pub token: String,
    /// The business number.
    pub sender: String,
    /// The template, as the outbox writes it.
    pub template: String,
    /// What its messages are for.
    pub purpose: Purpose,
    /// Its state.
    pub state: CampaignState,
    /// Why it is paused.
    pub why: Option<String>,
    /// The maximum number of messages a second.
    pub rate: Option<u32>,
    /// When nothing is sent, as the outbox writes it.
    pub quiet: Option<String>,
    /// Not sent after this.
    pub expires_at: Option<Moment>,
    /// Where the recipients come from.
    pub source: Option<Source>,
    /// How many lines were read, good and bad.
    pub source_rows: u64,
    /// How many lines were bad, those that repeat a recipient among them.
    pub bad: u64,
    /// How many recipients are in each state; states without any are left out.
    pub counts: BTreeMap<SendState, u64>,
    /// When it was made.
    pub made_at: Moment,
    /// When it was done or cancelled.
    pub ended_at: Option<Moment>,
}

impl CampaignRecord {
    /// How many recipients are in a state.
    pub fn count(&self, state: SendState) -> u64 {
        self.counts.get(&state).copied().unwrap_or(0)
    }

    /// How many recipients there are.
    pub fn recipients(&self) -> u64 {
        self.counts.values().sum()
    }

    /// How many have still to be sent.
    pub fn open(&self) -> u64 {
        self.count(SendState::Queued) + self.count(SendState::Flying)
    }
}

impl fmt::Debug for NewCampaign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewCampaign")
            .field("name", &self.name)
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").finish_non_exhaustive()
    }
}

impl fmt::Debug for CampaignRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CampaignRow")
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BadLine")
            .field("line", &self.line)
            .field("why", &self.why)
            .finish()
    }
}

impl fmt::Debug for CampaignRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CampaignRecord")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("state", &self.state)
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}
