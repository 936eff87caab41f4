//! One thing inside a callback.

use serde_json::Value;

use super::{
    Callback, Decoded, Field, Malformed, Message, MetaError, MetaObject, Status, StatusName,
};
use crate::MessageId;
use crate::decode::DecodeError;
use crate::response::Code;
use crate::wire::Object;
use crate::wire::object::to_value;

/// One thing inside a callback.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A user wrote.
    Message(&'a Message),
    /// Something became of a message that the business sent, by Meta.
    Status(&'a Status),
    /// Something became of a message that the business sent, by Kaleyra itself: it stopped it, as a rule.
    KaleyraStatus(KaleyraStatus<'a>),
    /// A fault that belongs to no single message.
    Error(&'a MetaError),
    /// A change about something else than messages: the account, a template, a number's quality, …
    Field(&'a MetaObject),
    /// A part that could not be read, kept as it came.
    Malformed(MalformedPart<'a>),
    /// A callback in none of these shapes, such as one of API V1 or of a customer's own profile.
    Other(&'a Callback),
}

/// The kinds of events, as they are counted and printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// A user's message.
    Message,
    /// What became of a message.
    Status,
    /// A fault.
    Error,
    /// A change about something else.
    Field,
    /// Anything else.
    Other,
}

/// Kaleyra's own word on a message: the members around `meta_object`.
///
/// Source: *Not Sent - Daily Limit Reached*, status update webhook payload.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct KaleyraStatus<'a> {
    /// What became of the message, such as `not sent`.
    pub status: &'a StatusName,
    /// WhatsApp's id of the message.
    pub message_id: Option<&'a MessageId>,
    /// Why.
    pub code: Option<&'a Code>,
    /// The same for people.
    pub reason: Option<&'a str>,
    callback: &'a Callback,
}

/// A part of a callback that could not be read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MalformedPart<'a> {
    /// What the part would have been.
    pub kind: EventKind,
    /// The JSON path from the callback's root to what is wrong, such as `meta_object.value.messages[1].image.id`.
    pub path: String,
    /// What is wrong there; it repeats nothing of the part.
    pub reason: String,
    /// The part as it came: the element, or the member.
    pub body: &'a Value,
}

/// Everything inside a callback.
pub(crate) fn events(callback: &Callback) -> impl Iterator<Item = Event<'_>> {
    let change = callback.meta_object.as_ref();
    let about_messages = change.is_some_and(|change| {
        change
            .field
            .as_ref()
            .is_none_or(|field| *field == Field::Messages)
    });
    let value = change
        .filter(|_| about_messages)
        .and_then(|change| change.value.as_ref());

    let elements = value.into_iter().flat_map(|value| {
        let messages = elements(
            &value.messages,
            EventKind::Message,
            "messages",
            Event::Message,
        );
        let statuses = elements(
            &value.statuses,
            EventKind::Status,
            "statuses",
            Event::Status,
        );
        let errors = elements(&value.errors, EventKind::Error, "errors", Event::Error);
        messages.chain(statuses).chain(errors)
    });
    let has_elements = value.is_some_and(|value| {
        !(value.messages.is_empty() && value.statuses.is_empty() && value.errors.is_empty())
    });
    let misread = misread(callback);
    let whole = (!has_elements && misread.is_empty()).then(|| match change {
        Some(change) if !about_messages => Event::Field(change),
        _ => kaleyra_status(callback).map_or(Event::Other(callback), Event::KaleyraStatus),
    });
    elements
        .chain(misread.into_iter().map(Event::Malformed))
        .chain(whole)
}

fn elements<'a, T>(
    list: &'a [Decoded<T>],
    kind: EventKind,
    name: &'static str,
    event: fn(&'a T) -> Event<'a>,
) -> impl Iterator<Item = Event<'a>> {
    list.iter()
        .enumerate()
        .map(move |(index, element)| match element {
            Decoded::Typed(element) => event(element),
            Decoded::Malformed(malformed) => Event::Malformed(malformed_part(
                malformed,
                kind,
                format!("meta_object.value.{name}[{index}]"),
            )),
        })
}

fn malformed_part(malformed: &Malformed, kind: EventKind, at: String) -> MalformedPart<'_> {
    let Malformed { error, body } = malformed;
    MalformedPart {
        kind,
        path: join(at, error),
        reason: error.reason().to_owned(),
        body,
    }
}

/// The members around the elements that could not be read, and the contacts that could not.
fn misread(callback: &Callback) -> Vec<MalformedPart<'_>> {
    let change = callback.meta_object.as_ref();
    let value = change.and_then(|change| change.value.as_ref());
    let members = [
        ("", callback.misread()),
        (
            "meta_object.",
            change.map(Object::misread).unwrap_or_default(),
        ),
        (
            "meta_object.value.",
            value.map(Object::misread).unwrap_or_default(),
        ),
    ];
    let members = members
        .into_iter()
        .flat_map(|(at, misread)| misread.into_iter().map(move |member| (at, member)));
    let members = members.map(|(at, member)| MalformedPart {
        kind: EventKind::Other,
        path: join(format!("{at}{}", member.name), &member.error),
        reason: member.error.reason().to_owned(),
        body: member.body,
    });
    let contacts = value
        .into_iter()
        .flat_map(|value| value.contacts.iter().enumerate());
    let contacts = contacts.filter_map(|(index, contact)| {
        let at = format!("meta_object.value.contacts[{index}]");
        contact
            .malformed()
            .map(|malformed| malformed_part(malformed, EventKind::Other, at))
    });
    members.chain(contacts).collect()
}

fn join(at: String, error: &DecodeError) -> String {
    match error.path() {
        "" => at,
        path if path.starts_with('[') => at + path,
        path => format!("{at}.{path}"),
    }
}

fn kaleyra_status(callback: &Callback) -> Option<KaleyraStatus<'_>> {
    Some(KaleyraStatus {
        status: callback.status.as_ref()?,
        message_id: callback.message_id.as_ref(),
        code: callback.code.as_ref(),
        reason: callback.reason.as_deref(),
        callback,
    })
}

impl<'a> Event<'a> {
    /// What kind of event it is.
    pub fn kind(&self) -> EventKind {
        match self {
            Self::Message(_) => EventKind::Message,
            Self::Status(_) | Self::KaleyraStatus(_) => EventKind::Status,
            Self::Error(_) => EventKind::Error,
            Self::Field(_) => EventKind::Field,
            Self::Malformed(part) => part.kind,
            Self::Other(_) => EventKind::Other,
        }
    }

    /// What it is within its kind: a message's `type`, a status, an error's code, a field's name; empty where it says none.
    pub fn type_name(&self) -> &'a str {
        match self {
            Self::Message(message) => message.content.type_name(),
            Self::Status(status) => status.status.as_ref().map_or("", StatusName::as_str),
            Self::KaleyraStatus(status) => status.status.as_str(),
            Self::Error(error) => error.code.as_ref().map_or("", |code| code.as_str()),
            Self::Field(change) => change.field.as_ref().map_or("", Field::as_str),
            Self::Malformed(part) => {
                let name = if part.kind == EventKind::Status {
                    "status"
                } else {
                    "type"
                };
                text(part.body, name)
            }
            Self::Other(_) => "",
        }
    }

    /// The id of the message that it is, or is about; a malformed one may have it still.
    pub fn id(&self) -> Option<&'a str> {
        match self {
            Self::Message(message) => Some(message.id.as_str()),
            Self::Status(status) => status.id.as_ref().map(|id| id.as_str()),
            Self::KaleyraStatus(status) => status.message_id.map(MessageId::as_str),
            Self::Malformed(part) => Some(text(part.body, "id")).filter(|id| !id.is_empty()),
            Self::Error(_) | Self::Field(_) | Self::Other(_) => None,
        }
    }

    /// The user behind it: who wrote, or whom the message went to. A number or, where that is hidden, a user id.
    pub fn user(&self) -> Option<&'a str> {
        match self {
            Self::Message(message) => {
                let number = message.from.as_ref().map(|from| from.as_str());
                number.or_else(|| message.from_user_id.as_ref().map(|id| id.as_str()))
            }
            Self::Status(status) => {
                let number = status.recipient_id.as_ref().map(|id| id.as_str());
                number.or_else(|| status.recipient_user_id.as_ref().map(|id| id.as_str()))
            }
            Self::Malformed(part) => Some(text(part.body, "from")).filter(|from| !from.is_empty()),
            Self::KaleyraStatus(_) | Self::Error(_) | Self::Field(_) | Self::Other(_) => None,
        }
    }

    /// The event as it came: the element of its array, the change, or the whole callback.
    pub fn body(&self) -> Value {
        match self {
            Self::Message(message) => to_value(message),
            Self::Status(status) => to_value(status),
            Self::KaleyraStatus(status) => to_value(status.callback),
            Self::Error(error) => to_value(error),
            Self::Field(change) => to_value(change),
            Self::Malformed(part) => part.body.clone(),
            Self::Other(callback) => to_value(callback),
        }
    }
}

fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body.get(name).and_then(Value::as_str).unwrap_or_default()
}

impl EventKind {
    /// The kind in a word: `message`, `status`, `error`, `field`, `other`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Status => "status",
            Self::Error => "error",
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
