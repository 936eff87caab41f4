//! Writes models: their members in the order of the table, and each as it came unless it was changed.

use std::fmt::Write;

use super::names::Name;
use super::raw_json::RawJson;
use super::reader::Reader;
use super::same::came_from;
use super::scan_bytes::{end_of_unescaped, is_unescaped};
use super::shape::{Choice, ChoiceKind, Object, View, Wire};
use super::unknown_fields::{Came, State, UnknownFields};

/// Takes a member; an error stops the walk.
pub(crate) trait Emit: FnMut(Name<'_>, View<'_>) -> Result<(), Stop> {}

impl<F: FnMut(Name<'_>, View<'_>) -> Result<(), Stop>> Emit for F {}

/// Whoever takes the members wants no more.
pub(crate) struct Stop;

/// Walks the members that are written. It is compiled for JSON, and once for all others.
#[inline]
pub(crate) fn each_member(object: &dyn Object, emit: &mut impl Emit) -> Result<(), Stop> {
    let shape = object.shape();
    if !object.unknown().is_plain() {
        return each_as_it_came(object, emit);
    }
    let mut present = object.present();
    while present != 0 {
        let n = present.trailing_zeros() as usize;
        present &= present - 1;
        if let Some(value) = object.member(n) {
            let name = Name {
                text: shape.members.name(n),
                json: shape.json_names.get(n).copied(),
            };
            emit_plain(name, value, shape.is_mandatory(n), emit)?;
        }
    }
    for n in 0..shape.choices {
        if let Some(choice) = object.choice(n) {
            emit_choice(choice, shape.choice_slots(n), object.unknown(), emit)?;
        }
    }
    Ok(())
}

/// Walks the members of an object of which some came in another form than they are written in.
#[inline(never)]
fn each_as_it_came(
    object: &dyn Object,
    emit: &mut dyn FnMut(Name<'_>, View<'_>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let shape = object.shape();
    let unknown = object.unknown();
    let mut emit = |name: Name<'_>, view: View<'_>| emit(name, view);
    for n in 0..shape.members.list().len() {
        if let Some(value) = object.member(n) {
            let name = name_as_it_came(object, n).into();
            emit_slot(name, value, n, shape.is_mandatory(n), unknown, &mut emit)?;
        }
    }
    for n in 0..shape.choices {
        if let Some(choice) = object.choice(n) {
            emit_choice(choice, shape.choice_slots(n), unknown, &mut emit)?;
        }
    }
    for (name, value) in unknown.iter() {
        if !writes(object, name) {
            emit(name.into(), View::Json(value.as_str()))?;
        }
    }
    Ok(())
}

fn name_as_it_came(object: &dyn Object, n: usize) -> &'static str {
    let shape = object.shape();
    let alias = object
        .unknown()
        .alias(n)
        .and_then(|(alias, _)| shape.aliases(n).get(alias));
    alias.copied().unwrap_or(shape.members.name(n))
}

#[inline]
fn emit_plain(
    name: Name<'_>,
    value: &dyn Wire,
    is_mandatory: bool,
    emit: &mut impl Emit,
) -> Result<(), Stop> {
    match value.view() {
        View::Absent => Ok(()),
        View::List(list) if !is_mandatory && list.len() == 0 => Ok(()),
        view => emit(name, view),
    }
}

/// Writes a member as it came, where it still says the same; and what came beside it.
fn emit_slot(
    name: Name<'_>,
    value: &dyn Wire,
    n: usize,
    is_mandatory: bool,
    unknown: &UnknownFields,
    emit: &mut impl Emit,
) -> Result<(), Stop> {
    let is_written = match as_it_came(value, n, is_mandatory, unknown) {
        None => {
            let mut is_written = false;
            emit_plain(
                name,
                value,
                is_mandatory,
                &mut |name: Name<'_>, view: View<'_>| {
                    is_written = true;
                    emit(name, view)
                },
            )?;
            is_written
        }
        Some(View::Absent) => false,
        Some(view) => {
            emit(name, view)?;
            true
        }
    };
    for came in unknown.how_came(n) {
        if let Came::Beside(beside, json) = came
            && !(is_written && *beside == name.text)
        {
            emit((*beside).into(), View::Json(json.as_str()))?;
        }
    }
    Ok(())
}

/// How a member came, where that is not how it is written, and it still says the same.
fn as_it_came<'a>(
    value: &dyn Wire,
    n: usize,
    is_mandatory: bool,
    unknown: &'a UnknownFields,
) -> Option<View<'a>> {
    for came in unknown.how_came(n) {
        let (json, is_same) = match came {
            Came::Otherwise(json) => (
                json,
                came_from(value, json.as_str()) || (json.is_blank() && is_empty(value.view())),
            ),
            Came::Misread(_, json) => (json, is_empty(value.view())),
            Came::Alias(..) | Came::Beside(..) => continue,
        };
        if is_same {
            return Some(View::Json(json.as_str()));
        }
    }
    let state = unknown.state(n);
    if state == State::Plain || !is_empty(value.view()) {
        return None;
    }
    Some(match state {
        State::EmptyText => View::Text(""),
        State::EmptyListOrMissing if is_mandatory => View::Absent,
        State::EmptyListOrMissing => View::Json("[]"),
        State::Null | State::Plain => View::Json("null"),
    })
}

fn emit_choice(
    choice: &dyn Choice,
    (tag_slot, body_slot): (usize, usize),
    unknown: &UnknownFields,
    emit: &mut impl Emit,
) -> Result<(), Stop> {
    let shape = choice.shape();
    let chosen = choice.chosen();
    let unknown_body = chosen.is_none().then(|| choice.unknown()).flatten();
    let name = match (chosen, unknown_body) {
        (Some(variant), _) => Name {
            text: shape.variants.name(variant),
            json: shape.json_names.get(variant).copied(),
        },
        (None, Some(body)) => body.type_name().into(),
        (None, None) => "".into(),
    };
    if shape.kind != ChoiceKind::OneOf {
        emit_tag(choice, name.text, tag_slot, unknown, emit)?;
    }
    let member = match shape.kind {
        ChoiceKind::Adjacent(member) => member.into(),
        _ => name,
    };
    if let Some((name, value)) = choice.beside() {
        emit(name.into(), value.view())?;
    }
    match (choice.body(), unknown_body) {
        (Some(body), _) if unknown.is_plain() => emit_plain(member, body, true, emit),
        (Some(body), _) => emit_slot(member, body, body_slot, true, unknown, emit),
        (None, Some(body)) => {
            if let Some(json) = body.body() {
                emit(member, View::Json(json.as_str()))?;
            }
            // No model, but there may be something beside it.
            emit_slot(member, &None::<bool>, body_slot, true, unknown, emit)
        }
        (None, None) => Ok(()),
    }
}

fn emit_tag(
    choice: &dyn Choice,
    name: &str,
    slot: usize,
    unknown: &UnknownFields,
    emit: &mut impl Emit,
) -> Result<(), Stop> {
    const TYPE: Name<'static> = Name {
        text: "type",
        json: Some(",\"type\":"),
    };
    for came in unknown.how_came(slot) {
        if let Came::Otherwise(json) = came
            && is_tag(json, choice, name)
        {
            return emit(TYPE, View::Json(json.as_str()));
        }
    }
    match unknown.state(slot) {
        State::Plain if name.is_empty() => Ok(()),
        State::Plain => emit(TYPE, View::Text(name)),
        State::Null => emit(TYPE, View::Json("null")),
        State::EmptyText => emit(TYPE, View::Text("")),
        State::EmptyListOrMissing => Ok(()),
    }
}

/// Whether this text names the type, in whatever case or form.
fn is_tag(json: &RawJson, choice: &dyn Choice, name: &str) -> bool {
    let mut reader = Reader::new(json.as_str());
    let Ok((text, _)) = reader.scalar() else {
        return false;
    };
    match choice.chosen() {
        Some(_) => text.eq_ignore_ascii_case(name),
        None => text == name,
    }
}

/// Whether there is nothing in a value.
pub(crate) fn is_empty(view: View<'_>) -> bool {
    match view {
        View::Absent => true,
        View::Bool(flag) => !flag,
        View::Text(text) => text.is_empty(),
        View::Json(json) => json == "null",
        View::Value(value) => value.is_null(),
        View::Map(members) => members.is_empty(),
        View::List(list) => list.len() == 0,
        View::Object(object) => each_member(object, &mut |_: Name<'_>, view: View<'_>| {
            if is_empty(view) { Ok(()) } else { Err(Stop) }
        })
        .is_ok(),
    }
}

/// Whether an object writes a member of this name from its model.
fn writes(object: &dyn Object, name: &str) -> bool {
    let shape = object.shape();
    let unknown = object.unknown();
    let of_members = (0..shape.members.list().len()).any(|n| {
        name_as_it_came(object, n) == name
            && object.member(n).is_some_and(|value| {
                let mut is_written = false;
                let _ = emit_slot(
                    name.into(),
                    value,
                    n,
                    shape.is_mandatory(n),
                    unknown,
                    &mut |_: Name<'_>, _: View<'_>| {
                        is_written = true;
                        Err(Stop)
                    },
                );
                is_written
            })
    });
    of_members
        || (0..shape.choices).any(|n| {
            let mut is_written = false;
            if let Some(choice) = object.choice(n) {
                let _ = emit_choice(
                    choice,
                    shape.choice_slots(n),
                    unknown,
                    &mut |written: Name<'_>, _: View<'_>| {
                        is_written |= written.text == name;
                        Ok(())
                    },
                );
            }
            is_written
        })
}

/// A value as JSON.
pub(crate) fn to_json(view: View<'_>, room: usize) -> String {
    let mut json = String::with_capacity(room);
    write_view(&mut json, view);
    json
}

fn write_view(json: &mut String, view: View<'_>) {
    match view {
        View::Absent => json.push_str("null"),
        View::Bool(true) => json.push_str("true"),
        View::Bool(false) => json.push_str("false"),
        View::Text(text) => write_text(json, text),
        View::Json(text) => json.push_str(text),
        View::Value(value) => json.push_str(&value.to_string()),
        View::Map(members) => {
            json.push('{');
            for (at, (name, value)) in members.iter().enumerate() {
                if at > 0 {
                    json.push(',');
                }
                write_text(json, name);
                json.push(':');
                write_view(json, View::Value(value));
            }
            json.push('}');
        }
        View::List(list) => {
            json.push('[');
            for index in 0..list.len() {
                if index > 0 {
                    json.push(',');
                }
                write_view(json, list.get(index).map_or(View::Absent, Wire::view));
            }
            json.push(']');
        }
        View::Object(object) => {
            json.push('{');
            let start = json.len();
            let _ = each_member(object, &mut |name: Name<'_>, view: View<'_>| {
                write_name(json, name, json.len() == start);
                write_view(json, view);
                Ok(())
            });
            json.push('}');
        }
    }
}

#[inline]
fn write_name(json: &mut String, name: Name<'_>, is_first: bool) {
    if let Some(made) = name.json {
        json.push_str(made.get(usize::from(is_first)..).unwrap_or_default());
        return;
    }
    if !is_first {
        json.push(',');
    }
    write_text(json, name.text);
    json.push(':');
}

/// Writes a string, with its quotes and escapes.
pub(crate) fn write_text(json: &mut String, text: &str) {
    json.reserve(text.len() + 2);
    json.push('"');
    match is_unescaped(text.as_bytes()) {
        true => json.push_str(text),
        false => write_escaped(json, text),
    }
    json.push('"');
}

#[inline(never)]
fn write_escaped(json: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let mut start = 0;
    loop {
        let end = end_of_unescaped(bytes, start);
        json.push_str(text.get(start..end).unwrap_or_default());
        let Some(byte) = bytes.get(end) else { break };
        write_escape(json, *byte);
        start = end + 1;
    }
}

#[cold]
fn write_escape(json: &mut String, sign: u8) {
    json.push_str(match sign {
        b'"' => "\\\"",
        b'\\' => "\\\\",
        8 => "\\b",
        0xc => "\\f",
        b'\n' => "\\n",
        b'\r' => "\\r",
        b'\t' => "\\t",
        _ => {
            // Writing to a `String` never fails.
            let _ = write!(json, "\\u{sign:04x}");
            return;
        }
    });
}
