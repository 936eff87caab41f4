//! The text of `type`: a type that is known, or as it came.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Visitor};
use serde_json::Value;

use super::body_set::BodySet;

/// The text of `type` as it came.
pub(crate) enum TypeText<K> {
    Known(K),
    Other(Value),
}

impl<K> TypeText<K> {
    pub(crate) fn into_value<B: BodySet<Known = K>>(self) -> Value {
        match self {
            Self::Known(known) => B::wire_name(known).into(),
            Self::Other(value) => value,
        }
    }
}

/// Reads the text of `type` into its place, without a copy where it is known.
pub(crate) struct TypeInto<'a, K> {
    pub(crate) place: &'a mut Option<TypeText<K>>,
    pub(crate) known: fn(&str) -> Option<K>,
}

impl<'de, K> DeserializeSeed<'de> for TypeInto<'_, K> {
    type Value = ();

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<K> Visitor<'_> for TypeInto<'_, K> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    #[inline]
    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        *self.place = Some(match (self.known)(text) {
            Some(known) => TypeText::Known(known),
            None => TypeText::Other(Value::String(text.to_owned())),
        });
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        *self.place = Some(TypeText::Other(Value::Null));
        Ok(())
    }
}
