//! Reads the members of an object by its table.
//!
//! A member that can't be read is a fault, but the object is read to its end nevertheless: a later member of the same name may
//! be a good one, and who reads the element around finds its end without reading anything twice.

use super::choice::Chosen;
use super::fault::{Faults, Read};
use super::names::Wanted;
use super::raw_json::RawJson;
use super::read::{Slot, read_slot};
use super::reader::Reader;
use super::shape::{Object, Shape};
use super::unknown_fields::{Came, State};

/// Reads the members of an object that was entered, in whatever order they come.
pub(super) fn read_members(object: &mut dyn Object, reader: &mut Reader<'_>) -> Read<()> {
    match object.shape().choices {
        0 => Members::new(object, &mut []).read(reader),
        1 => Members::new(object, &mut [Chosen::default()]).read(reader),
        _ => Members::new(object, &mut <[Chosen<'_>; 2]>::default()).read(reader),
    }
}

/// An object while it is read.
struct Members<'a, 'de> {
    object: &'a mut dyn Object,
    shape: &'static Shape,
    choices: &'a mut [Chosen<'de>],
    /// A bit for each member that came.
    seen: u64,
    faults: Faults,
}

impl<'a, 'de> Members<'a, 'de> {
    fn new(object: &'a mut dyn Object, choices: &'a mut [Chosen<'de>]) -> Self {
        Self {
            shape: object.shape(),
            object,
            choices,
            seen: 0,
            faults: Faults::default(),
        }
    }

    #[inline(never)]
    fn read(mut self, reader: &mut Reader<'de>) -> Read<()> {
        let mut is_first = true;
        loop {
            if let Some(name) = reader.plain_name(is_first) {
                match self.shape.members.find(name) {
                    Some(n) => self.known(n, reader)?,
                    None => self.other(name, reader)?,
                }
            } else {
                let name = match reader.leave_object() {
                    true => None,
                    false => reader.name(is_first)?,
                };
                let Some(name) = name else {
                    return self.finish(reader);
                };
                self.named(Wanted::new(name.as_bytes()), reader)?;
            }
            is_first = false;
        }
    }

    #[inline(never)]
    fn named(&mut self, name: Wanted<'_>, reader: &mut Reader<'de>) -> Read<()> {
        match self.shape.members.find(name) {
            Some(n) => self.known(n, reader),
            None => self.other(name, reader),
        }
    }

    #[inline(always)]
    fn known(&mut self, n: usize, reader: &mut Reader<'_>) -> Read<()> {
        if self.seen >> n & 1 == 1 {
            self.again(n, reader);
        }
        self.seen |= 1 << n;
        let mark = reader.mark();
        let Some(member) = self.object.member_mut(n) else {
            return reader.skip().map(drop);
        };
        match read_slot(member, self.shape.is_mandatory(n), reader) {
            Ok(Slot::Plain) => Ok(()),
            slot => self.note(n, slot, reader.since(mark)),
        }
    }

    /// Keeps how a member came, and what is wrong with it.
    #[inline(never)]
    fn note(&mut self, n: usize, slot: Read<Slot>, json: &str) -> Read<()> {
        let unknown = self.object.unknown_mut();
        let fault = match slot {
            Ok(Slot::Plain) => return Ok(()),
            Ok(Slot::Blank(state)) => {
                unknown.set_state(n, state);
                return Ok(());
            }
            Ok(Slot::Otherwise) => {
                unknown.keep(n, Came::Otherwise(RawJson::new(json)));
                return Ok(());
            }
            Err(fault) if fault.is_syntax() => return Err(fault),
            Err(fault) => fault.in_member(self.shape.members.name(n)),
        };
        if let Some(member) = self.object.member_mut(n) {
            member.clear();
        }
        if self.shape.keeps_faults {
            let came = Came::Misread(Box::new(fault.into()), RawJson::new(json));
            self.object.unknown_mut().keep(n, came);
        } else {
            self.faults.note(n, fault);
        }
        Ok(())
    }

    /// A member that is part of a choice, or has another name than the table's, or is unknown.
    #[inline(never)]
    fn other(&mut self, name: Wanted<'_>, reader: &mut Reader<'de>) -> Read<()> {
        for (n, chosen) in self.choices.iter_mut().enumerate() {
            if chosen.claim(self.object, n, name, reader)? {
                return Ok(());
            }
        }
        match self.shape.find_alias(name) {
            Some((n, alias)) => self.alias(n, alias, reader),
            None => self.unknown(name.as_str(), reader),
        }
    }

    /// Forgets a member that came before: the last one counts.
    #[cold]
    fn again(&mut self, n: usize, reader: &mut Reader<'_>) {
        match self.object.unknown().alias(n) {
            // It came under another of its names, where it stays.
            Some((alias, json)) => {
                let (name, json) = (self.shape.aliases(n)[alias], json.clone());
                self.object.unknown_mut().push(name, json);
            }
            None => reader.note_duplicate(),
        }
        self.forget(n);
    }

    fn forget(&mut self, n: usize) {
        self.object.unknown_mut().forget(n);
        self.faults.forget(n);
        if let Some(member) = self.object.member_mut(n) {
            member.clear();
        }
    }

    /// Reads a member under another of its names. The first name counts; what came under another stays unknown.
    #[cold]
    fn alias(&mut self, n: usize, alias: usize, reader: &mut Reader<'_>) -> Read<()> {
        let Some(name) = self.shape.aliases(n).get(alias) else {
            return reader.skip().map(drop);
        };
        let earlier = self.object.unknown().alias(n).map(|(earlier, _)| earlier);
        if self.object.unknown_mut().forget_name(n, name) | (earlier == Some(alias)) {
            reader.note_duplicate();
        }
        if earlier == Some(alias) {
            self.forget(n);
            self.seen &= !(1 << n);
        }
        let mark = reader.mark();
        if reader.blank()?.is_some() {
            let json = RawJson::new(reader.since(mark));
            self.object.unknown_mut().keep(n, Came::Beside(name, json));
            return Ok(());
        }
        if self.seen >> n & 1 == 1 && earlier.is_none_or(|earlier| earlier < alias) {
            return self.unknown(name, reader);
        }
        self.known(n, reader)?;
        let json = RawJson::new(reader.since(mark));
        let came = Came::Alias(alias as u8, json);
        self.object.unknown_mut().keep(n, came);
        Ok(())
    }

    fn unknown(&mut self, name: &str, reader: &mut Reader<'_>) -> Read<()> {
        let mark = reader.mark();
        match reader.skip() {
            Err(fault) if fault.is_syntax() => return Err(fault),
            // Nested too deep: few could read it again where it is written.
            Err(fault) if !self.shape.keeps_faults => {
                self.faults.note(usize::MAX, fault.in_member("…"));
            }
            _ => {
                let json = RawJson::new(reader.since(mark));
                self.object.unknown_mut().push(name, json);
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn finish(mut self, reader: &mut Reader<'_>) -> Read<()> {
        for (n, chosen) in self.choices.iter_mut().enumerate() {
            chosen.finish(self.object, n, reader, &mut self.faults)?;
        }
        let missing = self.shape.mandatory & !self.seen;
        if missing != 0 {
            self.note_missing(missing);
        }
        if self.object.unknown_mut().settle() {
            reader.note_duplicate();
        }
        self.faults.into_result()
    }

    #[inline(never)]
    fn note_missing(&mut self, missing: u64) {
        let members = 0..self.shape.members.list().len();
        for n in members.filter(|n| missing >> n & 1 == 1) {
            self.object
                .unknown_mut()
                .set_state(n, State::EmptyListOrMissing);
        }
    }
}
