//! Walks through a callback: all that was read, and all that could not be.

use super::{
    Callback, ChangeValue, Decoded, Event, EventKind, KaleyraStatus, Malformed, MalformedPart,
    MetaObject,
};
use crate::UnknownFields;
use crate::decode::join;
use crate::wire::{Object, Shape};

/// Everything inside a callback.
pub(crate) fn events(callback: &Callback) -> impl Iterator<Item = Event<'_>> {
    let elements = value(callback).into_iter().flat_map(|value| {
        let messages = (0..).map_while(|at| message(value, at));
        let statuses = (0..).map_while(|at| status(value, at));
        let errors = (0..).map_while(|at| error(value, at));
        messages.chain(statuses).chain(errors)
    });
    let contacts = malformed_contacts(callback);
    elements
        .chain(misread(callback).map(Event::Malformed))
        .chain(contacts.map(|(at, contact)| malformed_contact(at, contact)))
        .chain((0..).map_while(|nth| dropped(callback, nth)))
        .chain(whole(callback))
}

/// The same as `events(callback).nth(nth)`, without making what comes before it.
pub(crate) fn event(callback: &Callback, nth: usize) -> Option<Event<'_>> {
    let mut nth = nth;
    if let Some(value) = value(callback) {
        if let Some(message) = message(value, nth) {
            return Some(message);
        }
        nth -= value.messages.len();
        if let Some(status) = status(value, nth) {
            return Some(status);
        }
        nth -= value.statuses.len();
        if let Some(error) = error(value, nth) {
            return Some(error);
        }
        nth -= value.errors.len();
    }
    if let Some(part) = misread(callback).nth(nth) {
        return Some(Event::Malformed(part));
    }
    nth -= misread(callback).count();
    if let Some((at, contact)) = malformed_contacts(callback).nth(nth) {
        return Some(malformed_contact(at, contact));
    }
    nth -= malformed_contacts(callback).count();
    if let Some(dropped) = dropped(callback, nth) {
        return Some(dropped);
    }
    nth -= callback.unknown.dropped().len();
    whole(callback).filter(|_| nth == 0)
}

/// The value with the elements, where the change is about messages.
fn value(callback: &Callback) -> Option<&ChangeValue> {
    let change = callback.meta_object.as_ref()?;
    change.value.as_ref().filter(|_| change.is_about_messages())
}

fn message(value: &ChangeValue, at: usize) -> Option<Event<'_>> {
    let list = &value.messages;
    element(list, EventKind::Message, "messages", at, Event::Message)
}

fn status(value: &ChangeValue, at: usize) -> Option<Event<'_>> {
    let list = &value.statuses;
    element(list, EventKind::Status, "statuses", at, Event::Status)
}

fn error(value: &ChangeValue, at: usize) -> Option<Event<'_>> {
    element(&value.errors, EventKind::Error, "errors", at, Event::Error)
}

fn element<'a, T>(
    list: &'a [Decoded<T>],
    kind: EventKind,
    name: &str,
    at: usize,
    event: fn(&'a T) -> Event<'a>,
) -> Option<Event<'a>> {
    Some(match list.get(at)? {
        Decoded::Typed(element) => event(element),
        Decoded::Malformed(malformed) => Event::Malformed(malformed_part(
            malformed,
            kind,
            format!("meta_object.value.{name}[{at}]"),
        )),
    })
}

/// The callback as one thing, where it has no elements.
fn whole(callback: &Callback) -> Option<Event<'_>> {
    let change = callback.meta_object.as_ref();
    if let Some(change) = change.filter(|change| !change.is_about_messages()) {
        return Some(Event::Field(change));
    }
    let has_elements = value(callback).is_some_and(|value| {
        !(value.messages.is_empty() && value.statuses.is_empty() && value.errors.is_empty())
    });
    if has_elements {
        return None;
    }
    if let Some(status) = kaleyra_status(callback) {
        return Some(Event::KaleyraStatus(status));
    }
    let is_read =
        misread(callback).next().is_none() && malformed_contacts(callback).next().is_none();
    is_read.then_some(Event::Other(callback))
}

fn malformed_part(malformed: &Malformed, kind: EventKind, at: String) -> MalformedPart<'_> {
    let Malformed { error, body, texts } = malformed;
    MalformedPart {
        kind,
        path: join(&at, error.path()),
        reason: error.reason().to_owned(),
        body,
        texts: Some(texts),
    }
}

/// The members around the elements that could not be read: a few at most.
///
/// The value of a change about something else than messages is not looked into: it has members of its own, and those
/// with the names of our lists may have another shape (see `MetaObject::change`).
fn misread(callback: &Callback) -> impl Iterator<Item = MalformedPart<'_>> {
    let change = callback.meta_object.as_ref();
    let is_about_messages = change.is_some_and(MetaObject::is_about_messages);
    let value = value(callback);
    let metadata = value.and_then(|value| value.metadata.as_ref());
    let objects = [
        Some(part("", callback)),
        callback
            .extra_info
            .as_ref()
            .map(|it| part("extra_info", it)),
        change.map(|it| part("meta_object", it)),
        value.map(|it| part("meta_object.value", it)),
        metadata.map(|it| part("meta_object.value.metadata", it)),
    ];
    objects
        .into_iter()
        .flatten()
        .flat_map(move |(at, shape, unknown)| {
            let misread = unknown.misread();
            misread.filter_map(move |(n, error, body)| {
                let name = shape.members.name(n);
                let is_read_elsewhere =
                    !is_about_messages && (at, name) == ("meta_object", "value");
                (!is_read_elsewhere).then(|| MalformedPart {
                    kind: kind_of(at, name),
                    path: join(at, error.path()),
                    reason: error.reason().to_owned(),
                    body,
                    texts: None,
                })
            })
        })
}

/// An object around the elements: its place, its table, and what it could not read.
fn part<'a>(
    at: &'static str,
    object: &'a dyn Object,
) -> (&'static str, &'static Shape, &'a UnknownFields) {
    (at, object.shape(), object.unknown())
}

/// What was left out, since a member of its name came later.
fn dropped(callback: &Callback, nth: usize) -> Option<Event<'_>> {
    let dropped = callback.unknown.dropped().get(nth)?;
    let kind = match dropped.path.strip_prefix("meta_object.value.") {
        Some(list) => kind_of("meta_object.value", list.split('[').next().unwrap_or(list)),
        None => EventKind::Other,
    };
    Some(Event::Malformed(MalformedPart {
        kind,
        path: dropped.path.clone(),
        reason: "left out: a member of the same name came later".to_owned(),
        body: &dropped.body,
        texts: None,
    }))
}

/// The contacts that could not be read, with their places.
fn malformed_contacts(callback: &Callback) -> impl Iterator<Item = (usize, &Malformed)> {
    let contacts = value(callback).map_or(&[][..], |value| &value.contacts);
    let contacts = contacts.iter().enumerate();
    contacts.filter_map(|(at, contact)| Some((at, contact.malformed()?)))
}

fn malformed_contact(at: usize, contact: &Malformed) -> Event<'_> {
    let at = format!("meta_object.value.contacts[{at}]");
    Event::Malformed(malformed_part(contact, EventKind::Other, at))
}

/// What a member would have held.
fn kind_of(at: &str, name: &str) -> EventKind {
    match (at, name) {
        ("meta_object.value", "messages") => EventKind::Message,
        ("meta_object.value", "statuses") => EventKind::Status,
        ("meta_object.value", "errors") => EventKind::Error,
        _ => EventKind::Other,
    }
}

fn kaleyra_status(callback: &Callback) -> Option<KaleyraStatus<'_>> {
    let why = callback.code.is_some() || callback.reason.is_some();
    let says = callback.status.is_some() || (callback.message_id.is_some() && why);
    says.then_some(KaleyraStatus {
        status: callback.status.as_ref(),
        message_id: callback.message_id.as_ref(),
        code: callback.code.as_ref(),
        reason: callback.reason.as_deref(),
        callback,
    })
}
