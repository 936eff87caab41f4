//! Names of members.

use super::*;

impl<'de> Reader<'de> {
    /// The next member's name, with its colon; `None` at the object's end, which is left.
    #[inline(never)]
    pub(crate) fn name(&mut self, is_first: bool) -> Read<Option<Cow<'de, str>>> {
        self.skip_blanks();
        match self.byte() {
            b'}' if self.leave_object() => return Ok(None),
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
        let name = self.string()?;
        self.skip_blanks();
        if self.byte() != b':' {
            return Err(self.syntax("`:`"));
        }
        self.at += 1;
        Ok(Some(name))
    }

    /// Whether the object ends here, without a blank before; it is left.
    #[inline]
    pub(crate) fn leave_object(&mut self) -> bool {
        let is_end = self.byte() == b'}';
        self.at += usize::from(is_end);
        self.limits.depth -= u16::from(is_end);
        is_end
    }

    /// The same as [`name`](Self::name), where it stands there as programs write it: without blanks around, and without escapes.
    #[inline(always)]
    pub(crate) fn plain_name(&mut self, is_first: bool) -> Option<Wanted<'de>> {
        const LENGTH: usize = size_of::<u64>();
        let bytes = self.text.as_bytes();
        let (before, separator) = match is_first {
            true => (self.at.checked_sub(1)?, b'{'),
            false => (self.at, b','),
        };
        let [found, b'"', beginning @ ..] = bytes.get(before..)?.first_chunk::<{ 2 + LENGTH }>()?
        else {
            return None;
        };
        let start = before + 2;
        let beginning = u64::from_le_bytes(*beginning);
        let end = match first_quote(beginning) {
            Some(length) => start + length,
            None => end_of_plain(bytes, start + LENGTH),
        };
        if *found != separator || bytes.get(end..)?.first_chunk() != Some(b"\":") {
            return None;
        }
        self.at = end + 2;
        Some(Wanted::with_beginning(bytes.get(start..end)?, beginning))
    }
}
