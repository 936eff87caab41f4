//! Reads objects, what stands in their members, and whole texts.

use std::borrow::Cow;

use super::duplicates;
use super::fault::{Fault, Read, Reason};
use super::members::read_members;
use super::reader::{Blank, Expected, Kind, Reader};
use super::shape::{Form, Object, View, Wire};
use super::unknown_fields::State;

/// Reads an object, or the JSON of one in a string.
pub(crate) fn read_object(object: &mut dyn Object, reader: &mut Reader<'_>) -> Read<Form> {
    match reader.peek()? {
        Kind::Object => {
            let whole = reader.whole();
            reader.enter()?;
            read_members(object, reader)?;
            if let Some(json) = whole.filter(|_| reader.limits().has_duplicates) {
                object.unknown_mut().set_dropped(duplicates::find(json));
            }
            Ok(Form::AsWritten)
        }
        Kind::Text => {
            let expected = Expected::Object(object.shape().name);
            read_quoted(reader, &['{'], expected, &mut |inner| {
                read_object(object, inner)
            })
        }
        _ => reader.refuse(Expected::Object(object.shape().name)),
    }
}

/// Reads the JSON in a string, which must begin with one of these brackets.
pub(crate) fn read_quoted(
    reader: &mut Reader<'_>,
    brackets: &[char],
    expected: Expected,
    read: &mut dyn FnMut(&mut Reader<'_>) -> Read<Form>,
) -> Read<Form> {
    let refused = || {
        Fault::new(Reason::Unexpected {
            expected,
            found: Kind::Text,
        })
    };
    let (text, _) = reader.scalar()?;
    let limits = reader.quoted_limits();
    let Some(limits) = limits.filter(|_| text.trim_start().starts_with(brackets)) else {
        return Err(refused());
    };
    let mut inner = Reader::inside(&text, limits);
    let result = read(&mut inner).and_then(|_| inner.end());
    reader.after_quoted(inner.limits());
    match result {
        Ok(()) => Ok(Form::Otherwise),
        Err(fault) if fault.is_syntax() => Err(refused()),
        Err(fault) => Err(fault),
    }
}

/// What was read of a member.
pub(super) enum Slot {
    Plain,
    /// It says nothing, and its place is empty.
    Blank(State),
    Otherwise,
}

/// Reads a member, at whose [mark](Reader::mark) the reader stands, into its empty place, unless it says nothing.
#[inline(always)]
pub(super) fn read_slot(
    member: &mut dyn Wire,
    is_mandatory: bool,
    reader: &mut Reader<'_>,
) -> Read<Slot> {
    if reader.may_be_blank()
        && let Some(slot) = read_blank(member, is_mandatory, reader)?
    {
        return Ok(slot);
    }
    Ok(match member.read(reader)? {
        Form::AsWritten => Slot::Plain,
        Form::Otherwise => Slot::Otherwise,
    })
}

#[inline(never)]
fn read_blank(
    member: &dyn Wire,
    is_mandatory: bool,
    reader: &mut Reader<'_>,
) -> Read<Option<Slot>> {
    let mark = reader.mark();
    let Some(blank) = reader.blank()? else {
        return Ok(None);
    };
    if blank != Blank::Null && member.takes_any() {
        reader.rewind(mark);
        return Ok(None);
    }
    Ok(Some(match (blank, is_mandatory) {
        (blank, false) => Slot::Blank(State::of(blank)),
        (Blank::Null, true) => Slot::Blank(State::Null),
        // An empty text is a text, and an empty list a list.
        (Blank::Text, true) if matches!(member.view(), View::Text(_)) => Slot::Plain,
        (Blank::Text, true) => Slot::Blank(State::EmptyText),
        (Blank::List, true) if matches!(member.view(), View::List(_)) => Slot::Plain,
        (Blank::List, true) => Slot::Otherwise,
    }))
}

/// Reads the text of a string, number or flag.
#[inline]
pub(crate) fn read_text<'de>(
    reader: &mut Reader<'de>,
    expected: Expected,
) -> Read<(Cow<'de, str>, bool)> {
    match reader.plain_text() {
        Some(text) => Ok((Cow::Borrowed(text), true)),
        None => read_other_text(reader, expected),
    }
}

#[inline(never)]
fn read_other_text<'de>(
    reader: &mut Reader<'de>,
    expected: Expected,
) -> Read<(Cow<'de, str>, bool)> {
    match reader.peek()? {
        Kind::Text | Kind::Number | Kind::Bool => reader.scalar(),
        _ => reader.refuse(expected),
    }
}

/// Reads a whole text into an empty model.
pub(crate) fn read_all(model: &mut dyn Wire, text: &str) -> Read<()> {
    let mut reader = Reader::new(text);
    // Whatever is wrong in it, the text must be JSON.
    let result = model.read(&mut reader);
    match &result {
        Err(fault) if fault.is_syntax() => {}
        _ => reader.end()?,
    }
    result.map(|_| ())
}
