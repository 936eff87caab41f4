//! Whether a user's identity has changed.

use crate::Timestamp;
use crate::UnknownFields;
use kaleyra_wa_derive::Wire;

/// The state of a user's identity, where the business has identity checks turned on.
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
