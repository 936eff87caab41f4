//! What became of a message of the chat history.

use crate::UnknownFields;
use crate::UnknownText;
use kaleyra_wa_derive::{OpenEnum, Wire};

/// What became of a message before its number came to the API.
///
/// ```
/// use kaleyra_wa_types::inbound::{HistoryStatus, Message};
///
/// let message: Message = serde_json::from_str(r#"{"from": "15550000001", "to": "919800000001", "id": "wamid.A",
///     "type": "text", "text": {"body": "It is in stock."}, "history_context": {"status": "READ"}}"#)?;
/// let before = message.history_context.ok_or("not of the history")?;
/// assert_eq!(before.status, Some(HistoryStatus::Read));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: Meta's *history webhook*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct HistoryContext {
    /// What became of it. Take it as a hint only: the values are upper case, and the list is not complete.
    pub status: Option<HistoryStatus>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What became of a message of the chat history.
///
/// For an example see [`HistoryContext`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum HistoryStatus {
    /// `DELIVERED`. It reached the device.
    #[wire(name = "DELIVERED")]
    Delivered,
    /// `ERROR`. It failed.
    #[wire(name = "ERROR")]
    Error,
    /// `PENDING`. It is on its way.
    #[wire(name = "PENDING")]
    Pending,
    /// `PLAYED`. A voice note was played.
    #[wire(name = "PLAYED")]
    Played,
    /// `READ`. It was seen.
    #[wire(name = "READ")]
    Read,
    /// `SENT`. WhatsApp has it.
    #[wire(name = "SENT")]
    Sent,
    /// A value that this version does not know.
    Unknown(UnknownText),
}
