//! A field that is a text in some feeds and an object in others.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::wire::de::deserialize;
use crate::wire::reader::{Expected, Kind};
use crate::wire::ser::Written;
use crate::wire::{Form, Read, Reader, View, Wire};

/// A text, or an object in its place. It is written back as it came.
///
/// ```
/// use kaleyra_wa_types::TextOrObject;
/// use kaleyra_wa_types::inbound::{ErrorData, MetaError};
///
/// let error: MetaError = serde_json::from_str(r#"{"code": 131053, "error_data": {"details": "unsupported file"}}"#)?;
/// let data: TextOrObject<String, ErrorData> = error.error_data.ok_or("none")?;
/// assert_eq!(data.text(), None); // some senders write a text here
/// let details = data.object().and_then(|data| data.details.as_deref());
/// assert_eq!(details, Some("unsupported file"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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

impl<T, O> Wire for TextOrObject<T, O>
where
    T: Wire,
    O: Wire,
{
    fn empty() -> Self {
        Self::Text(T::empty())
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<Form> {
        match reader.peek()? {
            Kind::Object => {
                let mut object = O::empty();
                let form = object.read(reader)?;
                *self = Self::Object(object);
                Ok(form)
            }
            Kind::Text | Kind::Number | Kind::Bool => {
                let mut text = T::empty();
                let form = text.read(reader)?;
                *self = Self::Text(text);
                Ok(form)
            }
            Kind::List | Kind::Null => reader.refuse(Expected::TextOrObject),
        }
    }

    fn view(&self) -> View<'_> {
        match self {
            Self::Text(text) => text.view(),
            Self::Object(object) => object.view(),
        }
    }

    fn clear(&mut self) {
        *self = Self::empty();
    }
}

impl<T, O> Serialize for TextOrObject<T, O>
where
    Self: Wire,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written(self.view()).serialize(serializer)
    }
}

impl<'de, T, O> Deserialize<'de> for TextOrObject<T, O>
where
    Self: Wire,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut value = Self::empty();
        deserialize(&mut value, deserializer)?;
        Ok(value)
    }
}
