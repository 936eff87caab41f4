//! The state of a send.

use std::fmt;

/// The state of a send.
///
/// ```text
///  enqueue ──► queued ──► flying ──► accepted ──► (tracking: sent, delivered, read, failed)
///              ▲  │         │ │ └──► rejected
///              │  ├► skipped, expired, cancelled
///              └──┴─────────┘ └────► uncertain ──proof──► accepted | rejected
///                not sent, later          └─ in time ─► unresolved ──late proof──► accepted | rejected
/// ```
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::SendState;
///
/// let state: SendState = "uncertain".parse()?;
/// assert!(state.is_open()); // a callback may still tell what became of it
/// assert_eq!(SendState::from_code(state.code()), Some(state)); // as a store keeps it
/// assert_eq!(SendState::Rejected.as_str(), "rejected");
/// # Ok::<(), kaleyra_wa_store::outbox::UnknownSendState>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SendState {
    /// It waits to be sent.
    #[default]
    Queued,
    /// It was handed to the transport, and the outcome is not recorded yet.
    Flying,
    /// It may have been sent or not: a callback with its reference will prove it.
    Uncertain,
    /// It was sent. Tracking knows what became of it then.
    Accepted,
    /// It was refused, or is proven not to have gone out.
    Rejected,
    /// It was not sent, since it must not be: the window is closed, the user opted out, it is invalid.
    Skipped,
    /// It was not sent in time.
    Expired,
    /// Somebody cancelled it before it was sent.
    Cancelled,
    /// It was uncertain, and nothing was proven in time. A late proof still counts.
    Unresolved,
}

impl SendState {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Queued,
        Self::Flying,
        Self::Uncertain,
        Self::Accepted,
        Self::Rejected,
        Self::Skipped,
        Self::Expired,
        Self::Cancelled,
        Self::Unresolved,
    ];

    /// The name of the state: `queued`, `flying`, `uncertain`, `accepted`, `rejected`, `skipped`, `expired`, `cancelled`,
    /// `unresolved`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Flying => "flying",
            Self::Uncertain => "uncertain",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Skipped => "skipped",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Unresolved => "unresolved",
        }
    }

    /// Whether its state may still change by itself.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Flying | Self::Uncertain)
    }

    /// The number that stores keep it as.
    pub const fn code(self) -> i64 {
        match self {
            Self::Queued => 0,
            Self::Flying => 1,
            Self::Uncertain => 2,
            Self::Accepted => 8,
            Self::Rejected => 9,
            Self::Skipped => 10,
            Self::Expired => 11,
            Self::Cancelled => 12,
            Self::Unresolved => 13,
        }
    }

    /// The state of this number; `None` where there is none.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

impl fmt::Display for SendState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for SendState {
    type Err = UnknownSendState;

    fn from_str(text: &str) -> Result<Self, UnknownSendState> {
        let mut all = Self::ALL.into_iter();
        all.find(|state| state.as_str() == text)
            .ok_or(UnknownSendState)
    }
}

/// No state of a send has this name.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::SendState;
///
/// let error = "sent".parse::<SendState>().unwrap_err();
/// assert!(error.to_string().starts_with("no state has this name: say queued, flying, uncertain,"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownSendState;

impl fmt::Display for UnknownSendState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no state has this name: say ")?;
        for (nth, state) in SendState::ALL.into_iter().enumerate() {
            let before = match nth {
                0 => "",
                8 => " or ",
                _ => ", ",
            };
            write!(f, "{before}{state}")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownSendState {}
