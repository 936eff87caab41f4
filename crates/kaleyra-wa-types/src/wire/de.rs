//! Models through any deserializer: the text of its JSON, read by our own reader.
//!
//! `serde_json` hands over the text that it stands before, as it does for its own `RawValue`. From any other format the value is
//! written down as JSON first. So every way in has the same tolerance.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use serde::Deserialize;
use serde::de::value::Error as NoValue;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::value::RawValue;

use super::read::read_all;
use super::reader::MAX_DEPTH;
use super::shape::Wire;
use super::write::write_text;
use crate::decode::DecodeError;

/// Reads a model, which is empty, through any deserializer.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    model: &mut dyn Wire,
    deserializer: D,
) -> Result<(), D::Error> {
    let json = deserializer.deserialize_newtype_struct(raw_value_name(), Json)?;
    read_all(model, &json).map_err(|fault| D::Error::custom(DecodeError::from(fault).for_serde()))
}

/// The name by which `serde_json` knows its `RawValue`, asked from that: it is no part of its documentation.
fn raw_value_name() -> &'static str {
    static NAME: OnceLock<&'static str> = OnceLock::new();

    /// Hears the name, and gives no value.
    struct Ask<'a>(&'a mut &'static str);

    impl<'de> Deserializer<'de> for Ask<'_> {
        type Error = NoValue;

        fn deserialize_newtype_struct<V: Visitor<'de>>(
            self,
            name: &'static str,
            _: V,
        ) -> Result<V::Value, NoValue> {
            *self.0 = name;
            Err(NoValue::custom("asked for the name only"))
        }

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, NoValue> {
            Err(NoValue::custom("asked for the name only"))
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
            seq tuple tuple_struct map struct enum identifier ignored_any
        }
    }

    NAME.get_or_init(|| {
        let mut name = "";
        let _ = Box::<RawValue>::deserialize(Ask(&mut name));
        name
    })
}

/// The text of a value: from `serde_json` as it stands there, from others written down.
struct Json;

impl<'de> Visitor<'de> for Json {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    /// `serde_json` gives the text as the only member of an object.
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut json = String::new();
        let name = members.next_key::<Key<'de>>()?.map(|Key(name)| name);
        if name.as_deref() == Some(raw_value_name()) {
            return members.next_value_seed(Text);
        }
        json.push('{');
        write_members(&mut json, name, members, 1)?;
        Ok(Cow::Owned(json))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Self::Value, D::Error> {
        let mut json = String::new();
        deserializer.deserialize_any(Write {
            json: &mut json,
            depth: 0,
        })?;
        Ok(Cow::Owned(json))
    }
}

/// A text, borrowed where it can be.
struct Text;

impl<'de> DeserializeSeed<'de> for Text {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text))
    }
}

/// Writes a value of another format down as JSON.
struct Write<'a> {
    json: &'a mut String,
    depth: u16,
}

impl Write<'_> {
    fn inner<E: Error>(&mut self) -> Result<Write<'_>, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom("nested too deep"));
        }
        Ok(Write {
            json: self.json,
            depth: self.depth + 1,
        })
    }
}

/// Writes members down, of which the name of the first was read.
fn write_members<'de, A: MapAccess<'de>>(
    json: &mut String,
    first: Option<Cow<'de, str>>,
    mut members: A,
    depth: u16,
) -> Result<(), A::Error> {
    let mut name = first;
    let mut is_first = true;
    while let Some(this) = name {
        if !is_first {
            json.push(',');
        }
        is_first = false;
        write_text(json, &this);
        json.push(':');
        members.next_value_seed(Write { json, depth })?;
        name = members.next_key::<Key<'de>>()?.map(|Key(name)| name);
    }
    json.push('}');
    Ok(())
}

/// The name of a member, whatever kind of value that is in its format.
struct Key<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeyVisitor).map(Key)
    }
}

/// Takes texts, and makes texts of the few other kinds of names that formats have.
struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        Ok(Cow::Owned(String::from_utf8_lossy(bytes).into_owned()))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Cow::Owned(flag.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed("null"))
    }
}

impl<'de> DeserializeSeed<'de> for Write<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Write<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON has")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<(), E> {
        self.json.push_str(if flag { "true" } else { "false" });
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.json.push_str(&number.to_string());
        Ok(())
    }

    fn visit_i128<E>(self, number: i128) -> Result<(), E> {
        self.json.push_str(&number.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.json.push_str(&number.to_string());
        Ok(())
    }

    fn visit_u128<E>(self, number: u128) -> Result<(), E> {
        self.json.push_str(&number.to_string());
        Ok(())
    }

    /// Exact: the shortest text that reads as the same number. What is not a number is `null`, as in `serde_json`.
    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        match serde_json::Number::from_f64(number) {
            Some(number) => self.json.push_str(&number.to_string()),
            None => self.json.push_str("null"),
        }
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        write_text(self.json, text);
        Ok(())
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<(), E> {
        self.visit_str(&String::from_utf8_lossy(bytes))
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.json.push_str("null");
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        let inner = self.inner()?;
        inner.json.push('[');
        let start = inner.json.len();
        loop {
            let before = inner.json.len();
            if before > start {
                inner.json.push(',');
            }
            let element = Write {
                json: inner.json,
                depth: inner.depth,
            };
            if elements.next_element_seed(element)?.is_none() {
                inner.json.truncate(before);
                break;
            }
        }
        inner.json.push(']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        let inner = self.inner()?;
        inner.json.push('{');
        let first = members.next_key::<Key<'de>>()?.map(|Key(name)| name);
        write_members(inner.json, first, members, inner.depth)
    }
}
