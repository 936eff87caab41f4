//! Why bytes could not be decoded, without repeating them.

use std::borrow::Cow;
use std::fmt;

use serde::de::DeserializeOwned;

use crate::wire::Wire;
use crate::wire::fault::Fault;
use crate::wire::read::read_all;

/// Why bytes could not be read: where, and what was found there.
///
/// It never repeats the bytes themselves, which may hold personal data.
///
/// ```
/// use kaleyra_wa_types::SendRequest;
///
/// let error = SendRequest::from_slice(br#"{"messaging_object": {"text": {"body": {"is": "secret"}}}}"#).unwrap_err();
/// assert_eq!(error.path(), "messaging_object.text.body");
/// assert!(!error.reason().contains("secret"));
/// assert!(error.to_string().contains(error.path())); // one line: where, and why
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    path: String,
    reason: String,
}

impl DecodeError {
    pub(crate) fn new(path: String, reason: String) -> Self {
        Self { path, reason }
    }

    /// The JSON path of what could not be read, such as `messages[0].image`; empty for the whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong there.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The same error, seen from an object around: `at` is the place of what was read.
    pub(crate) fn below(&self, at: &str) -> Self {
        Self {
            path: join(at, &self.path),
            reason: self.reason.clone(),
        }
    }

    /// For bytes that are not JSON.
    pub(crate) fn not_json(error: &serde_json::Error) -> Self {
        Self {
            path: String::new(),
            reason: format!("not JSON: {}", without_contents(&error.to_string())),
        }
    }

    /// For JSON that is something else than an object.
    pub(crate) fn not_an_object() -> Self {
        Self {
            path: String::new(),
            reason: "not a JSON object".to_owned(),
        }
    }

    /// For a field that should have held it, and is not there.
    pub(crate) fn missing(member: &str) -> Self {
        Self {
            path: String::new(),
            reason: format!("`{member}` is missing"),
        }
    }

    /// The error as the message of one of serde's, which has no place for a path.
    pub(crate) fn for_serde(&self) -> String {
        match self.path.as_str() {
            "" => self.reason.clone(),
            path => format!("at `{path}`: {}", self.reason),
        }
    }
}

/// A path that goes on.
pub(crate) fn join(outer: &str, inner: &str) -> String {
    match (outer, inner) {
        ("", inner) => inner.to_owned(),
        (outer, "") => outer.to_owned(),
        (outer, inner) if inner.starts_with('[') => format!("{outer}{inner}"),
        (outer, inner) => format!("{outer}.{inner}"),
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.reason),
            path => write!(f, "{path}: {}", self.reason),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Reads a model.
pub(crate) fn from_slice<T: Wire>(bytes: &[u8]) -> Result<T, DecodeError> {
    let mut model = T::empty();
    read(&mut model, bytes)?;
    Ok(model)
}

/// Reads into an empty model.
pub(crate) fn read(model: &mut dyn Wire, bytes: &[u8]) -> Result<(), DecodeError> {
    read_all(model, &text(bytes)).map_err(|fault: Box<Fault>| match fault.is_of_whole() {
        true => DecodeError::not_an_object(),
        false => fault.into(),
    })
}

/// The bytes as text. Checked as a whole, which is faster than string by string; what is no UTF-8 is replaced only where
/// there is some.
pub(crate) fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(String::from_utf8_lossy(bytes).into_owned()),
    }
}

/// Reads a type of the caller's from the text of a field.
pub(crate) fn foreign_from_str<T: DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut deserializer);
    let value = read.map_err(|error| match error.inner().is_data() {
        true => {
            let path = error.path().to_string();
            let path = if path == "." { String::new() } else { path };
            DecodeError::new(path, without_contents(&error.inner().to_string()))
        }
        false => DecodeError::not_json(error.inner()),
    })?;
    deserializer
        .end()
        .map_err(|error| DecodeError::not_json(&error))?;
    Ok(value)
}

/// serde's messages quote what they found (`invalid type: string "…", expected an object`): leaves the quote out.
fn without_contents(message: &str) -> String {
    for kind in ["unknown variant", "unknown field"] {
        if message.starts_with(kind) {
            let expected = message.rsplit_once("`, expected ");
            return expected.map_or(kind.to_owned(), |(_, expected)| {
                format!("{kind}, expected {expected}")
            });
        }
    }
    let Some(kind) = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
    else {
        return message.to_owned();
    };
    let (found, expected) = kind
        .rsplit_once(", expected ")
        .unwrap_or((kind, "something else"));
    let found = found
        .split(['"', '`'])
        .next()
        .unwrap_or_default()
        .trim_end();
    // The position within the input follows what was expected; it says nothing where the input was read twice.
    let expected = expected.split(" at line ").next().unwrap_or(expected);
    format!("expected {expected}, found {found}")
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_left_out() {
        fn check(message: &str, expected: &str) {
            assert_eq!(without_contents(message), expected);
        }
        check(
            "invalid type: string \"call me, expected at 9\", expected an object (Image) at line 1 column 5",
            "expected an object (Image), found string",
        );
        check(
            "invalid type: integer `919800000001`, expected a text",
            "expected a text, found integer",
        );
        check("missing field `body`", "missing field `body`");
        check(
            "unknown variant `call me`, expected `a` or `b`",
            "unknown variant, expected `a` or `b`",
        );
        check(
            "unknown field `call me`, there are no fields",
            "unknown field",
        );
        check(
            "expected value at line 1 column 2",
            "expected value at line 1 column 2",
        );
    }
}
