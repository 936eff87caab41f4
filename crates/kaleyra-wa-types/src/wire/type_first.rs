//! Parsed JSON whose objects show their `type` before anything else.
//!
//! What a body is, its `type` says; parsed JSON has lost the order of its members. With the type first a body is read
//! strictly only if it is the one that counts.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};

/// Reads from parsed JSON.
#[derive(Clone, Copy)]
pub(crate) struct TypeFirst<'a>(pub(crate) &'a Value);

impl<'de> Deserializer<'de> for TypeFirst<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Object(members) => {
                let first = members.iter().filter(|(name, _)| *name == "type");
                let rest = members.iter().filter(|(name, _)| *name != "type");
                let members = first.chain(rest);
                visitor.visit_map(MapDeserializer::new(
                    members.map(|(name, value)| (name.as_str(), Self(value))),
                ))
            }
            Value::Array(elements) => {
                visitor.visit_seq(SeqDeserializer::new(elements.iter().map(Self)))
            }
            other => other.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Error> for TypeFirst<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
