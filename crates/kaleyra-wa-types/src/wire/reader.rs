//! A pull reader: JSON, token by token, from text that was checked for UTF-8.
//!
//! It is strict about what JSON is, with two exceptions that senders need: control characters may stand in strings as they
//! are, and half a surrogate pair becomes U+FFFD. Numbers stay text, so that none is too large.

mod name;
mod open;
mod scalars;
mod skip;

use std::borrow::Cow;

use super::fault::{Fault, Read, Reason};
use super::names::Wanted;
use super::scan_bytes::{end_of_plain, first_quote};

/// How deep arrays and objects may be nested, as in `serde_json`.
pub(crate) const MAX_DEPTH: u16 = 128;

/// How often JSON may be the text of a string inside JSON: each time the outer text is kept as well.
const MAX_QUOTED: u8 = 2;

/// How many bytes a list's elements may take in memory: for each byte of input, and in any case.
const ROOM_PER_BYTE: usize = 16;
const ROOM_AT_LEAST: usize = 256 << 10;

/// Reads a text. After an error that is no [syntax error](Fault::is_syntax), it stands after the value that was at fault, so
/// that reading goes on with the next one.
pub(crate) struct Reader<'de> {
    text: &'de str,
    at: usize,
    limits: Limits,
}

/// What is left of the limits; shared with the readers of texts inside the text.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    depth: u16,
    quoted: u8,
    /// The bytes that elements of lists may still take.
    room: usize,
    /// Whether a member of a model came twice.
    pub(crate) has_duplicates: bool,
    #[cfg(test)]
    pub(crate) steps: usize,
}

/// What a value begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Bool,
    Number,
    Text,
    List,
    Object,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "boolean",
            Self::Number => "number",
            Self::Text => "string",
            Self::List => "array",
            Self::Object => "object",
        }
    }
}

/// The ways of a member to be there and say nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blank {
    /// `null`
    Null,
    /// `""`
    Text,
    /// `[]`
    List,
}

impl<'de> Reader<'de> {
    /// Reads a text from its beginning; a byte order mark is passed over.
    pub(crate) fn new(text: &'de str) -> Self {
        Self {
            text,
            at: if text.starts_with('\u{feff}') { 3 } else { 0 },
            limits: Limits {
                depth: 0,
                quoted: 0,
                room: text
                    .len()
                    .saturating_mul(ROOM_PER_BYTE)
                    .saturating_add(ROOM_AT_LEAST),
                has_duplicates: false,
                #[cfg(test)]
                steps: 0,
            },
        }
    }

    /// Reads a value that stood in the input of another reader; give its [limits](Self::limits) back when done.
    pub(crate) fn inside(text: &'de str, limits: Limits) -> Self {
        Self {
            text,
            at: 0,
            limits,
        }
    }

    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    pub(crate) fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// The whole text, where nothing of it was entered yet.
    pub(crate) fn whole(&self) -> Option<&'de str> {
        (self.limits.depth == 0 && self.limits.quoted == 0).then_some(self.text)
    }

    /// Whether nothing was entered yet.
    pub(crate) fn is_outermost(&self) -> bool {
        self.limits.depth == 0
    }

    pub(crate) fn note_duplicate(&mut self) {
        self.limits.has_duplicates = true;
    }

    /// The limits for JSON in the text of a string; `None` where that goes too deep.
    pub(crate) fn quoted_limits(&self) -> Option<Limits> {
        let mut limits = self.limits;
        limits.quoted += 1;
        (limits.quoted <= MAX_QUOTED).then_some(limits)
    }

    /// Takes the limits back from the reader of a string's text.
    pub(crate) fn after_quoted(&mut self, mut limits: Limits) {
        limits.quoted -= 1;
        self.limits = limits;
    }

    /// Takes room for an element of a list.
    pub(crate) fn take_room(&mut self, bytes: usize) -> bool {
        match self.limits.room.checked_sub(bytes) {
            Some(room) => {
                self.limits.room = room;
                true
            }
            None => false,
        }
    }

    /// Where the next value begins.
    #[inline]
    pub(crate) fn mark(&mut self) -> usize {
        self.skip_blanks();
        self.at
    }

    /// Goes back to a mark at the same depth.
    pub(crate) fn rewind(&mut self, mark: usize) {
        self.at = mark;
    }

    /// Looks at the names of the object that follows, until one is enough; the reader stays before the object.
    pub(crate) fn look_at_members(&mut self, look: &mut dyn FnMut(&str) -> bool) -> Read<()> {
        let (mark, depth) = (self.mark(), self.limits.depth);
        let result = self.look_ahead(look);
        self.at = mark;
        self.limits.depth = depth;
        result
    }

    fn look_ahead(&mut self, look: &mut dyn FnMut(&str) -> bool) -> Read<()> {
        // Where it is nested too deep, its reader will say so.
        let mut is_first = true;
        self.at += 1;
        self.limits.depth += 1;
        while let Some(name) = self.name(is_first)? {
            is_first = false;
            if !look(&name) {
                break;
            }
            match self.skip() {
                Err(fault) if fault.is_syntax() => return Err(fault),
                _ => {}
            }
        }
        Ok(())
    }

    /// The text of a member of the object that follows.
    pub(crate) fn member(&mut self, wanted: &str) -> Read<Option<&'de str>> {
        let mut found = None;
        self.skip_blanks();
        self.enter()?;
        let mut is_first = true;
        while let Some(name) = self.name(is_first)? {
            is_first = false;
            let mark = self.mark();
            match self.skip() {
                Err(fault) if fault.is_syntax() => return Err(fault),
                _ if &*name == wanted => found = Some(self.since(mark)),
                _ => {}
            }
        }
        Ok(found)
    }

    /// Looks at the members of the object that follows that are strings.
    pub(crate) fn each_text(&mut self, look: &mut dyn FnMut(&str, &str)) -> Read<()> {
        self.enter()?;
        let mut is_first = true;
        while let Some(name) = self.name(is_first)? {
            is_first = false;
            if self.peek()? == Kind::Text {
                look(&name, &self.string()?);
            } else if let Err(fault) = self.skip()
                && fault.is_syntax()
            {
                return Err(fault);
            }
        }
        Ok(())
    }

    /// The text from a mark to here.
    #[inline]
    pub(crate) fn since(&self, mark: usize) -> &'de str {
        self.text.get(mark..self.at).unwrap_or_default()
    }

    #[inline]
    fn byte(&self) -> u8 {
        // No JSON has a NUL byte outside strings, so that it can stand for the end.
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    #[inline]
    fn skip_blanks(&mut self) {
        // Programs write none. All blanks are at most a space, and so is the end.
        if self.byte() <= b' ' {
            self.skip_some_blanks();
        }
    }

    #[inline(never)]
    fn skip_some_blanks(&mut self) {
        while matches!(self.byte(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
    }

    #[cold]
    fn syntax(&self, expected: &'static str) -> Box<Fault> {
        Fault::syntax(self.at, expected)
    }

    /// What the next value is, by its first byte.
    #[inline]
    pub(crate) fn peek(&mut self) -> Read<Kind> {
        self.skip_blanks();
        Ok(match self.byte() {
            b'"' => Kind::Text,
            b'{' => Kind::Object,
            b'[' => Kind::List,
            b'-' | b'0'..=b'9' => Kind::Number,
            b't' | b'f' => Kind::Bool,
            b'n' => Kind::Null,
            _ => return Err(self.syntax("a value")),
        })
    }

    /// Whether the value that begins here, at a [mark](Self::mark), may be one that says nothing.
    #[inline]
    pub(crate) fn may_be_blank(&self) -> bool {
        match self.byte() {
            b'"' => self.is_at_quotes(),
            byte => matches!(byte, b'n' | b'['),
        }
    }

    #[inline]
    fn is_at_quotes(&self) -> bool {
        self.text.as_bytes().get(self.at + 1) == Some(&b'"')
    }

    /// Takes a value that says nothing.
    pub(crate) fn blank(&mut self) -> Read<Option<Blank>> {
        self.skip_blanks();
        match self.byte() {
            b'"' if self.is_at_quotes() => {
                self.at += 2;
                Ok(Some(Blank::Text))
            }
            b'n' => {
                self.word("null")?;
                Ok(Some(Blank::Null))
            }
            b'[' => Ok(self.empty_list().then_some(Blank::List)),
            _ => Ok(None),
        }
    }

    fn empty_list(&mut self) -> bool {
        let start = self.at;
        self.at += 1;
        self.skip_blanks();
        if self.byte() == b']' {
            self.at += 1;
            return true;
        }
        self.at = start;
        false
    }

    /// Goes into an array or object, at whose bracket the reader stands. One that is nested too deep is passed over.
    #[inline]
    pub(crate) fn enter(&mut self) -> Read<()> {
        if self.limits.depth == MAX_DEPTH {
            self.skip()?;
            return Err(Fault::new(Reason::TooDeep));
        }
        #[cfg(test)]
        {
            self.limits.steps += 1;
        }
        self.limits.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// Whether there is another element; at its end the array is left.
    #[inline]
    pub(crate) fn element(&mut self, is_first: bool) -> Read<bool> {
        self.skip_blanks();
        match self.byte() {
            b']' => {
                self.at += 1;
                self.limits.depth -= 1;
                Ok(false)
            }
            b',' if !is_first => {
                self.at += 1;
                Ok(true)
            }
            _ if is_first => Ok(true),
            _ => Err(self.syntax("`,` or `]`")),
        }
    }

    /// Checks that nothing follows.
    pub(crate) fn end(&mut self) -> Read<()> {
        self.skip_blanks();
        if self.at < self.text.len() {
            return Err(self.syntax("the end"));
        }
        Ok(())
    }

    /// A fault of the next value: it is something else than expected. It is passed over.
    #[cold]
    pub(crate) fn refuse<T>(&mut self, expected: Expected) -> Read<T> {
        let found = self.peek()?;
        self.skip()?;
        Err(Fault::new(Reason::Unexpected { expected, found }))
    }
}

/// What should have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    Bool,
    List,
    Number,
    /// An object of this name.
    Object(&'static str),
    Text,
    TextOrObject,
}
