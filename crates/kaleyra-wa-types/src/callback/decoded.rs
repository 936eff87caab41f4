//! One element of an array: read, or kept with the reason why not.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::decode::{DecodeError, from_value};
use crate::wire::Member;
use crate::wire::member::BlankSeen;
use crate::wire::radar::Radar;

/// An element of an array of a callback: one bad element never sinks its siblings.
#[derive(Clone, Debug, PartialEq)]
pub enum Decoded<T> {
    /// It could be read.
    Typed(T),
    /// It could not.
    Malformed(Box<Malformed>),
}

/// An element that could not be read, kept as it came.
///
/// It is not an unknown type: that is a message with unknown content. Here a known member has another shape than any
/// page gives it.
///
/// `Debug` shows the error only: the body may hold anything, personal data too.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Malformed {
    /// Where in the element, and what is wrong there.
    pub error: DecodeError,
    /// The element as it came.
    pub body: Value,
}

impl fmt::Debug for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Malformed")
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl<T> Decoded<T> {
    /// The element, where it could be read.
    pub fn typed(&self) -> Option<&T> {
        match self {
            Self::Typed(element) => Some(element),
            Self::Malformed(_) => None,
        }
    }

    /// What is left of it where it could not be read.
    pub fn malformed(&self) -> Option<&Malformed> {
        match self {
            Self::Typed(_) => None,
            Self::Malformed(malformed) => Some(malformed),
        }
    }
}

impl<T: for<'de> Deserialize<'de>> Decoded<T> {
    /// Reads an element from parsed JSON.
    pub(crate) fn from_value(body: Value) -> Self {
        match from_value(&body) {
            Ok(element) => Self::Typed(element),
            Err(error) => Self::Malformed(Box::new(Malformed { error, body })),
        }
    }
}

impl<T> From<T> for Decoded<T> {
    fn from(element: T) -> Self {
        Self::Typed(element)
    }
}

impl<T: Serialize> Serialize for Decoded<T> {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Typed(element) => element.serialize(serializer),
            Self::Malformed(malformed) => malformed.body.serialize(serializer),
        }
    }
}

impl<'de, T: for<'any> Deserialize<'any>> Deserialize<'de> for Decoded<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from_value(Value::deserialize(deserializer)?))
    }
}

impl<T: Member> Member for Decoded<T> {
    #[inline]
    fn empty() -> Self {
        Self::Typed(T::empty())
    }

    /// Inside a callback the first attempt is strict: it reads the stream as it is, and only when that fails are the
    /// elements taken one by one (see `lenient`).
    #[inline]
    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<BlankSeen, D::Error> {
        match self {
            Self::Typed(element) => element.read(deserializer),
            Self::Malformed(_) => {
                *self = Self::empty();
                self.read(deserializer)
            }
        }
    }

    fn read_unless_blank<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
    ) -> Result<BlankSeen, D::Error> {
        match self {
            Self::Typed(element) => element.read_unless_blank(deserializer),
            Self::Malformed(_) => {
                *self = Self::empty();
                self.read_unless_blank(deserializer)
            }
        }
    }

    fn scan(&self, radar: &mut Radar) {
        if let Self::Typed(element) = self {
            element.scan(radar);
        }
    }
}
