//! Why a message was not delivered.

use serde_json::{Value, json};

/// Why a message was not delivered.
///
/// For an example see [`MessageStatus`](crate::MessageStatus).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeliveryError {
    /// Meta's code, such as `131047`, or Kaleyra's, such as `WAV2101`.
    pub code: String,
    /// Its title.
    pub title: &'static str,
    /// What is wrong with this message.
    pub details: String,
}

impl DeliveryError {
    pub(crate) fn new(code: &str, title: &'static str, details: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            title,
            details: details.into(),
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({"code": self.code, "title": self.title, "details": self.details})
    }
}
