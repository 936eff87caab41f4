//! What was said in a conversation before it was handed over.

use kaleyra_wa_derive::{OpenEnum, Wire};

use crate::{RawJson, Timestamp, UnknownFields, UnknownText};

/// What was said before: a summary, or the last messages. It comes with the first message of a conversation that another
/// responder, such as Meta's business agent, had before, and with `control_passed`.
///
/// Source: Meta's *conversation context* (2026).
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ConversationContext {
    /// Which of the two it is.
    #[wire(name = "type")]
    pub kind: Option<ConversationContextType>,
    /// The summary.
    pub summary: Option<ConversationSummary>,
    /// The last messages.
    pub history: Option<ConversationHistory>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A summary of what was said.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ConversationSummary {
    /// The summary; a program wrote it.
    pub text: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The last messages of both sides.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ConversationHistory {
    /// The messages, the oldest first.
    pub items: Vec<ConversationItem>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// One message of the history.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ConversationItem {
    /// Who wrote it: `user`, `business`, or another responder.
    #[wire(alias = "role", alias = "from")]
    pub sender_type: Option<String>,
    /// When.
    pub timestamp: Option<Timestamp>,
    /// Its type, where it stands here.
    #[wire(name = "type")]
    pub kind: Option<String>,
    /// Its text, where it stands here.
    pub text: Option<ConversationText>,
    /// The user's message, as it would be in `messages`.
    pub message: Option<RawJson>,
    /// What the business sent, as it would be in `message_echoes`.
    pub message_echo: Option<RawJson>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The text of a message of the history.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ConversationText {
    /// The text.
    pub body: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// In which form the context comes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum ConversationContextType {
    /// `history`. The last messages.
    History,
    /// `summary`. A summary.
    Summary,
    /// A text that this version does not know.
    Unknown(UnknownText),
}
