//! JSON that is kept as the text that it came as.

use std::fmt;

use ecow::EcoString;
use serde_json::Value;

/// JSON that no model reads, kept as its text: whatever numbers are in it, and in whatever order its members stand.
///
/// Two are equal when their values are. `Debug` shows nothing of it: it may hold anything, personal data too.
///
/// ```
/// use kaleyra_wa_types::RawJson;
///
/// let json = RawJson::from(serde_json::json!({"size": 2}));
/// assert_eq!(json.as_str(), r#"{"size":2}"#);
/// assert_eq!(json.to_value().unwrap()["size"], 2);
/// ```
#[derive(Clone)]
pub struct RawJson(EcoString);

impl RawJson {
    /// A text that was read as JSON before.
    pub(crate) fn new(json: &str) -> Self {
        Self(json.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value; `None` for one that [`Value`] can't hold, such as `1e400` or arrays nested beyond 128. Whole numbers beyond
    /// 64 bits lose their last digits.
    pub fn to_value(&self) -> Option<Value> {
        serde_json::from_str(&self.0).ok()
    }

    /// Whether it is `null`, `""` or `[]`.
    pub(crate) fn is_blank(&self) -> bool {
        let mut reader = super::Reader::new(&self.0);
        reader.blank().is_ok_and(|blank| blank.is_some())
    }
}

/// The text.
impl fmt::Display for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Value> for RawJson {
    fn from(value: Value) -> Self {
        Self(value.to_string().into())
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
            || self
                .to_value()
                .is_some_and(|value| Some(value) == other.to_value())
    }
}

/// Compares the values.
impl PartialEq<Value> for RawJson {
    fn eq(&self, other: &Value) -> bool {
        self.to_value().as_ref() == Some(other)
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RawJson").finish_non_exhaustive()
    }
}
