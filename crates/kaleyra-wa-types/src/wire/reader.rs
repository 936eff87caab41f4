//! A pull reader: JSON, token by token, from text that was checked for UTF-8.
//!
//! It is strict about what JSON is, with two exceptions that senders need: control characters may stand in strings as they
//! are, and half a surrogate pair becomes U+FFFD. Numbers stay text, so that none is too large.

use std::borrow::Cow;
use std::ops::Deref;

use super::fault::{Fault, Read, Reason};
use super::scan_bytes::end_of_plain;
use super::shape::Wanted;

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
        while let Some(name) = self.key(is_first)? {
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
        while let Some(name) = self.key(is_first)? {
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
        while let Some(name) = self.key(is_first)? {
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
        // No JSON text has a NUL byte outside strings, so that it can stand for the end.
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    #[inline]
    fn skip_blanks(&mut self) {
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

    /// Takes a value that says nothing.
    #[inline]
    pub(crate) fn blank(&mut self) -> Read<Option<Blank>> {
        self.skip_blanks();
        match self.byte() {
            b'"' if self.text.as_bytes().get(self.at + 1) != Some(&b'"') => Ok(None),
            b'"' | b'n' | b'[' => self.some_blank(),
            _ => Ok(None),
        }
    }

    fn some_blank(&mut self) -> Read<Option<Blank>> {
        match self.byte() {
            b'"' if self.text.as_bytes().get(self.at + 1) == Some(&b'"') => {
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

    fn word(&mut self, word: &'static str) -> Read<()> {
        let end = self.at + word.len();
        if self.text.as_bytes().get(self.at..end) != Some(word.as_bytes()) {
            return Err(self.syntax("a value"));
        }
        self.at = end;
        Ok(())
    }

    /// The next value, where it is a string without escapes, as nearly all are.
    #[inline]
    pub(crate) fn plain_text(&mut self) -> Option<&'de str> {
        let bytes = self.text.as_bytes();
        if self.byte() != b'"' {
            return None;
        }
        let start = self.at + 1;
        let end = end_of_plain(bytes, start);
        if bytes.get(end) != Some(&b'"') {
            return None;
        }
        self.at = end + 1;
        self.text.get(start..end)
    }

    /// The text of the next value, which is a string, number or boolean, and whether it is a string.
    #[inline]
    pub(crate) fn scalar(&mut self) -> Read<(Cow<'de, str>, bool)> {
        if self.byte() == b'"' {
            return Ok((self.string()?, true));
        }
        let start = self.at;
        self.token()?;
        Ok((Cow::Borrowed(self.since(start)), false))
    }

    /// Passes over a number, boolean or `null`.
    fn token(&mut self) -> Read<()> {
        match self.byte() {
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => self.number(),
        }
    }

    fn number(&mut self) -> Read<()> {
        if self.byte() == b'-' {
            self.at += 1;
        }
        match self.byte() {
            b'0' => self.at += 1,
            b'1'..=b'9' => self.digits(),
            _ => return Err(self.syntax("a value")),
        }
        if self.byte() == b'.' {
            self.at += 1;
            self.some_digits()?;
        }
        if matches!(self.byte(), b'e' | b'E') {
            self.at += 1;
            if matches!(self.byte(), b'+' | b'-') {
                self.at += 1;
            }
            self.some_digits()?;
        }
        Ok(())
    }

    fn some_digits(&mut self) -> Read<()> {
        if !self.byte().is_ascii_digit() {
            return Err(self.syntax("a digit"));
        }
        self.digits();
        Ok(())
    }

    fn digits(&mut self) {
        while self.byte().is_ascii_digit() {
            self.at += 1;
        }
    }

    /// Takes a string, at whose quote the reader stands.
    #[inline]
    fn string(&mut self) -> Read<Cow<'de, str>> {
        let start = self.at + 1;
        self.at = end_of_plain(self.text.as_bytes(), start);
        if self.byte() == b'"' {
            let text = self.since(start);
            self.at += 1;
            return Ok(Cow::Borrowed(text));
        }
        self.escaped(start).map(Cow::Owned)
    }

    /// The rest of a string with escapes in it.
    #[cold]
    fn escaped(&mut self, start: usize) -> Read<String> {
        let mut text = String::from(self.since(start));
        loop {
            match self.byte() {
                b'"' => {
                    self.at += 1;
                    return Ok(text);
                }
                b'\\' => text.push(self.escape()?),
                _ => return Err(self.syntax("the end of a string")),
            }
            let plain = self.at;
            self.at = end_of_plain(self.text.as_bytes(), plain);
            text.push_str(self.since(plain));
        }
    }

    fn escape(&mut self) -> Read<char> {
        self.at += 1;
        let sign = match self.byte() {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(self.syntax("an escape")),
        };
        self.at += 1;
        Ok(sign)
    }

    /// Takes `u` and its digits; for the first half of a pair, the second as well.
    fn unicode(&mut self) -> Read<char> {
        self.at += 1;
        let unit = self.unit()?;
        if !(0xD800..=0xDBFF).contains(&unit) {
            return Ok(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let after = self.at;
        if self.text.as_bytes().get(after..after + 2) == Some(br"\u") {
            self.at += 2;
            let low = self.unit()?;
            if let Some(Ok(sign)) = char::decode_utf16([unit, low]).next()
                && (0xDC00..=0xDFFF).contains(&low)
            {
                return Ok(sign);
            }
            self.at = after;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn unit(&mut self) -> Read<u16> {
        let digits = self.text.get(self.at..self.at + 4).unwrap_or_default();
        let is_hex = digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let unit = u16::from_str_radix(digits, 16).ok().filter(|_| is_hex);
        self.at += if unit.is_some() { 4 } else { 0 };
        unit.ok_or_else(|| self.syntax("four hexadecimal digits"))
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

    /// The next member's name, with its colon; `None` at the object's end, which is left.
    #[inline]
    pub(crate) fn key(&mut self, is_first: bool) -> Read<Option<Key<'de>>> {
        self.skip_blanks();
        match self.byte() {
            b'}' => {
                self.at += 1;
                self.limits.depth -= 1;
                return Ok(None);
            }
            b',' if !is_first => {
                self.at += 1;
                self.skip_blanks();
            }
            _ if is_first => {}
            _ => return Err(self.syntax("`,` or `}`")),
        }
        if self.byte() != b'"' {
            return Err(self.syntax("a member's name"));
        }
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let end = end_of_plain(bytes, start);
        self.at = end;
        let key = if bytes.get(end) == Some(&b'"') {
            self.at += 1;
            let beginning = bytes.get(start..).and_then(|rest| rest.first_chunk::<8>());
            let beginning = beginning.map_or_else(|| 0, |bytes| u64::from_le_bytes(*bytes));
            Key {
                text: self.text,
                start,
                end,
                beginning,
                unescaped: None,
            }
        } else {
            let text = self.escaped(start)?;
            Key {
                text: self.text,
                start,
                end: start,
                beginning: 0,
                unescaped: Some(text.into()),
            }
        };
        if self.byte() != b':' {
            self.skip_blanks();
            if self.byte() != b':' {
                return Err(self.syntax("`:`"));
            }
        }
        self.at += 1;
        Ok(Some(key))
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

    /// Passes over a value of whatever kind, and gives its text. One that is nested too deep is a fault, after it.
    pub(crate) fn skip(&mut self) -> Read<&'de str> {
        let start = self.mark();
        let mut open = Open::default();
        loop {
            self.skip_blanks();
            match self.byte() {
                b'{' => {
                    self.at += 1;
                    self.skip_blanks();
                    if self.byte() != b'}' {
                        open.push(true);
                        self.skip_name()?;
                        continue;
                    }
                    open.touch();
                    self.at += 1;
                }
                b'[' => {
                    self.at += 1;
                    self.skip_blanks();
                    if self.byte() != b']' {
                        open.push(false);
                        continue;
                    }
                    open.touch();
                    self.at += 1;
                }
                b'"' => self.skip_string()?,
                _ => self.token()?,
            }
            // A value is over; so may be those around it.
            loop {
                let Some(is_object) = open.last() else {
                    #[cfg(test)]
                    {
                        self.limits.steps += 1 + (self.at - start) / 16;
                    }
                    if usize::from(self.limits.depth) + open.deepest > usize::from(MAX_DEPTH) {
                        return Err(Fault::new(Reason::TooDeep));
                    }
                    return Ok(self.since(start));
                };
                self.skip_blanks();
                match (self.byte(), is_object) {
                    (b',', true) => {
                        self.at += 1;
                        self.skip_blanks();
                        self.skip_name()?;
                    }
                    (b',', false) => self.at += 1,
                    (b'}', true) | (b']', false) => {
                        self.at += 1;
                        open.pop();
                        continue;
                    }
                    (_, true) => return Err(self.syntax("`,` or `}`")),
                    (_, false) => return Err(self.syntax("`,` or `]`")),
                }
                break;
            }
        }
    }

    fn skip_name(&mut self) -> Read<()> {
        if self.byte() != b'"' {
            return Err(self.syntax("a member's name"));
        }
        self.skip_string()?;
        self.skip_blanks();
        if self.byte() != b':' {
            return Err(self.syntax("`:`"));
        }
        self.at += 1;
        Ok(())
    }

    fn skip_string(&mut self) -> Read<()> {
        self.at += 1;
        loop {
            self.at = end_of_plain(self.text.as_bytes(), self.at);
            match self.byte() {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => {
                    self.escape()?;
                }
                _ => return Err(self.syntax("the end of a string")),
            }
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

/// A member's name: where it stands in the text or, where it has escapes, what it reads as.
pub(crate) struct Key<'de> {
    text: &'de str,
    start: usize,
    end: usize,
    /// The eight bytes from its beginning on; a name that ends the text is not looked for by them.
    beginning: u64,
    unescaped: Option<Box<str>>,
}

impl Key<'_> {
    #[inline]
    pub(crate) fn wanted(&self) -> Wanted<'_> {
        match self.unescaped {
            None if self.start + 8 <= self.text.len() => {
                let bytes = self
                    .text
                    .as_bytes()
                    .get(self.start..self.end)
                    .unwrap_or_default();
                Wanted::with_beginning(bytes, self.beginning)
            }
            _ => Wanted::new(self.as_str().as_bytes()),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        match &self.unescaped {
            Some(text) => text,
            None => self.text.get(self.start..self.end).unwrap_or_default(),
        }
    }
}

impl Deref for Key<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
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

/// The arrays and objects around a value that is passed over, a bit for each: no recursion, however deep they are.
#[derive(Default)]
struct Open {
    last: u64,
    earlier: Vec<u64>,
    depth: usize,
    deepest: usize,
}

impl Open {
    fn push(&mut self, is_object: bool) {
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.earlier.push(self.last);
        }
        self.last = self.last << 1 | u64::from(is_object);
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
    }

    /// An empty array or object.
    fn touch(&mut self) {
        self.deepest = self.deepest.max(self.depth + 1);
    }

    fn last(&self) -> Option<bool> {
        (self.depth > 0).then_some(self.last & 1 == 1)
    }

    fn pop(&mut self) {
        self.last >>= 1;
        self.depth -= 1;
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.last = self.earlier.pop().unwrap_or_default();
        }
    }
}
