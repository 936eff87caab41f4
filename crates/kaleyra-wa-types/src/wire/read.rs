//! Reads objects by their tables.
//!
//! A member that can't be read is a fault, but the object is read to its end nevertheless: a later member of the same name may
//! be a good one, and who reads the element around finds its end without reading anything twice.

use std::borrow::Cow;

use super::choice::Chosen;
use super::duplicates;
use super::fault::{Fault, Read, Reason};
use super::raw_json::RawJson;
use super::reader::{Blank, Expected, Kind, Reader};
use super::shape::{Form, List, Object, View, Wanted, Wire};
use super::unknown_fields::{Came, State};
use crate::decode::DecodeError;

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

/// Reads the members of an object that was entered, in whatever order they come.
fn read_members(object: &mut dyn Object, reader: &mut Reader<'_>) -> Read<()> {
    let shape = object.shape();
    let mut seen = 0_u64;
    let mut faults = Faults::default();
    let mut choices = [Chosen::default(), Chosen::default()];
    let mut is_first = true;
    while let Some(key) = reader.key(is_first)? {
        is_first = false;
        let wanted = key.wanted();
        if let Some(n) = shape.members.find(wanted) {
            if seen >> n & 1 == 1 {
                again(object, n, reader, &mut faults);
            }
            seen |= 1 << n;
            read_member(object, n, reader, &mut faults)?;
        } else if shape.choices > 0 && claim(object, wanted, reader, &mut choices)? {
        } else if !shape.aliases.is_empty()
            && let Some((n, alias)) = shape.find_alias(&key)
        {
            read_alias(object, n, alias, &mut seen, reader, &mut faults)?;
        } else {
            push_unknown(object, &key, reader, &mut faults)?;
        }
    }
    for (n, chosen) in choices.iter_mut().take(shape.choices).enumerate() {
        chosen.finish(object, n, reader, &mut faults)?;
    }
    let missing = shape.mandatory & !seen;
    if missing != 0 {
        let members = 0..shape.members.list().len();
        for n in members.filter(|n| missing >> n & 1 == 1) {
            object.unknown_mut().set_state(n, State::EmptyListOrMissing);
        }
    }
    if object.unknown_mut().settle() {
        reader.note_duplicate();
    }
    faults.into_result()
}

/// Whether a choice takes a member; it is read then.
#[inline]
fn claim<'de>(
    object: &mut dyn Object,
    wanted: Wanted<'_>,
    reader: &mut Reader<'de>,
    choices: &mut [Chosen<'de>; 2],
) -> Read<bool> {
    let count = object.shape().choices;
    for (n, chosen) in choices.iter_mut().take(count).enumerate() {
        if chosen.claim(object, n, wanted, reader)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Forgets a member that came before: the last one counts.
#[cold]
fn again(object: &mut dyn Object, n: usize, reader: &mut Reader<'_>, faults: &mut Faults) {
    match object.unknown().alias(n) {
        // It came under another of its names, where it stays.
        Some((alias, json)) => {
            let (name, json) = (object.shape().aliases(n)[alias], json.clone());
            object.unknown_mut().push(name, json);
        }
        None => reader.note_duplicate(),
    }
    forget(object, n, faults);
}

fn forget(object: &mut dyn Object, n: usize, faults: &mut Faults) {
    object.unknown_mut().forget(n);
    faults.forget(n);
    if let Some(member) = object.member_mut(n) {
        member.clear();
    }
}

fn read_member(
    object: &mut dyn Object,
    n: usize,
    reader: &mut Reader<'_>,
    faults: &mut Faults,
) -> Read<()> {
    let shape = object.shape();
    let mark = reader.mark();
    let is_mandatory = shape.is_mandatory(n);
    let Some(member) = object.member_mut(n) else {
        return reader.skip().map(drop);
    };
    match read_slot(member, is_mandatory, reader) {
        Ok(Slot::Plain) => {}
        Ok(Slot::Blank(state)) => object.unknown_mut().set_state(n, state),
        Ok(Slot::Otherwise) => {
            let json = RawJson::new(reader.since(mark));
            object.unknown_mut().keep(n, Came::Otherwise(json));
        }
        Err(fault) if fault.is_syntax() => return Err(fault),
        Err(fault) if shape.keeps_faults => {
            member.clear();
            let error = DecodeError::from(fault.in_member(shape.members.name(n)));
            let json = RawJson::new(reader.since(mark));
            object
                .unknown_mut()
                .keep(n, Came::Misread(Box::new(error), json));
        }
        Err(fault) => {
            member.clear();
            faults.note(n, fault.in_member(shape.members.name(n)));
        }
    }
    Ok(())
}

/// What was read of a member.
pub(super) enum Slot {
    Plain,
    /// It says nothing, and its place is empty.
    Blank(State),
    Otherwise,
}

/// Reads a member into its empty place, unless it says nothing.
pub(super) fn read_slot(
    member: &mut dyn Wire,
    is_mandatory: bool,
    reader: &mut Reader<'_>,
) -> Read<Slot> {
    let mark = reader.mark();
    if let Some(blank) = reader.blank()? {
        if blank != Blank::Null && member.takes_any() {
            reader.rewind(mark);
        } else {
            return Ok(blank_slot(member, is_mandatory, blank));
        }
    }
    Ok(match member.read(reader)? {
        Form::AsWritten => Slot::Plain,
        Form::Otherwise => Slot::Otherwise,
    })
}

fn blank_slot(member: &dyn Wire, is_mandatory: bool, blank: Blank) -> Slot {
    match (blank, is_mandatory) {
        (blank, false) => Slot::Blank(State::of(blank)),
        (Blank::Null, true) => Slot::Blank(State::Null),
        // An empty text is a text, and an empty list a list.
        (Blank::Text, true) if matches!(member.view(), View::Text(_)) => Slot::Plain,
        (Blank::Text, true) => Slot::Blank(State::EmptyText),
        (Blank::List, true) if matches!(member.view(), View::List(_)) => Slot::Plain,
        (Blank::List, true) => Slot::Otherwise,
    }
}

/// Reads a member under another of its names. The first name counts; what came under another stays unknown.
#[cold]
fn read_alias(
    object: &mut dyn Object,
    n: usize,
    alias: usize,
    seen: &mut u64,
    reader: &mut Reader<'_>,
    faults: &mut Faults,
) -> Read<()> {
    let Some(name) = object.shape().aliases(n).get(alias) else {
        return reader.skip().map(drop);
    };
    let earlier = object.unknown().alias(n).map(|(earlier, _)| earlier);
    if object.unknown_mut().forget_name(n, name) | (earlier == Some(alias)) {
        reader.note_duplicate();
    }
    if earlier == Some(alias) {
        forget(object, n, faults);
        *seen &= !(1 << n);
    }
    if reader_is_at_blank(reader)? {
        let json = RawJson::new(reader.skip()?);
        object.unknown_mut().keep(n, Came::Beside(name, json));
        return Ok(());
    }
    if *seen >> n & 1 == 1 {
        if earlier.is_none_or(|earlier| earlier < alias) {
            return push_unknown(object, name, reader, faults);
        }
        again(object, n, reader, faults);
    }
    *seen |= 1 << n;
    let mark = reader.mark();
    read_member(object, n, reader, faults)?;
    let json = RawJson::new(reader.since(mark));
    object.unknown_mut().keep(n, Came::Alias(alias as u8, json));
    Ok(())
}

fn reader_is_at_blank(reader: &mut Reader<'_>) -> Read<bool> {
    let mark = reader.mark();
    let is_blank = reader.blank()?.is_some();
    reader.rewind(mark);
    Ok(is_blank)
}

fn push_unknown(
    object: &mut dyn Object,
    name: &str,
    reader: &mut Reader<'_>,
    faults: &mut Faults,
) -> Read<()> {
    let mark = reader.mark();
    match reader.skip() {
        Err(fault) if fault.is_syntax() => return Err(fault),
        // Nested too deep: few could read it again where it is written.
        Err(fault) if !object.shape().keeps_faults => faults.note(usize::MAX, fault.in_member("…")),
        _ => object
            .unknown_mut()
            .push(name, RawJson::new(reader.since(mark))),
    }
    Ok(())
}

/// The faults in an object's members: a later member of the same name may undo one.
#[derive(Default)]
pub(super) struct Faults(Option<Vec<(usize, Box<Fault>)>>);

impl Faults {
    #[cold]
    pub(super) fn note(&mut self, n: usize, fault: Box<Fault>) {
        self.forget(n);
        self.0.get_or_insert_default().push((n, fault));
    }

    pub(super) fn forget(&mut self, n: usize) {
        if let Some(faults) = &mut self.0 {
            faults.retain(|(known, _)| *known != n);
        }
    }

    /// The fault that is told: of the first member by the table, so that it is the same in whatever order they come.
    #[inline]
    fn into_result(self) -> Read<()> {
        match self.0 {
            None => Ok(()),
            Some(faults) => match faults.into_iter().min_by_key(|(n, _)| *n) {
                Some((_, fault)) => Err(fault),
                None => Ok(()),
            },
        }
    }
}

/// Reads a list; its only element without brackets; or an object with the elements' places as names.
pub(crate) fn read_list(list: &mut dyn List, reader: &mut Reader<'_>) -> Read<Form> {
    match reader.peek()? {
        Kind::List => {
            reader.enter()?;
            let mut elements = Elements::default();
            let mut is_first = true;
            while reader.element(is_first)? {
                is_first = false;
                elements.read(list, reader)?;
            }
            elements.finish(list)
        }
        Kind::Object => match has_numbered_members(reader)? {
            true => read_numbered(list, reader),
            false => read_only(list, reader),
        },
        Kind::Text if list.is_of_objects() => {
            read_quoted(reader, &['['], Expected::List, &mut |inner| {
                read_list(list, inner)
            })
        }
        _ if list.is_of_objects() => reader.refuse(Expected::List),
        _ => read_only(list, reader),
    }
}

/// Whether the object that follows is `{}`, or its members are named as the places of a list's elements.
fn has_numbered_members(reader: &mut Reader<'_>) -> Read<bool> {
    let mut is_numbered = true;
    reader.look_at_members(&mut |name| {
        is_numbered = name == "0";
        false
    })?;
    Ok(is_numbered)
}

fn read_numbered(list: &mut dyn List, reader: &mut Reader<'_>) -> Read<Form> {
    reader.enter()?;
    let mut elements = Elements::default();
    let mut is_first = true;
    while let Some(name) = reader.key(is_first)? {
        is_first = false;
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            elements.read(list, reader)?;
        } else {
            reader.skip()?;
            elements.note(Fault::new(Reason::Unexpected {
                expected: Expected::List,
                found: Kind::Object,
            }));
        }
    }
    elements.finish(list).map(|_| Form::Otherwise)
}

fn read_only(list: &mut dyn List, reader: &mut Reader<'_>) -> Read<Form> {
    let mut elements = Elements::default();
    elements.read(list, reader)?;
    elements.finish(list).map(|_| Form::Otherwise)
}

/// The elements of a list, while they are read.
#[derive(Default)]
struct Elements {
    form: Option<Form>,
    fault: Option<Box<Fault>>,
    is_full: bool,
    count: usize,
}

impl Elements {
    fn read(&mut self, list: &mut dyn List, reader: &mut Reader<'_>) -> Read<()> {
        let at = self.count;
        self.count += 1;
        if self.is_full || !reader.take_room(list.element_size()) {
            if !self.is_full {
                self.is_full = true;
                self.fault = Some(Fault::new(Reason::TooMany));
                list.clear();
            }
            return match reader.skip() {
                Err(fault) if fault.is_syntax() => Err(fault),
                _ => Ok(()),
            };
        }
        let Some(element) = list.push() else {
            return reader.skip().map(drop);
        };
        match element.read(reader) {
            Ok(Form::AsWritten) => {}
            Ok(Form::Otherwise) => self.form = Some(Form::Otherwise),
            Err(fault) if fault.is_syntax() => return Err(fault),
            Err(fault) => {
                list.pop();
                self.note(fault.in_element(at));
            }
        }
        Ok(())
    }

    fn note(&mut self, fault: Box<Fault>) {
        self.fault.get_or_insert(fault);
    }

    fn finish(self, list: &mut dyn List) -> Read<Form> {
        match self.fault {
            Some(fault) => {
                list.clear();
                Err(fault)
            }
            None => Ok(self.form.unwrap_or(Form::AsWritten)),
        }
    }
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
