//! The SHA-256 that a file must have.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::{Digest as _, Sha256};

/// With or without `=` at the end: feeds that pass through others lose it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The announced digest, and the digest of what was read so far.
pub(crate) struct Digest {
    announced: [u8; 32],
    read: Sha256,
}

impl Digest {
    /// Reads a digest as callbacks write it, in base64, or as media look-ups do, in hexadecimal digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let announced = match text.len() {
            64 => hexadecimal(text)?,
            _ => base64(text)?,
        };
        Some(Self {
            announced,
            read: Sha256::new(),
        })
    }

    /// Notes a piece of the file.
    pub(crate) fn update(&mut self, piece: &[u8]) {
        self.read.update(piece);
    }

    /// Whether all pieces together are what was announced.
    pub(crate) fn matches(self) -> bool {
        let read: [u8; 32] = self.read.finalize().into();
        read == self.announced
    }
}

fn base64(text: &str) -> Option<[u8; 32]> {
    // The decoder wants room for a whole number of groups, the last one's padding included.
    let mut bytes = [0; 33];
    let read = BASE64.decode_slice(text, &mut bytes).ok()?;
    bytes.get(..read)?.try_into().ok()
}

fn hexadecimal(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let digits = std::str::from_utf8(digits).ok()?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of `abc`: the first example of FIPS 180-2.
    const HEXADECIMAL: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    const BASE64: &str = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";

    #[test]
    fn base64_and_hexadecimal_are_told_apart_by_their_length() {
        for text in [
            HEXADECIMAL,
            &HEXADECIMAL.to_uppercase(),
            BASE64,
            BASE64.trim_end_matches('='),
            &format!(" {BASE64}\n"),
        ] {
            let mut digest = Digest::parse(text).unwrap();
            digest.update(b"a");
            digest.update(b"bc");
            assert!(digest.matches(), "{text}");
            let mut digest = Digest::parse(text).unwrap();
            digest.update(b"abd");
            assert!(!digest.matches(), "{text}");
        }
    }

    #[test]
    fn what_is_no_sha256_is_refused() {
        for text in [
            "",
            "aGFzaA==",
            &HEXADECIMAL[1..],
            &HEXADECIMAL.replace('b', "g"),
            &HEXADECIMAL.replace("ba", "+a"),
            &BASE64.replace('/', "!"),
            &format!("{BASE64}{BASE64}"),
            &"é".repeat(32),
        ] {
            assert!(Digest::parse(text).is_none(), "{text}");
        }
    }
}
