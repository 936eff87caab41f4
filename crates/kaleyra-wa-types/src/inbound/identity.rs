//! Whether a user's phone is still the same.

use crate::Timestamp;
use crate::UnknownFields;
use kaleyra_wa_derive::Wire;

/// The state of a user's identity, where the business has the check for its change turned on.
///
/// Source: Meta's *identity change check*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Identity {
    /// Whether the business has acknowledged this identity.
    pub acknowledged: Option<bool>,
    /// When it began.
    pub created_timestamp: Option<Timestamp>,
    /// What it is told by; goes into `recipient_identity_key_hash` of a message that no other phone may get.
    pub hash: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}
