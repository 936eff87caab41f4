//! Names that others chose, such as conversations, as an index of any database can hold them.

use std::borrow::Cow;
use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The longest key: an index of Postgres holds two of them, and a reference of 255 characters is never longer.
const LONGEST: usize = 1_024;
/// How much of a longer name is kept as it is.
const KEPT: usize = 900;

/// A name that others chose, such as a conversation's or a reference, as a store looks it up: up to 1,024 bytes, and without
/// a zero byte, which a database may not be able to keep.
///
/// Names of Kaleyra's are as they should be, and come back unchanged. Of one that is longer, the first 900 bytes are kept, and a
/// hash tells it from others that begin in the same way; a zero byte becomes U+FFFD. A key is its own key.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::index_key;
///
/// assert_eq!(index_key("919800000001"), "919800000001");
/// let (long, longer) = ("9".repeat(5_000), "9".repeat(5_001));
/// assert!(index_key(&long).len() <= 1_024);
/// assert_ne!(index_key(&long), index_key(&longer));
/// ```
pub fn index_key(name: &str) -> Cow<'_, str> {
    let has_zero = name.contains('\0');
    if name.len() <= LONGEST && !has_zero {
        return Cow::Borrowed(name);
    }
    let clean = if has_zero {
        Cow::Owned(name.replace('\0', "\u{FFFD}"))
    } else {
        Cow::Borrowed(name)
    };
    if clean.len() <= LONGEST {
        return clean;
    }
    let mut key = clean[..boundary(&clean)].to_owned();
    key.push('…');
    for byte in &Sha256::digest(name.as_bytes())[..16] {
        // Writing to a string can't fail.
        let _ = write!(key, "{byte:02x}");
    }
    Cow::Owned(key)
}

/// The last place before the limit that is between two characters.
fn boundary(name: &str) -> usize {
    let mut at = KEPT;
    while !name.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_short_and_clean_is_its_own_key() {
        for name in ["", "919800000001", "ü".repeat(512).as_str()] {
            assert!(matches!(index_key(name), Cow::Borrowed(key) if key == name));
        }
    }

    #[test]
    fn what_is_long_is_cut_between_characters_and_told_apart() {
        let names = ["a", "ü", "€", "😀"].map(|character| character.repeat(1_100));
        for name in names {
            let key = index_key(&name).into_owned();
            assert!(key.len() <= LONGEST);
            assert_eq!(index_key(&key), key, "a key is its own key");
            assert_ne!(index_key(&format!("{name}b")), key);
        }
    }

    #[test]
    fn a_zero_byte_is_replaced() {
        assert_eq!(index_key("a\0b"), "a\u{FFFD}b");
    }
}
