//! The whole of a callback.

use kaleyra_wa_derive::Wire;
use serde_json::Value;

use super::{Contact, Event, Message, MetaObject, Status, StatusName};
use crate::UnknownFields;
use crate::decode::{DecodeError, from_slice};
use crate::extra_info::CallbackExtraInfo;
use crate::ids::MessageId;
use crate::response::Code;
use crate::wire::Wire;
use crate::wire::scan::unknown_pointers;
use crate::wire::write::to_json;

/// One POST of Kaleyra's.
///
/// Reading it never fails on what is inside: an unknown type is kept as one, and an element that can't be read is
/// [`Malformed`](super::Malformed) among its healthy siblings. What comes in goes out again, equal as JSON.
///
/// ```
/// use kaleyra_wa_types::callback::{Callback, Event, MessageContent};
///
/// let body = br#"{
///     "meta_object": {"field": "messages", "value": {"messages": [
///         {"from": "919800000001", "id": "wamid.A", "timestamp": "1722863329", "type": "text", "text": {"body": "Hi"}}
///     ]}},
///     "extra_info": {"media_url": "", "ref": "order-17"}
/// }"#;
/// let callback = Callback::from_slice(body)?;
/// for event in callback.events() {
///     let Event::Message(message) = event else { continue };
///     let MessageContent::Text(text) = &message.content else { continue };
///     assert_eq!(text.body, "Hi");
/// }
/// assert_eq!(callback.extra_info.as_ref().and_then(|extra| extra.reference.as_deref()), Some("order-17"));
///
/// let written: serde_json::Value = serde_json::from_slice(&callback.to_vec()).unwrap();
/// assert_eq!(written, serde_json::from_slice::<serde_json::Value>(body).unwrap());
/// # Ok::<(), kaleyra_wa_types::DecodeError>(())
/// ```
///
/// Source: *Reply - Media Message*, *Reaction Message*, *Interactive - Template Message*; *Sent* for the status members.
#[derive(Clone, Debug, Default, PartialEq, Wire)]
#[wire(keep_faults)]
#[non_exhaustive]
pub struct Callback {
    /// What Meta said; missing where Kaleyra speaks for itself.
    pub meta_object: Option<MetaObject>,
    /// What Kaleyra adds.
    pub extra_info: Option<CallbackExtraInfo>,
    /// What became of a message, by Kaleyra: beside `meta_object`, or alone (`not sent`) when Kaleyra stopped it.
    pub status: Option<StatusName>,
    /// WhatsApp's id of the message that `status` is about.
    pub message_id: Option<MessageId>,
    /// Why Kaleyra did not send it.
    pub code: Option<Code>,
    /// The same for people.
    pub reason: Option<String>,
    /// Members that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl Callback {
    /// Reads the body of a POST.
    ///
    /// What is no strict JSON, but can be read, is no reason to refuse a message, and its siblings, for ever: a byte order
    /// mark is passed over, control characters may stand in texts as they are, and half a character, as a sender leaves it who
    /// cuts a text in the middle of an emoji, is read as U+FFFD. JSON in a string is read as that JSON.
    ///
    /// # Errors
    ///
    /// Only when the bytes are not a JSON object. The error tells where, and repeats none of the bytes.
    pub fn from_slice(body: &[u8]) -> Result<Self, DecodeError> {
        from_slice(body)
    }

    /// Reads a callback from JSON that is parsed already.
    ///
    /// # Errors
    ///
    /// Only when the value is not an object.
    pub fn from_value(value: Value) -> Result<Self, DecodeError> {
        from_slice(value.to_string().as_bytes())
    }

    /// The callback as JSON, unknown members and all, with every digit of their numbers; members may stand in another order
    /// than they came.
    pub fn to_vec(&self) -> Vec<u8> {
        /// What a callback takes with one element, and what each further one takes, about.
        const FIRST: usize = 1024;
        const FURTHER: usize = 256;

        let value = self.meta_object.as_ref().and_then(|it| it.value.as_ref());
        let elements = value.map_or(0, |it| it.messages.len() + it.statuses.len());
        to_json(self.view(), FIRST + FURTHER * elements.saturating_sub(1)).into_bytes()
    }

    /// All that is in it, in the order of the wire: messages, statuses, errors; or the one thing that it is.
    pub fn events(&self) -> impl Iterator<Item = Event<'_>> {
        super::walk::events(self)
    }

    /// One of [`events`](Self::events), by its place there: to come back to it later. However many there are, the others
    /// are not walked through.
    pub fn event(&self, nth: usize) -> Option<Event<'_>> {
        super::walk::event(self, nth)
    }

    /// The messages that could be read.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.events().filter_map(|event| match event {
            Event::Message(message) => Some(message),
            _ => None,
        })
    }

    /// The statuses that could be read.
    pub fn statuses(&self) -> impl Iterator<Item = &Status> {
        self.events().filter_map(|event| match event {
            Event::Status(status) => Some(status),
            _ => None,
        })
    }

    /// The JSON pointers of the members that this version does not know, such as
    /// `/meta_object/value/messages/0/text/shade`: what a new version of this crate could add.
    ///
    /// A type that is unknown as a whole is not among them, nor is what could not be read: those are events.
    pub fn unknown_fields(&self) -> Vec<String> {
        let mut found = unknown_pointers("", self.view());
        if let Some(change) = self
            .meta_object
            .as_ref()
            .filter(|change| !change.is_about_messages())
        {
            // The value of another field is known by its own view.
            found.retain(|at| !at.starts_with("/meta_object/value/"));
            found.extend(change.change().unknown_pointers("/meta_object/value"));
        }
        found
    }

    /// The contact that wrote this message: who has the profile name.
    pub fn contact_of(&self, message: &Message) -> Option<&Contact> {
        let writer = message.party()?;
        let contacts = &self.meta_object.as_ref()?.value.as_ref()?.contacts;
        contacts
            .iter()
            .filter_map(|contact| contact.typed())
            .find(|contact| {
                contact
                    .party()
                    .is_some_and(|contact| contact.is_same_user(&writer))
            })
    }
}
