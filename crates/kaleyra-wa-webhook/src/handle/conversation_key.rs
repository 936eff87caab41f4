//! What names the conversation that an event belongs to.

use std::fmt;
use std::sync::Arc;

use kaleyra_wa_types::inbound::Event;

/// What names the conversation that an event belongs to: cheap to clone, and good as a key of a map.
///
/// | event | made of |
/// | --- | --- |
/// | message | the group, else who wrote it: the number, or the user id where that is hidden |
/// | echo of what the business wrote in its app | whom it was written to |
/// | status | the group, else whom the message went to |
/// | malformed message or status | its `from` or `recipient_id`, where that is a text |
///
/// So a user's messages and the statuses of the answers are one conversation. See
/// [`Party::key`](kaleyra_wa_types::inbound::Party::key) for a user who begins to hide the number.
///
/// It holds a number, so its `Debug` shows nothing of it.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_webhook::ConversationKey;
/// use kaleyra_wa_webhook::types::inbound::Callback;
///
/// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {
///     "messages": [{"from": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "Hi"}}],
///     "statuses": [{"recipient_id": "919800000001", "id": "wamid.B", "status": "read"}],
///     "errors": [{"code": 131000}]
/// }}}"#)?;
/// let keys: Vec<_> = callback.events().map(|event| ConversationKey::of(&event)).collect();
/// assert_eq!(keys[0].as_ref().map(ConversationKey::as_str), Some("919800000001"));
/// assert_eq!(keys[0], keys[1]);
/// assert_eq!(keys[2], None);
/// # Ok::<(), kaleyra_wa_webhook::types::DecodeError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ConversationKey(Arc<str>);

impl ConversationKey {
    /// The conversation of an event; `None` where it says of nobody.
    pub fn of(event: &Event<'_>) -> Option<Self> {
        let key = match event {
            Event::Message(message) => {
                let group = message.group_id.as_ref().map(|group| group.as_str());
                let addressee = || message.addressee().map(|party| party.key());
                let writer = || message.party().map(|party| party.key());
                group.or_else(addressee).or_else(writer)
            }
            Event::Malformed(_) => event.user(),
            other => other.party().map(|party| party.key()),
        };
        key.filter(|key| !key.is_empty())
            .map(|key| Self(key.into()))
    }

    /// The key as a text: a number, a user id, or the id of a group.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ConversationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConversationKey(…)")
    }
}
