//! Walks through a callback: all that was read, and all that could not be.
//!
//! A callback, an entry and a change are made of parts, in this order; each part knows how many events are in it, and
//! gives the nth of them without making those before.

use std::fmt;

use super::flat::Flat;
use super::{
    Callback, ChangeValue, Decoded, Elements, Entry, Event, EventKind, KaleyraStatus, Malformed,
    MalformedPart, MetaObject, UnknownElement,
};
use crate::decode::join;
use crate::wire::Object;

/// Everything inside a callback.
pub(crate) fn events(callback: &Callback) -> impl Iterator<Item = Event<'_>> {
    (0..).map_while(|nth| event(callback, nth))
}

/// The same as `events(callback).nth(nth)`, without making what comes before it.
pub(crate) fn event(callback: &Callback, nth: usize) -> Option<Event<'_>> {
    event_of_callback(Path::ROOT, callback, nth)
}

/// A place in a callback, as a path to be shown where it is needed.
#[derive(Clone, Copy)]
struct Path<'p> {
    outer: Option<&'p Self>,
    member: &'p str,
    index: Option<usize>,
}

impl<'p> Path<'p> {
    const ROOT: Path<'static> = Path {
        outer: None,
        member: "",
        index: None,
    };

    fn member(&'p self, member: &'p str) -> Self {
        Self {
            outer: Some(self),
            member,
            index: None,
        }
    }

    fn element(&'p self, list: &'p str, index: usize) -> Self {
        Self {
            outer: Some(self),
            member: list,
            index: Some(index),
        }
    }

    fn join(&self, inner: &str) -> String {
        join(&self.to_string(), inner)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outer = self.outer.map(ToString::to_string).unwrap_or_default();
        f.write_str(&join(&outer, self.member))?;
        match self.index {
            Some(index) => write!(f, "[{index}]"),
            None => Ok(()),
        }
    }
}

/// What a callback is made of.
#[derive(Clone, Copy)]
enum PartOfCallback {
    /// The callbacks, where there are several in an array.
    Batch,
    Change,
    /// The entries of Meta's own envelope.
    Entries,
    Misread,
    Dropped,
    /// What it is as a whole, where that is nothing of the above.
    Whole,
}

const PARTS_OF_CALLBACK: [PartOfCallback; 6] = [
    PartOfCallback::Batch,
    PartOfCallback::Change,
    PartOfCallback::Entries,
    PartOfCallback::Misread,
    PartOfCallback::Dropped,
    PartOfCallback::Whole,
];

fn event_of_callback<'a>(
    at: Path<'_>,
    callback: &'a Callback,
    mut nth: usize,
) -> Option<Event<'a>> {
    for part in PARTS_OF_CALLBACK {
        let count = count_in_callback(callback, part);
        if nth < count {
            return event_in_callback(at, callback, part, nth);
        }
        nth -= count;
    }
    None
}

/// How many events are in a callback.
pub(super) fn count_of_callback(callback: &Callback) -> usize {
    PARTS_OF_CALLBACK
        .map(|part| count_in_callback(callback, part))
        .iter()
        .sum()
}

fn count_in_callback(callback: &Callback, part: PartOfCallback) -> usize {
    match part {
        PartOfCallback::Batch => callback.batch.event_count(),
        PartOfCallback::Change => callback.meta_object.as_ref().map_or(0, count_of_change),
        PartOfCallback::Entries => callback.entry.event_count(),
        PartOfCallback::Misread => misread(&objects_of_callback(callback)).count(),
        PartOfCallback::Dropped => callback.unknown.dropped().len(),
        PartOfCallback::Whole => usize::from(whole(callback).is_some()),
    }
}

fn event_in_callback<'a>(
    at: Path<'_>,
    callback: &'a Callback,
    part: PartOfCallback,
    nth: usize,
) -> Option<Event<'a>> {
    match part {
        PartOfCallback::Batch => event_in_elements(at, "", &callback.batch, nth, event_of_callback),
        PartOfCallback::Change => event_of_change(
            at.member("meta_object"),
            callback.meta_object.as_ref()?,
            nth,
        ),
        PartOfCallback::Entries => {
            event_in_elements(at, "entry", &callback.entry, nth, event_of_entry)
        }
        PartOfCallback::Misread => misread_event(at, &objects_of_callback(callback), nth),
        PartOfCallback::Dropped => dropped(callback, nth),
        PartOfCallback::Whole => whole(callback),
    }
}

fn objects_of_callback(callback: &Callback) -> [Option<(&'static str, &dyn Object)>; 3] {
    [
        Some(("", callback as &dyn Object)),
        callback
            .extra_info
            .as_ref()
            .map(|it| ("extra_info", it as &dyn Object)),
        None,
    ]
}

/// The callback as one thing, where it has no elements.
fn whole(callback: &Callback) -> Option<Event<'_>> {
    let change = callback.meta_object.as_ref();
    let is_field = change.is_some_and(|change| !change.is_about_messages());
    let has_elements = change.is_some_and(|change| count_of_elements(change) > 0);
    let has_others = callback.batch.event_count() > 0 || callback.entry.event_count() > 0;
    if is_field || has_elements || has_others {
        return None;
    }
    match callback.flat.as_deref() {
        Some(Flat::Status(Decoded::Typed(status))) => return Some(Event::Status(status)),
        Some(Flat::Status(Decoded::Malformed(malformed))) => {
            return Some(Event::Malformed(malformed_part(
                Path::ROOT,
                malformed,
                EventKind::Status,
            )));
        }
        Some(Flat::Change(change)) => return Some(Event::Field(change)),
        None => {}
    }
    if let Some(status) = kaleyra_status(callback) {
        return Some(Event::KaleyraStatus(status));
    }
    let misread =
        misread(&objects_of_callback(callback)).count() + change.map_or(0, count_of_change);
    (misread == 0).then_some(Event::Other(callback))
}

/// What was left out, since a field of its name came later.
fn dropped(callback: &Callback, nth: usize) -> Option<Event<'_>> {
    let dropped = callback.unknown.dropped().get(nth)?;
    let kind = match dropped.path.split_once(".value.") {
        Some((_, list)) => kind_of(list.split(['[', '.']).next().unwrap_or(list)),
        None => EventKind::Other,
    };
    Some(Event::Malformed(MalformedPart {
        kind,
        path: dropped.path.clone(),
        reason: "left out: a field of the same name came later".to_owned(),
        body: &dropped.body,
        texts: None,
    }))
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

fn event_of_entry<'a>(at: Path<'_>, entry: &'a Entry, nth: usize) -> Option<Event<'a>> {
    let changes = entry.changes.event_count();
    match nth.checked_sub(changes) {
        None => event_in_elements(at, "changes", &entry.changes, nth, event_of_change),
        Some(nth) => misread_event(at, &[Some(("", entry as &dyn Object)), None, None], nth),
    }
}

/// How many events are in an entry.
pub(super) fn count_of_entry(entry: &Entry) -> usize {
    entry.changes.event_count() + misread(&[Some(("", entry as &dyn Object)), None, None]).count()
}

/// What a change is made of.
#[derive(Clone, Copy)]
enum PartOfChange {
    Messages,
    Statuses,
    Errors,
    UserActions,
    /// The elements of other lists.
    Others,
    Misread,
    Contacts,
    /// The change itself, where it is about something else than messages.
    Field,
}

const PARTS_OF_CHANGE: [PartOfChange; 8] = [
    PartOfChange::Messages,
    PartOfChange::Statuses,
    PartOfChange::Errors,
    PartOfChange::UserActions,
    PartOfChange::Others,
    PartOfChange::Misread,
    PartOfChange::Contacts,
    PartOfChange::Field,
];

fn event_of_change<'a>(at: Path<'_>, change: &'a MetaObject, mut nth: usize) -> Option<Event<'a>> {
    for part in PARTS_OF_CHANGE {
        let count = count_in_change(change, part);
        if nth < count {
            return event_in_change(at, change, part, nth);
        }
        nth -= count;
    }
    None
}

/// How many events are in a change.
pub(super) fn count_of_change(change: &MetaObject) -> usize {
    PARTS_OF_CHANGE
        .map(|part| count_in_change(change, part))
        .iter()
        .sum()
}

/// How many of them are neither faults nor the change itself.
fn count_of_elements(change: &MetaObject) -> usize {
    PARTS_OF_CHANGE[..5]
        .iter()
        .map(|part| count_in_change(change, *part))
        .sum()
}

fn count_in_change(change: &MetaObject, part: PartOfChange) -> usize {
    let of_value = |count: fn(&ChangeValue) -> usize| value(change).map_or(0, count);
    match part {
        PartOfChange::Messages => of_value(|value| value.messages.len()),
        PartOfChange::Statuses => of_value(|value| value.statuses.len()),
        PartOfChange::Errors => of_value(|value| value.errors.len()),
        PartOfChange::UserActions => of_value(|value| value.user_actions.len()),
        PartOfChange::Others => of_value(|value| value.unknown.element_count()),
        PartOfChange::Misread => misread(&objects_of_change(change)).count(),
        PartOfChange::Contacts => of_value(|value| value.contacts.event_count()),
        PartOfChange::Field => usize::from(!change.is_about_messages()),
    }
}

fn event_in_change<'a>(
    at: Path<'_>,
    change: &'a MetaObject,
    part: PartOfChange,
    nth: usize,
) -> Option<Event<'a>> {
    if let PartOfChange::Field = part {
        return Some(Event::Field(change));
    }
    if let PartOfChange::Misread = part {
        return misread_event(at, &objects_of_change(change), nth);
    }
    let (value, at) = (value(change)?, at.member("value"));
    match part {
        PartOfChange::Messages => event_in(at, "messages", &value.messages, nth, Event::Message),
        PartOfChange::Statuses => event_in(at, "statuses", &value.statuses, nth, Event::Status),
        PartOfChange::Errors => event_in(at, "errors", &value.errors, nth, Event::Error),
        PartOfChange::UserActions => event_in(
            at,
            "user_actions",
            &value.user_actions,
            nth,
            Event::UserAction,
        ),
        PartOfChange::Others => {
            let (list, index, json) = value.unknown.element(nth)?;
            Some(Event::Unknown(UnknownElement {
                list,
                index,
                body: crate::RawJson::new(json),
            }))
        }
        PartOfChange::Contacts => {
            event_in_elements(at, "contacts", &value.contacts, nth, |_, _, _| None)
        }
        PartOfChange::Misread | PartOfChange::Field => None,
    }
}

/// The value with the elements, where the change is about messages.
///
/// That of another change is not looked into: it has fields of its own, and those with the names of our lists may have
/// another shape (see [`MetaObject::change`]).
fn value(change: &MetaObject) -> Option<&ChangeValue> {
    change.value.as_ref().filter(|_| change.is_about_messages())
}

fn objects_of_change(change: &MetaObject) -> [Option<(&'static str, &dyn Object)>; 3] {
    let value = value(change);
    let metadata = value.and_then(|value| value.metadata.as_ref());
    [
        Some(("", change as &dyn Object)).filter(|_| change.is_about_messages()),
        value.map(|it| ("value", it as &dyn Object)),
        metadata.map(|it| ("value.metadata", it as &dyn Object)),
    ]
}

fn event_in<'a, T>(
    at: Path<'_>,
    name: &str,
    list: &'a [Decoded<T>],
    index: usize,
    event: fn(&'a T) -> Event<'a>,
) -> Option<Event<'a>> {
    Some(match list.get(index)? {
        Decoded::Typed(element) => event(element),
        Decoded::Malformed(malformed) => Event::Malformed(malformed_part(
            at.element(name, index),
            malformed,
            kind_of(name),
        )),
    })
}

fn event_in_elements<'a, T>(
    at: Path<'_>,
    name: &str,
    elements: &'a Elements<T>,
    nth: usize,
    event: fn(Path<'_>, &'a T, usize) -> Option<Event<'a>>,
) -> Option<Event<'a>> {
    let (index, element, nth) = elements.with_event(nth)?;
    let at = at.element(name, index);
    match element {
        Decoded::Typed(element) => event(at, element, nth),
        Decoded::Malformed(malformed) => Some(Event::Malformed(malformed_part(
            at,
            malformed,
            EventKind::Other,
        ))),
    }
}

fn malformed_part<'a>(
    at: Path<'_>,
    malformed: &'a Malformed,
    kind: EventKind,
) -> MalformedPart<'a> {
    let Malformed { error, body, texts } = malformed;
    MalformedPart {
        kind,
        path: at.join(error.path()),
        reason: error.reason().to_owned(),
        body,
        texts: Some(texts),
    }
}

/// The fields of objects that could not be read: a few at most.
fn misread<'a>(
    objects: &[Option<(&'static str, &'a dyn Object)>; 3],
) -> impl Iterator<
    Item = (
        &'static str,
        &'static str,
        &'a crate::DecodeError,
        &'a crate::RawJson,
    ),
> {
    objects.iter().flatten().flat_map(|(at, object)| {
        let (at, object) = (*at, *object);
        let misread = object.unknown().misread();
        misread.map(move |(n, error, body)| (at, object.shape().members.name(n), error, body))
    })
}

fn misread_event<'a>(
    at: Path<'_>,
    objects: &[Option<(&'static str, &'a dyn Object)>; 3],
    nth: usize,
) -> Option<Event<'a>> {
    let (place, name, error, body) = misread(objects).nth(nth)?;
    Some(Event::Malformed(MalformedPart {
        kind: if place == "value" {
            kind_of(name)
        } else {
            EventKind::Other
        },
        path: at.member(place).join(error.path()),
        reason: error.reason().to_owned(),
        body,
        texts: None,
    }))
}

/// What a field of a change's value holds.
fn kind_of(name: &str) -> EventKind {
    match name {
        "messages" => EventKind::Message,
        "statuses" => EventKind::Status,
        "errors" => EventKind::Error,
        "user_actions" => EventKind::UserAction,
        _ => EventKind::Other,
    }
}
