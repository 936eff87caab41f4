//! How well an event was understood.

use super::{Event, StatusName, UserActionType};
use crate::Recognition;

impl Event<'_> {
    /// How well it was understood.
    ///
    /// An unknown type within counts: a response of a new kind inside `interactive` is unknown. A status of Kaleyra's is
    /// typed when it names a message and says something known of it; a callback that merely has a `status`, such as one
    /// of API V1, is unknown.
    ///
    /// ```
    /// use kaleyra_wa_types::Recognition;
    /// use kaleyra_wa_types::inbound::Callback;
    ///
    /// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {"messages": [
    ///     {"id": "wamid.A", "from": "919800000001", "type": "text", "text": {"body": "Hi"}},
    ///     {"id": "wamid.B", "from": "919800000001", "type": "hologram", "hologram": {"depth": 3}},
    ///     {"id": "wamid.C", "from": "919800000001", "type": "text", "text": 7}
    /// ]}}}"#)?;
    /// let understood: Vec<Recognition> = callback.events().map(|event| event.recognition()).collect();
    /// assert_eq!(understood, [Recognition::Typed, Recognition::Unknown, Recognition::Malformed]);
    /// # Ok::<(), kaleyra_wa_types::DecodeError>(())
    /// ```
    pub fn recognition(&self) -> Recognition {
        let typed = match self {
            Self::Malformed(_) => return Recognition::Malformed,
            Self::Message(message) => message.content.is_known(),
            Self::Status(status) => status.status.as_ref().is_some_and(is_known),
            Self::KaleyraStatus(status) => {
                status.message_id.is_some() && status.status.is_none_or(is_known)
            }
            Self::Error(_) => true,
            Self::UserAction(action) => {
                !matches!(action.kind, None | Some(UserActionType::Unknown(_)))
            }
            Self::Field(change) => return change.change().recognition(),
            Self::Unknown(_) | Self::Other(_) => false,
        };
        if typed {
            Recognition::Typed
        } else {
            Recognition::Unknown
        }
    }
}

fn is_known(status: &StatusName) -> bool {
    !matches!(status.meaning(), StatusName::Unknown(_))
}
