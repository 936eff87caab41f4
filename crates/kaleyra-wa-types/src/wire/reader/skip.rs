//! Values that are passed over, and kept as text.

use super::open::Open;
use super::*;

impl<'de> Reader<'de> {
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

    pub(super) fn skip_name(&mut self) -> Read<()> {
        if self.byte() != b'"' {
            return Err(self.syntax("a field's name"));
        }
        self.skip_string()?;
        self.skip_blanks();
        if self.byte() != b':' {
            return Err(self.syntax("`:`"));
        }
        self.at += 1;
        Ok(())
    }

    pub(super) fn skip_string(&mut self) -> Read<()> {
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
}
