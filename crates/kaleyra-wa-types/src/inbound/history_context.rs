//! What became of a message of the chat history.

use crate::UnknownFields;
use crate::UnknownText;
use kaleyra_wa_derive::{OpenEnum, Wire};

/// What became of a message before its number came to the API.
///
/// Source: Meta's *history webhook*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct HistoryContext {
    /// What became of it. A business may only guess from it: the texts are upper case and their list is not complete.
    pub status: Option<HistoryStatus>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What became of a message of the chat history.
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
    /// A text that this version does not know.
    Unknown(UnknownText),
}
