//! Reads lists, in whatever form they come.

use super::fault::{Fault, Read, Reason};
use super::read::read_quoted;
use super::reader::{Expected, Kind, Reader};
use super::shape::{Form, List};

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
    while let Some(name) = reader.name(is_first)? {
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
