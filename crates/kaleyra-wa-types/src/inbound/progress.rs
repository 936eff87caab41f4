//! How far a message has come, put together from statuses in any order.

use std::fmt;

use super::StatusName;

/// How far a message has come.
///
/// Stages are ordered by precedence: a failure overrides `sent`, and proof of delivery overrides a failure.
///
/// ```
/// use kaleyra_wa_types::inbound::{Stage, StatusName};
///
/// assert!(Stage::Read > Stage::Delivered); // statuses may overtake each other: keep the furthest
/// assert_eq!(StatusName::from("not sent").stage(), Some(Stage::NotSent));
/// assert!(Stage::NotSent.is_failure());
/// assert_eq!(Stage::NotSent.as_str(), "not sent");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Stage {
    /// It was accepted for sending.
    Accepted,
    /// WhatsApp has it.
    Sent,
    /// Kaleyra stopped it before it went to WhatsApp.
    NotSent,
    /// WhatsApp will not deliver it.
    Failed,
    /// It reached the user's device.
    Delivered,
    /// The user saw it.
    Read,
    /// The user played it, a voice note.
    Played,
}

impl Stage {
    /// The status of this name, such as `delivered`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Sent => "sent",
            Self::NotSent => "not sent",
            Self::Failed => "failed",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Played => "played",
        }
    }

    /// Whether the message did not get through.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::NotSent | Self::Failed)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How far one message has come, whatever the order in which its statuses come and however often each.
///
/// accepted < sent < delivered < read < played. A failure is final, unless delivery (or more) is known, before or after:
/// then the delivery counts. The same statuses in any order give the same result.
///
/// ```
/// use kaleyra_wa_types::inbound::{Progress, Stage, StatusName};
///
/// let mut progress = Progress::new();
/// assert!(progress.advance(&StatusName::Read)); // `delivered` may never come
/// assert!(!progress.advance(&StatusName::Sent)); // late
/// assert!(!progress.advance(&StatusName::Read)); // twice
/// assert_eq!(progress.stage(), Some(Stage::Read));
/// assert!(progress.has_reached(Stage::Delivered));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Progress {
    /// The furthest stage reported so far, failures aside.
    reached: Option<Stage>,
    /// The failure that was reported.
    failure: Option<Stage>,
}

impl Progress {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Records a status; whether the message is now at another [stage](Self::stage).
    ///
    /// The name alone does not tell a message from a payment or a call: with a whole
    /// [`Status`](super::Status), take its [`stage`](super::Status::stage) and [`reach`](Self::reach) that.
    pub fn advance(&mut self, status: &StatusName) -> bool {
        status.stage().is_some_and(|stage| self.reach(stage))
    }

    /// Records a stage; whether the message is now at another one.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Progress, Stage, Status};
    ///
    /// let mut progress = Progress::new();
    /// let failed = Status::failed("wamid.A", "919800000001", 131026);
    /// assert!(failed.stage().is_some_and(|stage| progress.reach(stage)));
    /// assert!(progress.is_failed());
    /// assert!(progress.reach(Stage::Delivered)); // it got through after all
    /// assert!(!progress.is_failed());
    /// ```
    pub fn reach(&mut self, stage: Stage) -> bool {
        self.merge(&Self::from(stage))
    }

    /// Merges what is known elsewhere about the same message; whether it is now at another stage.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Progress, Stage};
    ///
    /// let mut here = Progress::from(Stage::Sent);
    /// let there = Progress::from(Stage::Read); // seen by another worker
    /// assert!(here.merge(&there));
    /// assert_eq!(here.stage(), Some(Stage::Read));
    /// assert!(!here.merge(&there)); // nothing new
    /// ```
    pub fn merge(&mut self, other: &Self) -> bool {
        let before = self.stage();
        self.reached = self.reached.max(other.reached);
        self.failure = self.failure.max(other.failure);
        before != self.stage()
    }

    /// Where the message is; `None` while nothing is known.
    pub fn stage(&self) -> Option<Stage> {
        self.reached.max(self.failure)
    }

    /// Whether the message came at least this far, by what was reported; for a failure, whether it is at that failure.
    pub fn has_reached(&self, stage: Stage) -> bool {
        if stage.is_failure() {
            self.stage() == Some(stage)
        } else {
            self.reached >= Some(stage)
        }
    }

    /// Whether the message did not get through.
    pub fn is_failed(&self) -> bool {
        self.stage().is_some_and(Stage::is_failure)
    }
}

/// A message of which this is the last that is known.
impl From<Stage> for Progress {
    fn from(stage: Stage) -> Self {
        if stage.is_failure() {
            Self {
                reached: None,
                failure: Some(stage),
            }
        } else {
            Self {
                reached: Some(stage),
                failure: None,
            }
        }
    }
}
