//! What was said in a conversation before it was handed over.

use kaleyra_wa_derive::{OpenEnum, Wire};

use crate::{RawJson, Timestamp, UnknownFields, UnknownText};

/// What was said before: a summary, or the last messages. It comes with the first message of a conversation that another
/// responder, such as Meta's business agent, handled before, and with `control_passed`.
///
/// ```
/// use kaleyra_wa_types::inbound::{ConversationContext, ConversationContextType};
///
/// let summary: ConversationContext =
///     serde_json::from_str(r#"{"type": "summary", "summary": {"text": "Asks for a refund of order 17."}}"#)?;
/// assert_eq!(summary.kind, Some(ConversationContextType::Summary));
/// let text = summary.summary.and_then(|summary| summary.text);
/// assert_eq!(text.as_deref(), Some("Asks for a refund of order 17."));
///
/// let messages: ConversationContext = serde_json::from_str(r#"{"type": "history", "history": {"items": [
///     {"sender_type": "user", "timestamp": "1767225600", "type": "text", "text": {"body": "Where is my order?"}}
/// ]}}"#)?;
/// let item = &messages.history.as_ref().ok_or("no history")?.items[0];
/// assert_eq!(item.sender_type.as_deref(), Some("user"));
/// let said = item.text.as_ref().and_then(|text| text.body.as_deref());
/// assert_eq!(said, Some("Where is my order?"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
///
/// For an example see [`ConversationContext`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ConversationSummary {
    /// The summary; a program wrote it.
    pub text: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The last messages of both sides.
///
/// For an example see [`ConversationContext`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ConversationHistory {
    /// The messages, the oldest first.
    pub items: Vec<ConversationItem>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// One message of the history.
///
/// For an example see [`ConversationContext`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ConversationItem {
    /// Who wrote it: `user`, `business`, or another responder.
    #[wire(alias = "role", alias = "from")]
    pub sender_type: Option<String>,
    /// When, in seconds since 1970-01-01 UTC.
    pub timestamp: Option<Timestamp>,
    /// Its type, where it is given here.
    #[wire(name = "type")]
    pub kind: Option<String>,
    /// Its text, where it is given here.
    pub text: Option<ConversationText>,
    /// The user's message, as it would be in `messages`.
    pub message: Option<RawJson>,
    /// What the business sent, as it would be in `message_echoes`.
    pub message_echo: Option<RawJson>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The text of a message of the history.
///
/// For an example see [`ConversationContext`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ConversationText {
    /// The text.
    pub body: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// In which form the context comes.
///
/// For an example see [`ConversationContext`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum ConversationContextType {
    /// `history`. The last messages.
    History,
    /// `summary`. A summary.
    Summary,
    /// A value that this version does not know.
    Unknown(UnknownText),
}
