//! Strings, numbers and words of JSON.

use super::*;

impl<'de> Reader<'de> {
    pub(super) fn word(&mut self, word: &'static str) -> Read<()> {
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
    pub(super) fn token(&mut self) -> Read<()> {
        match self.byte() {
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => self.number(),
        }
    }

    pub(super) fn number(&mut self) -> Read<()> {
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

    pub(super) fn some_digits(&mut self) -> Read<()> {
        if !self.byte().is_ascii_digit() {
            return Err(self.syntax("a digit"));
        }
        self.digits();
        Ok(())
    }

    pub(super) fn digits(&mut self) {
        while self.byte().is_ascii_digit() {
            self.at += 1;
        }
    }

    /// Takes a string, at whose quote the reader stands.
    #[inline]
    pub(super) fn string(&mut self) -> Read<Cow<'de, str>> {
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
    pub(super) fn escaped(&mut self, start: usize) -> Read<String> {
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

    pub(super) fn escape(&mut self) -> Read<char> {
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
    pub(super) fn unicode(&mut self) -> Read<char> {
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

    pub(super) fn unit(&mut self) -> Read<u16> {
        let digits = self.text.get(self.at..self.at + 4).unwrap_or_default();
        let is_hex = digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let unit = u16::from_str_radix(digits, 16).ok().filter(|_| is_hex);
        self.at += if unit.is_some() { 4 } else { 0 };
        unit.ok_or_else(|| self.syntax("four hexadecimal digits"))
    }
}
