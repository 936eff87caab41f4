//! A member that is a text in some feeds and an object in others.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{
    DeserializeOwned, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::{Deserialize, Serialize, Serializer};

use crate::wire::Member;
use crate::wire::member::{Blank, BlankSeen};
use crate::wire::radar::Radar;

/// A text, or an object in its place. It is written back as it came.
#[derive(Clone, Debug, PartialEq)]
pub enum TextOrObject<T, O> {
    /// The text.
    Text(T),
    /// The object.
    Object(O),
}

impl<T, O> TextOrObject<T, O> {
    /// The text; `None` where an object came.
    pub fn text(&self) -> Option<&T> {
        match self {
            Self::Text(text) => Some(text),
            Self::Object(_) => None,
        }
    }

    /// The object; `None` where a text came.
    pub fn object(&self) -> Option<&O> {
        match self {
            Self::Text(_) => None,
            Self::Object(object) => Some(object),
        }
    }
}

impl<O: Clone + DeserializeOwned> TextOrObject<String, O> {
    /// The object, be it one or the JSON of one in the text; `None` where the text is something else.
    ///
    /// ```
    /// use kaleyra_wa_types::TextOrObject;
    /// use serde_json::{Map, Value};
    ///
    /// let data: TextOrObject<String, Map<String, Value>> = serde_json::from_str(r#""{\"table\":4}""#)?;
    /// assert_eq!(data.object(), None);
    /// assert_eq!(data.parsed().unwrap()["table"], 4);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn parsed(&self) -> Option<Cow<'_, O>> {
        match self {
            Self::Text(text) => serde_json::from_str(text).ok().map(Cow::Owned),
            Self::Object(object) => Some(Cow::Borrowed(object)),
        }
    }
}

impl<T: Serialize, O: Serialize> Serialize for TextOrObject<T, O> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => text.serialize(serializer),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

impl<'de, T, O> Deserialize<'de> for TextOrObject<T, O>
where
    T: Member + From<String>,
    O: Member,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut place = Self::empty();
        place.read(deserializer)?;
        Ok(place)
    }
}

impl<T, O> Member for TextOrObject<T, O>
where
    T: Member + From<String>,
    O: Member,
{
    fn empty() -> Self {
        Self::Text(String::new().into())
    }

    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<BlankSeen, D::Error> {
        let mut place = None;
        match deserializer.deserialize_any(Either(&mut place))? {
            Some(Blank::EmptyText) | None => *self = place.unwrap_or_else(Self::empty),
            Some(_) => {
                return Err(D::Error::invalid_type(
                    Unexpected::Unit,
                    &"a text or an object",
                ));
            }
        }
        Ok(None)
    }

    fn read_unless_blank<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
    ) -> Result<BlankSeen, D::Error> {
        let mut place = None;
        let blank = deserializer.deserialize_any(Either(&mut place))?;
        if let Some(place) = place {
            *self = place;
        }
        Ok(blank)
    }

    fn read_optional<'de, D: Deserializer<'de>>(
        place: &mut Option<Self>,
        deserializer: D,
    ) -> Result<BlankSeen, D::Error> {
        deserializer.deserialize_any(Either(place))
    }

    fn scan(&self, radar: &mut Radar) {
        if let Self::Object(object) = self {
            object.scan(radar);
        }
    }
}

struct Either<'a, T, O>(&'a mut Option<TextOrObject<T, O>>);

impl<'de, T: From<String>, O: Member> Visitor<'de> for Either<'_, T, O> {
    type Value = BlankSeen;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or an object")
    }

    fn visit_unit<E>(self) -> Result<BlankSeen, E> {
        *self.0 = None;
        Ok(Some(Blank::Null))
    }

    fn visit_str<E>(self, text: &str) -> Result<BlankSeen, E> {
        let is_empty = text.is_empty();
        *self.0 = (!is_empty).then(|| TextOrObject::Text(text.to_owned().into()));
        Ok(is_empty.then_some(Blank::EmptyText))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<BlankSeen, A::Error> {
        let mut object = O::empty();
        object.read(MapAccessDeserializer::new(members))?;
        *self.0 = Some(TextOrObject::Object(object));
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<BlankSeen, A::Error> {
        if elements.next_element::<IgnoredAny>()?.is_some() {
            return Err(A::Error::invalid_type(Unexpected::Seq, &self));
        }
        *self.0 = None;
        Ok(Some(Blank::EmptyArray))
    }
}
