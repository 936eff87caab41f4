//! A digest of an event's key.

use std::fmt;

use kaleyra_wa_types::inbound::{Callback, EventKey};
use sha2::{Digest, Sha256};

/// A digest of an event's key in a store: 16 bytes, the same in every process and version, and nothing personal.
///
/// It is made of the key and the number that the event belongs to, so that several accounts can share a store. Where
/// nothing in an event identifies duplicates, there is none.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::inbox::Fingerprint;
/// use kaleyra_wa_store::types::inbound::Callback;
///
/// let body = br#"{"meta_object": {"value": {"messages": [{"id": "wamid.A", "type": "text", "text": {"body": "Hi"}}]}}}"#;
/// let callback = Callback::from_slice(body)?;
/// let event = callback.events().next().expect("there is a message");
/// let key = event.key().expect("its id identifies duplicates");
/// let fingerprint = Fingerprint::of(&callback, &key);
/// assert_eq!(Fingerprint::from_bytes(*fingerprint.as_bytes()), fingerprint);
/// assert_eq!(fingerprint.to_string().len(), 32); // hexadecimal digits
/// # Ok::<(), kaleyra_wa_store::types::DecodeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// The fingerprint of an event in this callback.
    pub fn of(callback: &Callback, key: &EventKey) -> Self {
        Self::scoped(scope(callback), key)
    }

    fn scoped(scope: &str, key: &EventKey) -> Self {
        let mut hash = Sha256::new();
        // The length keeps the two apart.
        hash.update((scope.len() as u64).to_be_bytes());
        hash.update(scope);
        hash.update(key.as_str());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.finalize()[..16]);
        Self(bytes)
    }

    /// A fingerprint that was stored.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// The business number that a callback belongs to, by Meta's id of it, else by the number itself; else the account.
fn scope(callback: &Callback) -> &str {
    let value = callback
        .meta_object
        .as_ref()
        .and_then(|it| it.value.as_ref());
    let metadata = value.and_then(|value| value.metadata.as_ref());
    let id = metadata.and_then(|it| Some(it.phone_number_id.as_ref()?.as_str()));
    let number = metadata.and_then(|it| Some(it.display_phone_number.as_ref()?.as_str()));
    let extra_info = callback.extra_info.as_ref();
    let account = extra_info.and_then(|it| Some(it.waba_id.as_ref()?.as_str()));
    id.or(number).or(account).unwrap_or_default()
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// In hexadecimal digits.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(body: &str) -> Option<Fingerprint> {
        let callback = Callback::from_slice(body.as_bytes()).unwrap();
        let key = callback.events().next().unwrap().key()?;
        Some(Fingerprint::of(&callback, &key))
    }

    #[test]
    fn it_is_the_same_however_the_body_is_written() {
        let one = r#"{"meta_object": {"field": "messages", "value": {"metadata": {"phone_number_id": "1"},
            "messages": [{"from": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "Hi"}}]}},
            "extra_info": {"trace_id": "1"}}"#;
        let other = r#"{"extra_info":{"trace_id":"2"},"meta_object":{"value":{"messages":[{"type":"text","id":"wamid.A",
            "text":{"body":"Hi"},"from":"919800000001"}],"metadata":{"phone_number_id":"1"}},"field":"messages"}}"#;
        assert_eq!(fingerprint(one), fingerprint(other));
        assert_ne!(
            fingerprint(one),
            fingerprint(&one.replace("\"phone_number_id\": \"1\"", "\"phone_number_id\": \"2\""))
        );
        assert_ne!(
            fingerprint(one),
            fingerprint(&one.replace("wamid.A", "wamid.B"))
        );
    }

    #[test]
    fn what_is_stored_is_found_by_later_versions() {
        let stored = Fingerprint::scoped("1", &"message/wamid.A".into());
        // SHA-256 of the scope's length in eight bytes, the scope and the key.
        assert_eq!(stored.to_string(), "ac141bdf5c5810377f76bfa8a338af99");
    }

    #[test]
    fn what_has_no_key_has_no_fingerprint() {
        let body = r#"{"meta_object": {"value": {"errors": [{"code": 131000}]}}}"#;
        assert_eq!(fingerprint(body), None);
    }
}
