//! Ids in the shapes of the documentation's samples.
//!
//! Each depends on the seed, on what it is an id of, whom it is about and how many of these there were before, so that a
//! conversation has the same ids in every run, whatever the others do meanwhile.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::base64;
use crate::chance::Chance;
use crate::time::clock::Clock;

const ALPHANUMERICS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Makes ids. Clones make different ones.
#[derive(Clone)]
pub(crate) struct Ids {
    chance: Chance,
    counts: Arc<Mutex<HashMap<String, u64>>>,
}

/// What a message that is made needs of the simulator: what time it is, and ids.
#[derive(Clone)]
pub(crate) struct Sources {
    pub(crate) clock: Clock,
    pub(crate) ids: Ids,
}

impl Sources {
    /// Of no simulator: the machine's time and a seed of its own.
    pub(crate) fn of_nobody() -> Self {
        Self {
            clock: Clock::real(),
            ids: Ids::new(Chance::random()),
        }
    }
}

impl Ids {
    /// About how many users or things ids are counted on their own; the others share a count.
    const COUNTS_MAX: usize = 100_000;

    pub(crate) fn new(chance: Chance) -> Self {
        Self {
            chance,
            counts: Arc::default(),
        }
    }

    /// Kaleyra's id of an accepted message: `A` and 19 upper-case alphanumerics.
    pub(crate) fn kaleyra_message_id(&self, about: &str) -> String {
        let mut rest = self.next("kaleyra message", about);
        let mut id = String::from("A");
        for _ in 0..19 {
            id.push(char::from(ALPHANUMERICS[(rest % 36) as usize]));
            rest /= 36;
        }
        id
    }

    /// WhatsApp's id of a message. A real one holds the user's number, so this one does, too.
    pub(crate) fn wamid(&self, number: &str) -> String {
        let digits = &number.as_bytes()[..number.len().min(usize::from(u8::MAX))];
        let mut bytes = vec![0x1c, 0x18, digits.len() as u8];
        bytes.extend(digits);
        bytes.extend([0x15, 0x02, 0x00, 0x12, 0x18, 0x20]);
        let hex = format!("{:032X}", self.next("wamid", number));
        bytes.extend(hex.bytes());
        bytes.push(0);
        format!("wamid.{}", base64::encode(&bytes))
    }

    /// A UUID: the shape of `reply_to` and `trace_id`.
    pub(crate) fn uuid(&self, about: &str) -> String {
        let hex = format!("{:032x}", self.next("uuid", about));
        let (a, b, c) = (&hex[..8], &hex[8..12], &hex[13..16]);
        format!("{a}-{b}-4{c}-a{}-{}", &hex[17..20], &hex[20..])
    }

    /// 32 hexadecimal digits: the shape of a status's and a conversation's id.
    pub(crate) fn hex32(&self, about: &str) -> String {
        format!("{:032x}", self.next("hex", about))
    }

    /// 16 decimal digits: the shape of a media id.
    pub(crate) fn digits16(&self, about: &str) -> String {
        format!("{:016}", self.next("digits", about) % 10_u128.pow(16))
    }

    /// The digest of a file that doesn't exist, in base64.
    pub(crate) fn sha256(&self, about: &str) -> String {
        let count = self.count("digest", about);
        base64::encode(&self.chance.bytes(&["digest", about, &count.to_string()]))
    }

    fn next(&self, kind: &str, about: &str) -> u128 {
        let count = self.count(kind, about);
        let bytes = self.chance.bytes(&[kind, about, &count.to_string()]);
        let mut half = [0; 16];
        half.copy_from_slice(&bytes[..16]);
        u128::from_be_bytes(half)
    }

    /// How many there were of this kind.
    fn count(&self, kind: &str, about: &str) -> u64 {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let key = format!("{kind}/{about}");
        let is_full = counts.len() >= Self::COUNTS_MAX && !counts.contains_key(&key);
        let count = counts
            .entry(if is_full { kind.to_owned() } else { key })
            .or_default();
        *count += 1;
        *count
    }

    /// How many there were of each kind, for a state that is exported.
    pub(crate) fn counts(&self) -> Vec<(String, u64)> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counts: Vec<_> = counts.iter().map(|(key, n)| (key.clone(), *n)).collect();
        counts.sort();
        counts
    }

    /// Goes on counting where another simulator stopped.
    pub(crate) fn resume(&self, counted: impl IntoIterator<Item = (String, u64)>) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, count) in counted.into_iter().take(Self::COUNTS_MAX) {
            let known = counts.entry(key).or_default();
            *known = count.max(*known);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn ids() -> Ids {
        Ids::new(Chance::new(7))
    }

    #[test]
    fn ids_have_the_shapes_of_the_samples() {
        let ids = ids();
        let id = ids.kaleyra_message_id("919800000001");
        assert_eq!(id.len(), 20);
        assert!(id.starts_with('A'));
        assert!(
            id.bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        );

        // Base64 of a leading 0x1c 0x18 0x0c and the twelve digits.
        let wamid = ids.wamid("919800000001");
        assert!(wamid.starts_with("wamid.HBgMOTE5ODAwMDAwMDAx"));

        let lengths: Vec<usize> = ids.uuid("").split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(ids.hex32("").len(), 32);
        assert_eq!(ids.digits16("").len(), 16);
        assert_eq!(ids.sha256("").len(), 44);
    }

    #[test]
    fn ids_are_unique() {
        let ids = ids();
        let made: HashSet<String> = (0..20_000).map(|_| ids.kaleyra_message_id("1")).collect();
        assert_eq!(made.len(), 20_000);
    }

    #[test]
    fn a_conversation_has_its_ids_whatever_others_do() {
        let (alone, among) = (ids(), ids());
        let expected = [alone.wamid("1"), alone.wamid("1")];
        let first = among.wamid("1");
        among.wamid("2");
        among.uuid("1");
        assert_eq!([first, among.wamid("1")], expected);

        let resumed = ids();
        resumed.resume(alone.counts());
        assert_eq!(resumed.wamid("1"), alone.wamid("1"));
    }
}
