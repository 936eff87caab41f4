//! Meta's errors inside a callback.

use crate::TextOrObject;
use crate::UnknownFields;
use crate::wire::LooseText;
use kaleyra_wa_derive::{StringId, Wire};

/// An error of Meta's. Decide on `code` and the details; titles change.
///
/// ```
/// use kaleyra_wa_types::error_code::ErrorClass;
/// use kaleyra_wa_types::inbound::MetaError;
///
/// let error: MetaError = serde_json::from_str(r#"{"code": 131047, "title": "Re-engagement message"}"#)?;
/// assert_eq!(error.class(), Some(ErrorClass::Never));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct MetaError {
    /// What went wrong, such as `131047` (more than 24 hours since the user's last message).
    pub code: Option<ErrorCode>,
    /// The same in human-readable form.
    pub title: Option<String>,
    /// The same in more detail.
    pub message: Option<String>,
    /// What is specific to this case: an object or, from some senders, its details as a string.
    pub error_data: Option<TextOrObject<String, ErrorData>>,
    /// What went wrong in this case, on old feeds: see [`details`](Self::details).
    pub details: Option<String>,
    /// A finer-grained code, which Meta advises against relying on.
    pub error_subcode: Option<ErrorCode>,
    /// What kind of error it is, such as `OAuthException`.
    #[wire(name = "type")]
    pub kind: Option<String>,
    /// Meta's id of it, for its support.
    pub fbtrace_id: Option<String>,
    /// Where Meta documents it.
    pub href: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What is special about an error.
///
/// For an example see [`MetaError::details`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ErrorData {
    /// What went wrong in this case.
    pub details: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl MetaError {
    /// What went wrong in this case, where it is given.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::MetaError;
    ///
    /// for json in [
    ///     r#"{"code": 131053, "error_data": {"details": "unsupported file"}}"#,
    ///     r#"{"code": 131053, "error_data": "unsupported file"}"#, // as some senders write it
    ///     r#"{"code": 131053, "details": "unsupported file"}"#,    // on old feeds
    /// ] {
    ///     let error: MetaError = serde_json::from_str(json)?;
    ///     assert_eq!(error.details(), Some("unsupported file"));
    /// }
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn details(&self) -> Option<&str> {
        let data = self.error_data.as_ref().and_then(|data| match data {
            TextOrObject::Text(details) => Some(details.as_str()),
            TextOrObject::Object(data) => data.details.as_deref(),
        });
        data.or(self.details.as_deref())
    }
}

/// The number of an error of Meta's. New ones appear without notice.
///
/// ```
/// use kaleyra_wa_types::inbound::{ErrorCode, MetaError};
///
/// let error: MetaError = serde_json::from_str(r#"{"code": 131047, "title": "Re-engagement message"}"#)?;
/// assert_eq!(error.code, Some(ErrorCode::from(131047)));
/// assert_eq!(error.code, Some(ErrorCode::from("131047"))); // some feeds write a string: it is the same code
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct ErrorCode(LooseText);

impl From<u32> for ErrorCode {
    fn from(code: u32) -> Self {
        Self(LooseText::Token(code.to_string().into()))
    }
}
