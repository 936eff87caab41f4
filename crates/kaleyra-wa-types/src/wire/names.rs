//! Names on the wire, and how the engine finds them.

/// A name as it came, with its beginning and length as one number to find it by.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    bytes: &'a [u8],
    tag: u64,
}

/// The first seven bytes of a name, and its length in the eighth.
const fn tag(bytes: &[u8]) -> u64 {
    let mut tag = (bytes.len() as u64) << 56;
    let mut at = 0;
    while at < 7 && at < bytes.len() {
        tag |= (bytes[at] as u64) << (8 * at);
        at += 1;
    }
    tag
}

impl<'a> Wanted<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        match bytes.first_chunk::<8>() {
            Some(beginning) => Self::with_beginning(bytes, u64::from_le_bytes(*beginning)),
            None => Self {
                bytes,
                tag: tag(bytes),
            },
        }
    }

    /// The name that these eight bytes begin with.
    #[inline]
    pub(crate) fn with_beginning(bytes: &'a [u8], beginning: u64) -> Self {
        let length = bytes.len() as u64;
        let mask = match length {
            0..7 => (1 << (8 * length)) - 1,
            _ => (1 << 56) - 1,
        };
        Self {
            bytes,
            tag: beginning & mask | length << 56,
        }
    }
}

impl Wanted<'_> {
    pub(crate) fn as_str(&self) -> &str {
        // It was part of a text before.
        std::str::from_utf8(self.bytes).unwrap_or_default()
    }
}

impl PartialEq<&str> for Wanted<'_> {
    #[inline]
    fn eq(&self, name: &&str) -> bool {
        self.bytes == name.as_bytes()
    }
}

/// Names on the wire, to be found without looking at each.
pub(crate) struct Names {
    list: &'static [&'static str],
    tags: [u64; Self::SLOTS],
    /// The places of the names in the list, by hash; a name whose slot is taken is in the next free one.
    places: [u8; Self::SLOTS],
}

impl Names {
    const SLOTS: usize = 128;
    const FREE: u8 = u8::MAX;

    pub(crate) const fn new(list: &'static [&'static str]) -> Self {
        assert!(
            list.len() < Self::SLOTS,
            "more names than there is room for"
        );
        let mut names = Self {
            list,
            tags: [0; Self::SLOTS],
            places: [Self::FREE; Self::SLOTS],
        };
        let mut n = 0;
        while n < list.len() {
            let tag = tag(list[n].as_bytes());
            let mut slot = Self::slot(tag);
            while names.places[slot] != Self::FREE {
                slot = (slot + 1) % Self::SLOTS;
            }
            names.places[slot] = n as u8;
            names.tags[slot] = tag;
            n += 1;
        }
        names
    }

    const fn slot(tag: u64) -> usize {
        // Fibonacci hashing.
        (tag.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 57) as usize
    }

    pub(crate) fn list(&self) -> &'static [&'static str] {
        self.list
    }

    /// The name at this place.
    #[inline]
    pub(crate) fn name(&self, n: usize) -> &'static str {
        self.list.get(n).copied().unwrap_or_default()
    }

    /// The place of a name.
    #[inline]
    pub(crate) fn find(&self, wanted: Wanted<'_>) -> Option<usize> {
        let mut slot = Self::slot(wanted.tag);
        while self.places[slot] != Self::FREE {
            if self.tags[slot] == wanted.tag {
                let n = usize::from(self.places[slot]);
                // The tag has all of a short name.
                if wanted.bytes.len() < 8 || is_same(self.name(n).as_bytes(), wanted.bytes) {
                    return Some(n);
                }
            }
            slot = (slot + 1) % Self::SLOTS;
        }
        None
    }
}

/// Whether two names whose tags agree are one: the last eight bytes are compared first, which are all that is left of most.
#[inline]
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len()
        && one.last_chunk::<8>() == other.last_chunk::<8>()
        && (one.len() < 16 || one == other)
}

/// The name of a member that is written.
#[derive(Clone, Copy)]
pub(crate) struct Name<'a> {
    pub(crate) text: &'a str,
    /// `,"name":`, where it was made beforehand.
    pub(crate) json: Option<&'static str>,
}

impl<'a> From<&'a str> for Name<'a> {
    #[inline]
    fn from(text: &'a str) -> Self {
        Self { text, json: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static NAMES: Names = Names::new(&[
        "",
        "id",
        "seventh",
        "eighth_1",
        "eighth_2",
        "from_user_id",
        "from_parent_user_id",
        "from_patent_user_id",
    ]);

    #[test]
    fn a_name_is_found_by_all_of_its_letters() {
        for (n, name) in NAMES.list().iter().enumerate() {
            assert_eq!(NAMES.find(Wanted::new(name.as_bytes())), Some(n), "{name}");
            // As the reader finds it: with what follows in the text.
            let text = format!("{name}\":\"1722863329\"");
            let beginning = text.as_bytes().first_chunk().copied().unwrap_or_default();
            let wanted = Wanted::with_beginning(name.as_bytes(), u64::from_le_bytes(beginning));
            assert_eq!(NAMES.find(wanted), Some(n), "{name}");
            for at in 0..name.len() {
                let mut other = name.as_bytes().to_vec();
                other[at] = b'~';
                assert_eq!(NAMES.find(Wanted::new(&other)), None, "{name} but for {at}");
            }
        }
        let long = "x".repeat(256) + "id";
        assert_eq!(NAMES.find(Wanted::new(long.as_bytes())), None);
        assert_eq!(NAMES.find(Wanted::new(&long.as_bytes()[..256])), None);
    }
}
