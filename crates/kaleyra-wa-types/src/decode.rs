//! Why bytes could not be read as what they should be, said without repeating them.

use std::fmt;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::wire::object::read_object;
use crate::wire::type_first::TypeFirst;
use crate::wire::{Member, Object};

/// Why bytes could not be read: where, and what was found there.
///
/// It never repeats the bytes themselves, which may hold personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    path: String,
    reason: String,
}

impl DecodeError {
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

    /// For bytes that are no JSON.
    pub(crate) fn not_json(error: &serde_json::Error) -> Self {
        Self {
            path: String::new(),
            reason: format!("not JSON: {}", without_contents(&error.to_string())),
        }
    }

    /// For bytes that are no text.
    pub(crate) fn not_utf8() -> Self {
        Self {
            path: String::new(),
            reason: "not JSON: not UTF-8".to_owned(),
        }
    }

    /// For JSON that is something else than an object.
    pub(crate) fn not_an_object() -> Self {
        Self {
            path: String::new(),
            reason: "not a JSON object".to_owned(),
        }
    }

    /// For a member that should have held it, and is not there.
    pub(crate) fn missing(member: &str) -> Self {
        Self {
            path: String::new(),
            reason: format!("`{member}` is missing"),
        }
    }

    /// For JSON in another shape.
    pub(crate) fn misshapen<E: fmt::Display>(error: &serde_path_to_error::Error<E>) -> Self {
        let outer = error.path().to_string();
        let outer = if outer == "." { "" } else { &outer };
        let message = error.inner().to_string();
        match message
            .strip_prefix(AT)
            .and_then(|rest| rest.split_once(AT_END))
        {
            // A part that was set aside and read later: its own path goes on from here.
            Some((inner, reason)) => Self {
                path: join(outer, inner),
                reason: reason.to_owned(),
            },
            None => Self {
                path: outer.to_owned(),
                reason: without_contents(&message),
            },
        }
    }

    /// The error as the message of one of serde's, which has no place for a path.
    pub(crate) fn for_serde(&self) -> String {
        match self.path.as_str() {
            "" => self.reason.clone(),
            path => format!("{AT}{path}{AT_END}{}", self.reason),
        }
    }
}

/// Around the path in the message of one of serde's errors.
const AT: &str = "at `";
const AT_END: &str = "`: ";

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

/// Reads what fails as a whole. Only then is it read once more, for the path of what is wrong.
pub(crate) fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    let text = text(bytes)?;
    serde_json::from_str(text).map_err(|error| reason::<T>(text, &error))
}

/// The same for an object: its members are read into their place, so that it is not moved when it is whole.
pub(crate) fn object_from_slice<T: Object + Member + DeserializeOwned>(
    bytes: &[u8],
) -> Result<T, DecodeError> {
    let text = text(bytes)?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let mut object = T::empty();
    match read_object(&mut object, &mut deserializer).and_then(|_| deserializer.end()) {
        Ok(()) => Ok(object),
        Err(error) => Err(reason::<T>(text, &error)),
    }
}

/// Checked for UTF-8 as a whole, which is faster than string by string.
fn text(bytes: &[u8]) -> Result<&str, DecodeError> {
    std::str::from_utf8(bytes).map_err(|_| DecodeError::not_utf8())
}

/// Why it could not be read: where its shape is wrong, or that it is no JSON.
fn reason<T: DeserializeOwned>(text: &str, error: &serde_json::Error) -> DecodeError {
    match error.is_data() {
        true => explain::<T>(text),
        false => DecodeError::not_json(error),
    }
}

fn explain<T: DeserializeOwned>(text: &str) -> DecodeError {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Ok(_) => DecodeError::not_an_object(),
        Err(error) => DecodeError::misshapen(&error),
    }
}

/// Reads a model from parsed JSON.
pub(crate) fn from_value<'a, T: Deserialize<'a>>(value: &'a Value) -> Result<T, DecodeError> {
    serde_path_to_error::deserialize(TypeFirst(value))
        .map_err(|error| DecodeError::misshapen(&error))
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
