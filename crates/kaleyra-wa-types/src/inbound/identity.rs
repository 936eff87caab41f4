//! Whether a user's identity has changed.

use crate::Timestamp;
use crate::UnknownFields;
use kaleyra_wa_derive::Wire;

/// The state of a user's identity, where the business has identity checks turned on.
///
/// ```
/// use kaleyra_wa_types::inbound::Message;
///
/// let message: Message = serde_json::from_str(r#"{"from": "919800000001", "id": "wamid.A", "type": "text",
///     "text": {"body": "Hi"}, "identity": {"acknowledged": false, "created_timestamp": "1767225600", "hash": "DF2lS5v2"}}"#)?;
/// let identity = message.identity.ok_or("checks are off")?;
/// assert_eq!(identity.acknowledged, Some(false)); // a new phone, or another person: ask before you tell secrets
/// assert_eq!(identity.hash.as_deref(), Some("DF2lS5v2"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: Meta's *identity change check*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Identity {
    /// Whether the business has acknowledged this identity.
    pub acknowledged: Option<bool>,
    /// When it began.
    pub created_timestamp: Option<Timestamp>,
    /// Its hash; goes into `recipient_identity_key_hash` of a message that no other phone may receive.
    pub hash: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}
