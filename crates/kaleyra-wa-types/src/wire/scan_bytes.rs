//! Finds the end of what needs no attention in a string, eight bytes at a time.

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// The place of the first quote or backslash from here on, else the text's end.
#[inline]
pub(crate) fn end_of_plain(bytes: &[u8], from: usize) -> usize {
    find(bytes, from, quotes, |byte| matches!(byte, b'"' | b'\\'))
}

/// The place of the first quote or backslash among eight bytes.
#[inline]
pub(crate) fn first_quote(word: u64) -> Option<usize> {
    let marks = quotes(word);
    (marks != 0).then(|| marks.trailing_zeros() as usize / 8)
}

/// The place of the first byte that must be escaped in a string, else the text's end.
pub(crate) fn end_of_unescaped(bytes: &[u8], from: usize) -> usize {
    find(bytes, from, escaped, |byte| {
        matches!(byte, b'"' | b'\\' | 0..=0x1f)
    })
}

/// Whether no byte must be escaped in a string.
#[inline]
pub(crate) fn is_unescaped(bytes: &[u8]) -> bool {
    let Some(last) = bytes.last_chunk::<8>() else {
        return bytes
            .iter()
            .all(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f));
    };
    // The last eight may have been looked at in part.
    let (chunks, _) = bytes.as_chunks::<8>();
    let of_chunks = chunks.iter().fold(0, |marks, chunk| {
        marks | escaped(u64::from_le_bytes(*chunk))
    });
    of_chunks | escaped(u64::from_le_bytes(*last)) == 0
}

/// Marks quotes and backslashes. The lowest mark is one; those above it may be there by mistake.
#[inline]
fn quotes(word: u64) -> u64 {
    (zeros(word ^ each(b'"')) | zeros(word ^ each(b'\\'))) & !word & HIGH
}

/// Marks control characters as well.
#[inline]
fn escaped(word: u64) -> u64 {
    let controls = word.wrapping_sub(each(0x20));
    (controls | zeros(word ^ each(b'"')) | zeros(word ^ each(b'\\'))) & !word & HIGH
}

const fn each(byte: u8) -> u64 {
    LOW * byte as u64
}

/// Sets the highest bit of a byte that is zero, where the byte was one below 128.
#[inline]
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(LOW)
}

#[inline]
fn find(
    bytes: &[u8],
    from: usize,
    marks: impl Fn(u64) -> u64,
    is_wanted: impl Fn(u8) -> bool,
) -> usize {
    let mut at = from;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let marks = marks(u64::from_le_bytes(*chunk));
        if marks != 0 {
            return at + marks.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while bytes.get(at).is_some_and(|byte| !is_wanted(*byte)) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_found_wherever_it_stands() {
        for length in 0..40 {
            for at in 0..length {
                for sign in [b'"', b'\\', b'\n', 0x1f, 0] {
                    let mut bytes = vec![b'x'; length];
                    bytes[at] = sign;
                    assert_eq!(end_of_unescaped(&bytes, 0), at);
                    assert!(!is_unescaped(&bytes));
                    let is_plain = !matches!(sign, b'"' | b'\\');
                    assert_eq!(end_of_plain(&bytes, 0), if is_plain { length } else { at });
                    assert_eq!(end_of_plain(&bytes, at + 1), length);
                }
            }
            let beyond = "\u{20}\u{7f}é😂#[!]".repeat(length);
            assert_eq!(end_of_unescaped(beyond.as_bytes(), 0), beyond.len());
            assert_eq!(end_of_plain(beyond.as_bytes(), 0), beyond.len());
            assert!(is_unescaped(beyond.as_bytes()));
        }
    }
}
