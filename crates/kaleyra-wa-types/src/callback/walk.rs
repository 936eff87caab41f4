//! Walks through a callback: all that was read, and all that could not be.

use super::{
    Callback, Decoded, Event, EventKind, KaleyraStatus, Malformed, MalformedPart, MetaObject,
};
use crate::decode::join;
use crate::wire::Object;
use crate::wire::object::Misread;

/// Everything inside a callback.
pub(crate) fn events(callback: &Callback) -> impl Iterator<Item = Event<'_>> {
    let change = callback.meta_object.as_ref();
    let about_messages = change.is_some_and(MetaObject::is_about_messages);
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
    let misread = misread(callback, about_messages);
    let whole = match change {
        Some(change) if !about_messages => Some(Event::Field(change)),
        _ if has_elements => None,
        _ => match kaleyra_status(callback) {
            Some(status) => Some(Event::KaleyraStatus(status)),
            None if misread.is_empty() => Some(Event::Other(callback)),
            None => None,
        },
    };
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
        path: join(&at, error.path()),
        reason: error.reason().to_owned(),
        body,
    }
}

/// The members around the elements that could not be read, and the contacts that could not.
///
/// The value of a change about something else than messages is not looked into: it has members of its own, and those
/// with the names of our lists may have another shape (see `MetaObject::change`).
fn misread(callback: &Callback, about_messages: bool) -> Vec<MalformedPart<'_>> {
    let change = callback.meta_object.as_ref();
    let value = change
        .filter(|_| about_messages)
        .and_then(|change| change.value.as_ref());
    let metadata = value.and_then(|value| value.metadata.as_ref());
    let objects = [
        ("", callback.misread()),
        ("extra_info", misread_in(callback.extra_info.as_ref())),
        ("meta_object", misread_in(change)),
        ("meta_object.value", misread_in(value)),
        ("meta_object.value.metadata", misread_in(metadata)),
    ];
    let members = objects.into_iter().flat_map(|(at, misread)| {
        let is_read_elsewhere =
            move |name| !about_messages && (at, name) == ("meta_object", "value");
        let members = misread
            .into_iter()
            .filter(move |member| !is_read_elsewhere(member.name));
        members.map(move |member| MalformedPart {
            kind: kind_of(at, member.name),
            path: join(&join(at, member.name), member.error.path()),
            reason: member.error.reason().to_owned(),
            body: member.body,
        })
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

fn misread_in<T: Object>(object: Option<&T>) -> Vec<Misread<'_>> {
    object.map(Object::misread).unwrap_or_default()
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
