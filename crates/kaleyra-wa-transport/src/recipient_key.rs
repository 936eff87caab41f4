//! The recipient of a request, as a key for rate limiters.

use std::fmt;
use std::sync::Arc;

/// Identifies the recipient of a message. The client puts one into the [`Operation`](crate::Operation) of each request
/// that has exactly one recipient.
///
/// WhatsApp limits how fast one sender may write to one recipient. Without this key, a rate limiter would have to read
/// request bodies. It is a phone number with or without `+`, or another id of a user; both spellings of a number are
/// equal. `Debug` shows none of it.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_transport::RecipientKey;
///
/// let recipient = RecipientKey::new("+919800000001");
/// assert_eq!(recipient, RecipientKey::new("919800000001"));
/// assert_eq!(recipient.as_str(), "919800000001");
/// assert_eq!(format!("{recipient:?}"), "RecipientKey(..)");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RecipientKey(Arc<str>);

impl RecipientKey {
    /// The recipient with this number or id.
    pub fn new(id: impl AsRef<str>) -> Self {
        let id = id.as_ref();
        Self(id.strip_prefix('+').unwrap_or(id).into())
    }

    /// The number without its `+`, or the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RecipientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecipientKey(..)")
    }
}
