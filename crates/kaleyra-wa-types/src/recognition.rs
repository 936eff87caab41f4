//! How well something was understood.

use std::fmt;

/// How well an event, or a message that is sent, was understood. Nothing is lost in any of the three.
///
/// ```
/// use kaleyra_wa_types::Recognition;
/// use kaleyra_wa_types::inbound::{Callback, Message};
///
/// let callback = Callback::from(Message::text("919800000001", "Hi"));
/// for event in callback.events() {
///     let label = event.recognition().as_str(); // for a metric: how much of what comes is new
///     assert_eq!(label, "typed");
///     assert_eq!(event.recognition(), Recognition::Typed);
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Recognition {
    /// This version has a type for it.
    Typed,
    /// It is of a type that this version does not know: its name and body are kept.
    Unknown,
    /// It is of a known type in a shape that no page documents: path, reason and body are kept.
    Malformed,
}

impl Recognition {
    /// The name: `typed`, `unknown`, `malformed`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Typed => "typed",
            Self::Unknown => "unknown",
            Self::Malformed => "malformed",
        }
    }
}

impl fmt::Display for Recognition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
