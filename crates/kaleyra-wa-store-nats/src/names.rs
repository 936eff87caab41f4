//! The names of streams and subjects, and the partition of a conversation.

use kaleyra_wa_store::inbox::{EventId, Fingerprint};
use sha2::{Digest, Sha256};

use crate::random;

/// How many partitions the conversations are divided into: the unit that a worker owns.
pub(crate) const PARTITIONS: u16 = 64;

/// What a store is called on the server.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    name: String,
}

impl Names {
    pub(crate) fn new(name: &str) -> Self {
        let name = name.to_owned();
        Self { name }
    }

    /// Whether it can be part of a subject and of the name of a stream.
    pub(crate) fn is_valid(name: &str) -> bool {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        // The stream of states of a store without the ending would be the stream of events of one with it.
        let is_taken = name.ends_with("_STATE");
        (1..=50).contains(&name.len()) && name.chars().all(is_plain) && !is_taken
    }

    /// The stream of events.
    pub(crate) fn events(&self) -> String {
        format!("KWA_{}", self.name)
    }

    /// The stream of what became of them, and of who works.
    pub(crate) fn states(&self) -> String {
        format!("KWA_{}_STATE", self.name)
    }

    /// An event. Its key is the last token: a second message there is refused.
    pub(crate) fn event(&self, partition: u16, key: &str) -> String {
        format!("kwa.{}.e.{partition}.{key}", self.name)
    }

    /// Every event of a partition.
    pub(crate) fn events_of(&self, partition: u16) -> String {
        self.event(partition, "*")
    }

    pub(crate) fn all_events(&self) -> String {
        format!("kwa.{}.e.*.*", self.name)
    }

    /// The partition in the subject of an event.
    pub(crate) fn partition_in(&self, subject: &str) -> Option<u16> {
        let rest = subject.strip_prefix("kwa.")?.strip_prefix(&*self.name)?;
        let (partition, _) = rest.strip_prefix(".e.")?.split_once('.')?;
        partition.parse().ok().filter(|it| *it < PARTITIONS)
    }

    /// A body that several events share, or a piece of one that is larger than a message may be.
    pub(crate) fn body(&self) -> String {
        format!("kwa.{}.raw", self.name)
    }

    /// What became of an event.
    pub(crate) fn state(&self, partition: u16, event: EventId) -> String {
        format!("kwa.{}.s.e.{partition}.{event}", self.name)
    }

    pub(crate) fn all_states(&self) -> String {
        format!("kwa.{}.s.e.*.*", self.name)
    }

    /// Event and partition in the subject of a state.
    pub(crate) fn state_in(&self, subject: &str) -> Option<(u16, EventId)> {
        let rest = subject.strip_prefix("kwa.")?.strip_prefix(&*self.name)?;
        let (partition, event) = rest.strip_prefix(".s.e.")?.split_once('.')?;
        Some((partition.parse().ok()?, EventId::new(event.parse().ok()?)))
    }

    /// Who owns a partition.
    pub(crate) fn owner(&self, partition: u16) -> String {
        format!("kwa.{}.s.p.{partition}", self.name)
    }

    pub(crate) fn all_owners(&self) -> String {
        format!("kwa.{}.s.p.*", self.name)
    }

    /// Below which event of a partition all are settled.
    pub(crate) fn floor(&self, partition: u16) -> String {
        format!("kwa.{}.s.f.{partition}", self.name)
    }

    /// The sign of life of a worker.
    pub(crate) fn worker(&self, worker: &str) -> String {
        format!("kwa.{}.s.w.{worker}", self.name)
    }

    /// Where a worker responds while it is connected.
    pub(crate) fn alive(&self, worker: &str) -> String {
        format!("kwa.{}.alive.{worker}", self.name)
    }

    pub(crate) fn subjects_of_events(&self) -> Vec<String> {
        vec![self.all_events(), self.body()]
    }

    pub(crate) fn subjects_of_states(&self) -> Vec<String> {
        vec![format!("kwa.{}.s.>", self.name)]
    }
}

/// The partition of a conversation; of an event without one, by its key.
pub(crate) fn partition_of(conversation: Option<&str>, key: &str) -> u16 {
    let hash = Sha256::digest(conversation.unwrap_or(key).as_bytes());
    u16::from_be_bytes([hash[0], hash[1]]) % PARTITIONS
}

/// What stands in memory for a conversation, and for none. Two that had the same by chance would only wait for each other.
pub(crate) fn lane_of(conversation: Option<&str>) -> u64 {
    conversation.map_or(NO_LANE, |conversation| {
        let hash = Sha256::digest(conversation.as_bytes());
        let bytes = hash.iter().take(8);
        bytes
            .fold(0, |lane, byte| lane << 8 | u64::from(*byte))
            .max(1)
    })
}

/// Of events that belong to no conversation.
pub(crate) const NO_LANE: u64 = 0;

/// What stands for an event in its subject: always the same where duplicates can be told.
pub(crate) fn key_of(fingerprint: Option<&Fingerprint>) -> String {
    match fingerprint {
        Some(fingerprint) => fingerprint.to_string(),
        None => format!("-{}", random::token()),
    }
}

/// What was put into the key.
pub(crate) fn fingerprint_in(subject: &str) -> Option<Fingerprint> {
    let (_, key) = subject.rsplit_once('.')?;
    let number = u128::from_str_radix(key, 16).ok()?;
    (key.len() == 32).then(|| Fingerprint::from_bytes(number.to_be_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_is_always_in_the_same_partition() {
        // The first two bytes of its SHA-256, e3b0: other versions have to come to the same.
        assert_eq!(partition_of(Some(""), "x"), 0xe3b0 % 64);
        assert_eq!(partition_of(None, ""), 0xe3b0 % 64);
    }

    #[test]
    fn what_is_in_a_subject_is_found_again() {
        let names = Names::new("bot-1");
        let fingerprint = Fingerprint::from_bytes([7; 16]);
        let subject = names.event(63, &key_of(Some(&fingerprint)));
        assert_eq!(names.partition_in(&subject), Some(63));
        assert_eq!(fingerprint_in(&subject), Some(fingerprint));
        let subject = names.event(0, &key_of(None));
        assert_eq!(fingerprint_in(&subject), None);
        let state = names.state(5, EventId::new(77));
        assert_eq!(names.state_in(&state), Some((5, EventId::new(77))));
        assert_eq!(names.partition_in(&state), None);
    }

    #[test]
    fn a_name_is_one_token() {
        assert!(Names::is_valid("bot_1"));
        for name in ["", "a.b", "a*", "a b", "ü", "bot_STATE"] {
            assert!(!Names::is_valid(name), "{name}");
        }
    }
}
