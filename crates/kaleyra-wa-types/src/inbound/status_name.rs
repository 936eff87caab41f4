//! What became of a message, in a word.

use super::Stage;
use crate::UnknownText;
use kaleyra_wa_derive::OpenEnum;

/// What became of a message.
///
/// The text is kept as it came; sources spell it in several ways, so compare its [`meaning`](Self::meaning):
///
/// ```
/// use kaleyra_wa_types::inbound::StatusName;
///
/// let status = StatusName::from("NOT-SENT");
/// assert_eq!(status.meaning(), StatusName::NotSent);
/// assert_eq!(status.as_str(), "NOT-SENT");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum StatusName {
    /// `accepted`. It was taken for sending.
    Accepted,
    /// `captured`. A payment was made.
    Captured,
    /// `ACCEPTED`. The call was taken.
    #[wire(name = "ACCEPTED")]
    CallAccepted,
    /// `REJECTED`. The call was refused.
    #[wire(name = "REJECTED")]
    CallRejected,
    /// `RINGING`. The phone rings.
    #[wire(name = "RINGING")]
    CallRinging,
    /// `deleted`. It was deleted, in old feeds.
    Deleted,
    /// `delivered`. It reached the user's device.
    Delivered,
    /// `failed`. It will not be delivered; `errors` says why. Of a payment: it was not made.
    Failed,
    /// `not sent`. Kaleyra stopped it before it went to WhatsApp.
    #[wire(name = "not sent")]
    NotSent,
    /// `pending`. A payment was begun.
    Pending,
    /// `played`. A voice note was played for the first time.
    Played,
    /// `read`. The user saw it.
    Read,
    /// `sent`. WhatsApp has it.
    Sent,
    /// `warning`. It holds something that WhatsApp warns of, in old feeds.
    Warning,
    /// A text that this version does not know.
    Unknown(UnknownText),
}

impl StatusName {
    /// All that have a name. What is told apart by its case alone has the usual one first.
    const KNOWN: [Self; 14] = [
        Self::Accepted,
        Self::Captured,
        Self::CallAccepted,
        Self::CallRejected,
        Self::CallRinging,
        Self::Deleted,
        Self::Delivered,
        Self::Failed,
        Self::NotSent,
        Self::Pending,
        Self::Played,
        Self::Read,
        Self::Sent,
        Self::Warning,
    ];

    /// The status that this text means, whatever its case and with whatever between its words: `NOT-SENT`, `not_sent`
    /// and `notsent` all are [`NotSent`](Self::NotSent). A text without a meaning is its own.
    ///
    /// Only `ACCEPTED` in capitals means a call that was taken.
    pub fn meaning(&self) -> Self {
        let Self::Unknown(text) = self else {
            return self.clone();
        };
        Self::KNOWN
            .iter()
            .find(|known| letters(known.as_str()).eq(letters(text.as_str())))
            .unwrap_or(self)
            .clone()
    }

    /// How far a message has come when this is said of it; `None` where it says nothing of that, such as a call's status.
    pub fn stage(&self) -> Option<Stage> {
        Some(match self.meaning() {
            Self::Accepted => Stage::Accepted,
            Self::Delivered => Stage::Delivered,
            Self::Failed => Stage::Failed,
            Self::NotSent => Stage::NotSent,
            Self::Played => Stage::Played,
            Self::Read => Stage::Read,
            Self::Sent => Stage::Sent,
            _ => return None,
        })
    }
}

/// The text without case and without what stands between its words.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .filter(|sign| !matches!(sign, ' ' | '-' | '_'))
        .map(|sign| sign.to_ascii_lowercase())
}
