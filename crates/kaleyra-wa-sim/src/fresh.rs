//! Fresh ids in the shapes of the documentation's samples.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::base64;

const ALPHANUMERICS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Kaleyra's id of an accepted message: `A` and 19 upper-case alphanumerics.
pub(crate) fn kaleyra_message_id() -> String {
    // 96 bits fit into 19 digits of base 36.
    let mut rest = (u128::from(random()) << 32) | u128::from(count());
    let mut id = String::from("A");
    for _ in 0..19 {
        id.push(char::from(ALPHANUMERICS[(rest % 36) as usize]));
        rest /= 36;
    }
    id
}

/// WhatsApp's id of a message. A real one holds the user's number, so this one does, too.
pub(crate) fn wamid(number: &str) -> String {
    let number = &number.as_bytes()[..number.len().min(usize::from(u8::MAX))];
    let mut bytes = vec![0x1c, 0x18, number.len() as u8];
    bytes.extend(number);
    bytes.extend([0x15, 0x02, 0x00, 0x12, 0x18, 0x20]);
    bytes.extend(hex32().to_uppercase().bytes());
    bytes.push(0);
    format!("wamid.{}", base64::encode(&bytes))
}

/// A UUID: the shape of `reply_to` and `trace_id`.
pub(crate) fn uuid() -> String {
    let hex = hex32();
    format!(
        "{}-{}-4{}-a{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[13..16],
        &hex[17..20],
        &hex[20..]
    )
}

/// 32 hexadecimal digits: the shape of a status's and a conversation's id.
pub(crate) fn hex32() -> String {
    format!("{:016x}{:08x}{:08x}", random(), random() as u32, count())
}

/// 16 decimal digits: the shape of a media id.
pub(crate) fn digits16() -> String {
    format!("{:016}", random() % 10_u64.pow(16))
}

/// The digest of a file that doesn't exist.
pub(crate) fn sha256() -> String {
    let bytes: Vec<u8> = (0..4).flat_map(|_| random().to_be_bytes()).collect();
    base64::encode(&bytes)
}

/// Now, as the wire writes a moment, and as much later as asked.
pub(crate) fn timestamp(later: Duration) -> String {
    unix_seconds(SystemTime::now() + later).to_string()
}

/// Seconds since 1970-01-01 UTC.
pub(crate) fn unix_seconds(moment: SystemTime) -> u64 {
    moment
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// Random enough for ids: the standard library seeds its hash maps from the system.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// What makes an id unique within the process, whatever [`random`] gives.
fn count() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_have_the_shapes_of_the_samples() {
        let id = kaleyra_message_id();
        assert_eq!(id.len(), 20);
        assert!(id.starts_with('A'));
        assert!(
            id.bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        );

        // Base64 of a leading 0x1c 0x18 0x0c and the twelve digits.
        assert!(wamid("919800000001").starts_with("wamid.HBgMOTE5ODAwMDAwMDAx"));

        let lengths: Vec<usize> = uuid().split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(hex32().len(), 32);
        assert_eq!(digits16().len(), 16);
        assert_eq!(sha256().len(), 44);
    }

    #[test]
    fn ids_are_unique() {
        let ids: HashSet<String> = (0..20_000).map(|_| kaleyra_message_id()).collect();
        assert_eq!(ids.len(), 20_000);
    }
}
