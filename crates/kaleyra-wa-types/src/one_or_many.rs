//! A list that some senders write without its brackets when there is one element only.

use std::fmt;
use std::ops::Deref;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::wire::Member;
use crate::wire::member::{Blank, BlankSeen};
use crate::wire::radar::Radar;

/// A list, or its only element without the brackets. It is written back as it came.
///
/// ```
/// use kaleyra_wa_types::contacts::Contact;
///
/// let contact: Contact = serde_json::from_str(r#"{"phones": {"phone": "+91 98000 00001"}}"#)?;
/// assert_eq!(contact.phones.len(), 1);
/// assert_eq!(serde_json::to_string(&contact)?, r#"{"phones":{"phone":"+91 98000 00001"}}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct OneOrMany<T> {
    elements: Vec<T>,
    without_brackets: bool,
}

impl<T> OneOrMany<T> {
    /// The elements.
    pub fn as_slice(&self) -> &[T] {
        &self.elements
    }

    /// Adds an element.
    pub fn push(&mut self, element: T) {
        self.elements.push(element);
    }

    /// The elements, to keep.
    pub fn into_vec(self) -> Vec<T> {
        self.elements
    }
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl<T> Deref for OneOrMany<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.elements
    }
}

/// A list with its brackets.
impl<T> From<Vec<T>> for OneOrMany<T> {
    fn from(elements: Vec<T>) -> Self {
        Self {
            elements,
            without_brackets: false,
        }
    }
}

impl<'a, T> IntoIterator for &'a OneOrMany<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.elements.iter()
    }
}

impl<T: Serialize> Serialize for OneOrMany<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.elements.as_slice() {
            [element] if self.without_brackets => element.serialize(serializer),
            elements => elements.serialize(serializer),
        }
    }
}

impl<'de, T: Member> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut elements = Self::default();
        elements.read(deserializer)?;
        Ok(elements)
    }
}

impl<T: Member> Member for OneOrMany<T> {
    const MAY_BE_MISSING: bool = true;

    fn empty() -> Self {
        Self::default()
    }

    fn is_absent(&self) -> bool {
        self.elements.is_empty()
    }

    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<BlankSeen, D::Error> {
        *self = Self::default();
        deserializer.deserialize_any(Elements(self))
    }

    fn read_unless_blank<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
    ) -> Result<BlankSeen, D::Error> {
        self.read(deserializer)
    }

    fn scan(&self, radar: &mut Radar) {
        match self.elements.as_slice() {
            [element] if self.without_brackets => element.scan(radar),
            _ => self.elements.scan(radar),
        }
    }
}

struct Elements<'a, T>(&'a mut OneOrMany<T>);

impl<T: Member> Elements<'_, T> {
    fn read_only<'de, D: Deserializer<'de>>(self, element: D) -> Result<BlankSeen, D::Error> {
        self.0.without_brackets = true;
        self.0.elements.push(T::empty());
        match self.0.elements.last_mut() {
            Some(place) => place.read(element),
            None => Ok(None),
        }
    }
}

impl<'de, T: Member> Visitor<'de> for Elements<'_, T> {
    type Value = BlankSeen;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array or its only element")
    }

    fn visit_unit<E>(self) -> Result<BlankSeen, E> {
        Ok(Some(Blank::Null))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<BlankSeen, E> {
        if text.is_empty() {
            return Ok(Some(Blank::EmptyText));
        }
        self.read_only(text.into_deserializer())
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<BlankSeen, A::Error> {
        self.read_only(MapAccessDeserializer::new(members))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<BlankSeen, A::Error> {
        self.0.elements.read(SeqAccessDeserializer::new(elements))
    }
}
