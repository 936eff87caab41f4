//! A type that this version does not know.

use std::fmt;

use serde_json::Value;

use super::raw_json::RawJson;

/// A `type` that this version does not know, and the member of that name: data, not an error.
///
/// `Debug` shows the type only: the body may hold anything, personal data too.
#[derive(Clone, PartialEq)]
pub struct UnknownBody {
    type_name: Box<str>,
    body: Option<RawJson>,
}

impl UnknownBody {
    /// A message type that this version lacks, to be sent as it is.
    pub fn new(type_name: impl Into<String>, body: Value) -> Self {
        Self {
            type_name: type_name.into().into(),
            body: Some(body.into()),
        }
    }

    pub(crate) fn kept(type_name: &str, body: Option<RawJson>) -> Self {
        Self {
            type_name: type_name.into(),
            body,
        }
    }

    /// No type at all.
    pub(crate) fn none() -> Self {
        Self::kept("", None)
    }

    /// The text of `type`; empty where the object had none.
    pub fn type_name(&self) -> &str {
        &self.type_name
    }

    /// The member named as the type says; `None` where there is no such member.
    pub fn body(&self) -> Option<&RawJson> {
        self.body.as_ref()
    }
}

impl fmt::Debug for UnknownBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnknownBody")
            .field("type_name", &self.type_name)
            .finish_non_exhaustive()
    }
}
