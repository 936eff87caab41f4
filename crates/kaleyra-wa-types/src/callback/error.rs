//! Meta's errors inside a callback.

use crate::TextOrObject;
use crate::UnknownFields;
use crate::wire::LooseText;
use kaleyra_wa_derive::{StringId, Wire};

/// An error of Meta's. Decide on `code` and the details; titles change.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct MetaError {
    /// What went wrong, such as `131047` (more than 24 hours since the user's last message).
    pub code: Option<ErrorCode>,
    /// The same for people.
    pub title: Option<String>,
    /// The same in more words.
    pub message: Option<String>,
    /// What is special about this case: an object or, by some, its details as a string.
    pub error_data: Option<TextOrObject<String, ErrorData>>,
    /// Where Meta documents it.
    pub href: Option<String>,
    /// Members that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What is special about an error.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ErrorData {
    /// What went wrong in this case.
    pub details: Option<String>,
    /// Members that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl MetaError {
    /// What went wrong in this case, where it is told.
    pub fn details(&self) -> Option<&str> {
        match self.error_data.as_ref()? {
            TextOrObject::Text(details) => Some(details),
            TextOrObject::Object(data) => data.details.as_deref(),
        }
    }
}

/// The number of an error of Meta's. New ones appear without notice.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct ErrorCode(LooseText);

impl From<u32> for ErrorCode {
    fn from(code: u32) -> Self {
        Self(LooseText::Token(code.to_string().into()))
    }
}
