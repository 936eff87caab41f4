//! One thing inside a callback.

use super::decoded::Texts;
use super::{
    Callback, Field, Message, MetaError, MetaObject, Party, Stage, Status, StatusName, UserAction,
    UserActionType,
};
use crate::response::Code;
use crate::wire::Wire;
use crate::wire::write::to_json;
use crate::{MessageId, RawJson};

/// One thing inside a callback.
///
/// ```
/// use kaleyra_wa_types::inbound::{Callback, Event, Stage};
///
/// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {"statuses": [
///     {"id": "wamid.A", "status": "delivered", "timestamp": "1722863329", "recipient_id": "919800000001"}
/// ]}}, "extra_info": {"ref": "order-17"}}"#)?;
/// for event in callback.events() {
///     match event {
///         Event::Message(message) => println!("a {} came", message.content.type_name()),
///         Event::Status(status) => assert_eq!(status.stage(), Some(Stage::Delivered)),
///         // New kinds of events come without notice: they have a kind and a name, too.
///         other => println!("{}: {}", other.kind(), other.type_name()),
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A user wrote.
    Message(&'a Message),
    /// Something happened to a message that the business sent, reported by Meta.
    Status(&'a Status),
    /// Something happened to a message that the business sent, reported by Kaleyra itself: usually that it stopped the message.
    KaleyraStatus(KaleyraStatus<'a>),
    /// An error that belongs to no single message.
    Error(&'a MetaError),
    /// A user did something with a marketing message.
    UserAction(&'a UserAction),
    /// A change about something other than messages: the account, a template, a number's quality, …
    Field(&'a MetaObject),
    /// An element of a list beside those of messages and statuses that this version does not know.
    Unknown(UnknownElement<'a>),
    /// A part that could not be read, kept as it came.
    Malformed(MalformedPart<'a>),
    /// A callback in none of these shapes, such as one of API V1 or of a customer's own profile.
    Other(&'a Callback),
}

/// The kinds of events, as they are counted and printed.
///
/// ```
/// use kaleyra_wa_types::inbound::{Callback, EventKind, Message, Status};
///
/// let callback = Callback::new()
///     .message(Message::text("919800000001", "Hi"))
///     .status(Status::failed("wamid.B", "919800000002", 131047));
/// let kinds: Vec<EventKind> = callback.events().map(|event| event.kind()).collect();
/// assert_eq!(kinds, [EventKind::Message, EventKind::Status]);
/// assert_eq!(kinds[0].as_str(), "message"); // for a label of a metric
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// A user's message.
    Message,
    /// What became of a message.
    Status,
    /// A fault.
    Error,
    /// What a user did with a marketing message.
    UserAction,
    /// A change about something else.
    Field,
    /// Anything else.
    Other,
}

/// Kaleyra's own report on a message: the fields around `meta_object`.
///
/// ```
/// use kaleyra_wa_types::inbound::{Callback, Event, Stage};
///
/// let callback = Callback::from_slice(br#"{"status": "not sent", "message_id": "wamid.A", "code": "WAV2101",
///     "reason": "Daily limit reached", "extra_info": {"ref": "order-17"}}"#)?;
/// let Some(Event::KaleyraStatus(status)) = callback.events().next() else { return Err("something else".into()) };
/// assert_eq!(status.stage(), Some(Stage::NotSent));
/// assert_eq!(status.code.map(|code| code.as_str()), Some("WAV2101"));
/// assert_eq!(status.reason, Some("Daily limit reached"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: *Not Sent - Daily Limit Reached*, status update webhook payload.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct KaleyraStatus<'a> {
    /// What became of the message, such as `not sent`. The result of a submission may have a code alone.
    pub status: Option<&'a StatusName>,
    /// WhatsApp's id of the message.
    pub message_id: Option<&'a MessageId>,
    /// Why, as Kaleyra's code, such as `WAV2101`.
    pub code: Option<&'a Code>,
    /// The same in human-readable form.
    pub reason: Option<&'a str>,
    pub(super) callback: &'a Callback,
}

/// An element of a list that this version does not know, such as `value.some_updates[1]`.
///
/// ```
/// use kaleyra_wa_types::inbound::{Callback, Event};
///
/// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {"polls": [{"votes": 3}]}}}"#)?;
/// let Some(Event::Unknown(element)) = callback.events().next() else { return Err("something else".into()) };
/// assert_eq!((element.list, element.index), ("polls", 0));
/// assert_eq!(element.body.to_value().ok_or("too large a number")?["votes"], 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct UnknownElement<'a> {
    /// The name of the list.
    pub list: &'a str,
    /// The place of the element in it.
    pub index: usize,
    /// The element as it came.
    pub body: RawJson,
}

/// A part of a callback that could not be read.
///
/// `Debug` leaves the body out, which may hold anything, personal data too.
///
/// ```
/// use kaleyra_wa_types::inbound::{Callback, Event, EventKind};
///
/// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {"messages": [
///     {"from": "919800000001", "id": "wamid.A", "type": "image", "image": {"id": {"is": 7}}}
/// ]}}}"#)?;
/// let Some(Event::Malformed(part)) = callback.events().next() else { return Err("something else".into()) };
/// assert_eq!(part.kind, EventKind::Message);
/// assert_eq!(part.path, "meta_object.value.messages[0].image.id");
/// println!("{}", part.reason); // nothing of the message is in it
/// assert_eq!(part.body.to_value().ok_or("too large a number")?["image"]["id"]["is"], 7);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct MalformedPart<'a> {
    /// What the part would have been.
    pub kind: EventKind,
    /// The JSON path from the callback's root to what is wrong, such as `meta_object.value.messages[1].image.id`.
    pub path: String,
    /// What is wrong there; it repeats nothing of the part.
    pub reason: String,
    /// The part as it came: the element, or the field.
    pub body: &'a RawJson,
    pub(super) texts: Option<&'a Texts>,
}

impl std::fmt::Debug for MalformedPart<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MalformedPart")
            .field("kind", &self.kind)
            .field("path", &self.path)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

impl KaleyraStatus<'_> {
    /// How far the message has come.
    pub fn stage(&self) -> Option<Stage> {
        self.status?.stage()
    }
}

impl<'a> Event<'a> {
    /// What kind of event it is.
    pub fn kind(&self) -> EventKind {
        match self {
            Self::Message(_) => EventKind::Message,
            Self::Status(_) | Self::KaleyraStatus(_) => EventKind::Status,
            Self::Error(_) => EventKind::Error,
            Self::UserAction(_) => EventKind::UserAction,
            Self::Field(_) => EventKind::Field,
            Self::Malformed(part) => part.kind,
            Self::Unknown(_) | Self::Other(_) => EventKind::Other,
        }
    }

    /// What it is within its kind: a message's `type`, a status, an error's code, an action's `action_type`, a field's name,
    /// the name of an unknown list; empty where it says none.
    pub fn type_name(&self) -> &'a str {
        match self {
            Self::Message(message) => message.content.type_name(),
            Self::Status(status) => status.status.as_ref().map_or("", StatusName::as_str),
            Self::KaleyraStatus(status) => status.status.map_or("", StatusName::as_str),
            Self::Error(error) => error.code.as_ref().map_or("", |code| code.as_str()),
            Self::UserAction(action) => action.kind.as_ref().map_or("", UserActionType::as_str),
            Self::Field(change) => change.field.as_ref().map_or("", Field::as_str),
            Self::Unknown(element) => element.list,
            Self::Malformed(part) => {
                let name = match part.kind {
                    EventKind::Status => "status",
                    EventKind::UserAction => "action_type",
                    _ => "type",
                };
                part.text(name)
            }
            Self::Other(_) => "",
        }
    }

    /// The id of the message that it is, or is about; a malformed one may still have it.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Callback, Message};
    ///
    /// let callback = Callback::from(Message::text("919800000001", "Hi").with_id("wamid.A"));
    /// let event = callback.events().next().unwrap();
    /// assert_eq!(event.id(), Some("wamid.A"));
    /// assert_eq!(event.user(), Some("919800000001"));
    /// assert_eq!(event.party().map(|party| party.key()), Some("919800000001"));
    /// assert_eq!(event.body().to_value().unwrap()["text"]["body"], "Hi");
    /// ```
    pub fn id(&self) -> Option<&'a str> {
        match self {
            Self::Message(message) => Some(message.id.as_str()).filter(|id| !id.is_empty()),
            Self::Status(status) => status.id.as_ref().map(|id| id.as_str()),
            Self::KaleyraStatus(status) => status.message_id.map(MessageId::as_str),
            Self::Malformed(part) => Some(part.text("id")).filter(|id| !id.is_empty()),
            Self::Error(_)
            | Self::UserAction(_)
            | Self::Field(_)
            | Self::Unknown(_)
            | Self::Other(_) => None,
        }
    }

    /// Who is on the other side: who wrote, or whom the message went to.
    pub fn party(&self) -> Option<Party<'a>> {
        match self {
            Self::Message(message) => message.party(),
            Self::Status(status) => status.party(),
            _ => None,
        }
    }

    /// The user behind it: who wrote, or whom the message went to. A number or, where that is hidden, a user id; for a
    /// group of which no person is named, the group.
    pub fn user(&self) -> Option<&'a str> {
        match self {
            Self::Malformed(part) => {
                let name = if part.kind == EventKind::Status {
                    "recipient_id"
                } else {
                    "from"
                };
                Some(part.text(name)).filter(|user| !user.is_empty())
            }
            _ => self
                .party()
                .map(|party| party.user().unwrap_or_else(|| party.key())),
        }
    }

    /// The event as it came: the element of its array, the change, or the whole callback.
    pub fn body(&self) -> RawJson {
        let view = match self {
            Self::Message(message) => message.view(),
            Self::Status(status) => status.view(),
            Self::KaleyraStatus(status) => status.callback.view(),
            Self::Error(error) => error.view(),
            Self::UserAction(action) => action.view(),
            Self::Field(change) => change.view(),
            Self::Unknown(element) => return element.body.clone(),
            Self::Malformed(part) => return part.body.clone(),
            Self::Other(callback) => callback.view(),
        };
        RawJson::new(&to_json(view, 1024))
    }
}

impl<'a> MalformedPart<'a> {
    /// One of the strings in it that say what it is; empty where there is none.
    pub(super) fn text(&self, name: &str) -> &'a str {
        self.texts
            .and_then(|texts| texts.get(name))
            .unwrap_or_default()
    }
}

impl EventKind {
    /// The name of the kind: `message`, `status`, `error`, `user_action`, `field`, `other`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Status => "status",
            Self::Error => "error",
            Self::UserAction => "user_action",
            Self::Field => "field",
            Self::Other => "other",
        }
    }
}

impl std::fmt::Display for EventKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
