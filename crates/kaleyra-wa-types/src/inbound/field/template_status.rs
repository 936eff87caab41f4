//! What state a template is in, and what can be done with it.

use crate::UnknownText;
use kaleyra_wa_derive::OpenEnum;

/// What state a template is in: as a definition has it, and as a callback reports it.
///
/// | | may be sent | may be edited |
/// |---|---|---|
/// | `APPROVED` | yes | its components, ten times in 30 days and once in 24 hours; not its category |
/// | `PENDING`, `REJECTED` | no (132001) | `REJECTED`: yes |
/// | `PAUSED` | no (132015), for 3 hours the first time and 6 the second | yes |
/// | `DISABLED` | no (132016) | no, nor deleted |
/// | `PENDING_DELETION`, `DELETED`, `ARCHIVED` | no (132001) | no |
/// | `FLAGGED`, `REINSTATED`, `UNARCHIVED` | yes | as the status below it |
/// | others | not known | no |
///
/// ```
/// use kaleyra_wa_types::inbound::field::TemplateStatus;
///
/// let status = TemplateStatus::from("PAUSED");
/// assert_eq!(status.may_be_sent(), Some(false));
/// assert_eq!(status.code(), Some(132_015)); // what a send fails with
/// assert_eq!(status.may_be_edited(), Some(true));
///
/// let in_words = TemplateStatus::from("Pending Deletion"); // as Kaleyra's callbacks write it
/// assert_eq!(in_words.meaning(), TemplateStatus::PendingDeletion);
/// assert_eq!(TemplateStatus::from("ON_HOLD").may_be_sent(), None); // a status that this version does not know
/// ```
///
/// Source: Meta's pages on template review, pausing and management; *Edit Template*.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[wire(any_case)]
#[non_exhaustive]
pub enum TemplateStatus {
    /// `APPROVED`. It can be sent.
    #[wire(name = "APPROVED")]
    Approved,
    /// `ARCHIVED`. It was archived.
    #[wire(name = "ARCHIVED")]
    Archived,
    /// `DELETED`. It was deleted.
    #[wire(name = "DELETED")]
    Deleted,
    /// `DISABLED`. It can no longer be sent, because of what users think of it or of a policy.
    #[wire(name = "DISABLED")]
    Disabled,
    /// `FLAGGED`. It will be disabled unless users like it better.
    #[wire(name = "FLAGGED")]
    Flagged,
    /// `IN_APPEAL`. The business objected to a rejection.
    #[wire(name = "IN_APPEAL")]
    InAppeal,
    /// `LIMIT_EXCEEDED`. The account has too many templates.
    #[wire(name = "LIMIT_EXCEEDED")]
    LimitExceeded,
    /// `LOCKED`. It can't be edited.
    #[wire(name = "LOCKED")]
    Locked,
    /// `PAUSED`. It can't be sent for a while, because of what users think of it.
    #[wire(name = "PAUSED")]
    Paused,
    /// `PENDING`. Meta is reviewing it.
    #[wire(name = "PENDING")]
    Pending,
    /// `PENDING_DELETION`. It will be deleted.
    #[wire(name = "PENDING_DELETION")]
    PendingDeletion,
    /// `REINSTATED`. It can be sent again.
    #[wire(name = "REINSTATED")]
    Reinstated,
    /// `REJECTED`. It can't be sent.
    #[wire(name = "REJECTED")]
    Rejected,
    /// `UNARCHIVED`. It is no longer archived.
    #[wire(name = "UNARCHIVED")]
    Unarchived,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl TemplateStatus {
    /// Whether a template in this state is sent; `None` where that is not known.
    pub fn may_be_sent(&self) -> Option<bool> {
        match self {
            Self::Approved | Self::Flagged | Self::Reinstated | Self::Unarchived => Some(true),
            Self::InAppeal | Self::LimitExceeded | Self::Locked | Self::Unknown(_) => None,
            _ => Some(false),
        }
    }

    /// Whether a template in this state may be edited; `None` where that is not known.
    pub fn may_be_edited(&self) -> Option<bool> {
        match self {
            Self::Approved | Self::Paused | Self::Rejected => Some(true),
            Self::Flagged | Self::Reinstated | Self::Unarchived | Self::Unknown(_) => None,
            _ => Some(false),
        }
    }

    /// The code that Meta refuses a send in this state with; `None` where it does not, or where that is not known.
    pub fn code(&self) -> Option<i64> {
        match self {
            Self::Paused => Some(132_015),
            Self::Disabled => Some(132_016),
            _ => (self.may_be_sent() == Some(false)).then_some(132_001),
        }
    }

    /// The state with this name. Kaleyra's page writes it in title case in callbacks, with spaces (`Pending Deletion`).
    pub fn meaning(&self) -> Self {
        match Self::from(self.as_str().to_ascii_uppercase().replace(' ', "_")) {
            Self::Unknown(_) => self.clone(),
            known => known,
        }
    }
}
