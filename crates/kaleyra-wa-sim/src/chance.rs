//! The source of everything that looks random: one seed, and no state.
//!
//! What is decided is a hash of the seed and of what the decision is about, never of what was decided before. So threads
//! and timing change nothing: the same seed makes the same callback of the same conversation fail.

use std::hash::{BuildHasher, Hasher, RandomState};

use sha2::{Digest, Sha256};

/// A keyed source of chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chance {
    seed: u64,
}

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// Another one each time; it is short, so that a person can type it.
    pub(crate) fn random() -> Self {
        Self::new(RandomState::new().build_hasher().finish() % 1_000_000_000)
    }

    pub(crate) fn seed(self) -> u64 {
        self.seed
    }

    /// 32 bytes that depend on the seed and on these parts alone.
    pub(crate) fn bytes(self, parts: &[&str]) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(self.seed.to_be_bytes());
        for part in parts {
            // With its length, so that ("a", "bc") is another key than ("ab", "c").
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
        digest.finalize().into()
    }

    /// A number that depends on the seed and on these parts alone.
    pub(crate) fn number(self, parts: &[&str]) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.bytes(parts);
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }

    /// From 0 up to, but not including, 1.
    pub(crate) fn fraction(self, parts: &[&str]) -> f64 {
        // As many bits as fit into the fraction of an f64.
        (self.number(parts) >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_key_decides_the_same() {
        let chance = Chance::new(7);
        assert_eq!(
            chance.number(&["a", "bc"]),
            Chance::new(7).number(&["a", "bc"])
        );
        assert_ne!(chance.number(&["a", "bc"]), chance.number(&["ab", "c"]));
        assert_ne!(chance.number(&["a"]), Chance::new(8).number(&["a"]));
    }

    #[test]
    fn fractions_are_spread_evenly() {
        let below = (0..10_000)
            .filter(|n| Chance::new(1).fraction(&["p", &n.to_string()]) < 0.3)
            .count();
        assert!((2_800..3_200).contains(&below), "{below}");
    }
}
