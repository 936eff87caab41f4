//! An array whose elements are read one by one.

use std::slice;

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::callback::Decoded;
use crate::wire::Member;
use crate::wire::member::{Blank, BlankSeen};
use crate::wire::radar::Radar;

/// The elements of an array, each read by itself: one that can't be read is kept among its siblings.
#[derive(Clone, Debug, PartialEq)]
pub struct Elements<T>(Vec<Decoded<T>>);

impl<T> Elements<T> {
    /// All of them, in the order of the wire.
    pub fn as_slice(&self) -> &[Decoded<T>] {
        &self.0
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in the order of the wire.
    pub fn iter(&self) -> slice::Iter<'_, Decoded<T>> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Those that could be read.
    pub fn typed(&self) -> impl Iterator<Item = &T> {
        self.0.iter().filter_map(Decoded::typed)
    }
}

impl<T> Default for Elements<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'a, T> IntoIterator for &'a Elements<T> {
    type Item = &'a Decoded<T>;
    type IntoIter = slice::Iter<'a, Decoded<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T> FromIterator<T> for Elements<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Self(elements.into_iter().map(Decoded::from).collect())
    }
}

impl<T: Serialize> Serialize for Elements<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Member + for<'any> Deserialize<'any>> Deserialize<'de> for Elements<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut elements = Self::default();
        elements.read(deserializer)?;
        Ok(elements)
    }
}

impl<T: Member + for<'any> Deserialize<'any>> Member for Elements<T> {
    const MAY_BE_MISSING: bool = true;

    fn empty() -> Self {
        Self::default()
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<BlankSeen, D::Error> {
        self.0.clear();
        let found = match Value::deserialize(deserializer)? {
            Value::Array(elements) if elements.is_empty() => return Ok(Some(Blank::EmptyArray)),
            Value::Array(elements) => {
                self.0 = elements.into_iter().map(Decoded::from_value).collect();
                return Ok(None);
            }
            Value::Null => return Ok(Some(Blank::Null)),
            Value::String(text) if text.is_empty() => return Ok(Some(Blank::EmptyText)),
            Value::String(_) => Unexpected::Other("string"),
            Value::Object(_) => Unexpected::Map,
            Value::Bool(_) => Unexpected::Other("boolean"),
            Value::Number(_) => Unexpected::Other("number"),
        };
        Err(D::Error::invalid_type(found, &"an array"))
    }

    fn read_unless_blank<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
    ) -> Result<BlankSeen, D::Error> {
        self.read(deserializer)
    }

    fn scan(&self, radar: &mut Radar) {
        self.0.scan(radar);
    }
}
