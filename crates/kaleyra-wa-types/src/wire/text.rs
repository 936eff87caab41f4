//! What stands on the wire as a text, and is read straight into its place.
//!
//! A text that is put together in one place and then moved to another has the processor wait for its own writes; a callback
//! has dozens of them.

use std::fmt;

use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde_json::Number;

use super::member::{Blank, BlankSeen};

/// A value that stands on the wire as a text or, for some, as a number.
pub(crate) trait Text {
    /// What should have come, for errors.
    const EXPECTED: &'static str;

    /// The text as which it is written; `None` for what is written as a number.
    fn written(&self) -> Option<&str>;

    /// Whether there is nothing in it.
    fn says_nothing(&self) -> bool;

    /// Becomes this text.
    fn set(&mut self, text: &str);

    /// Becomes this text, which need not be copied.
    fn set_owned(&mut self, text: String) {
        self.set(&text);
    }

    /// Becomes this number, where it may be one.
    fn set_number(&mut self, _number: Number) -> bool {
        false
    }
}

impl Text for String {
    const EXPECTED: &'static str = "a string";

    #[inline]
    fn written(&self) -> Option<&str> {
        Some(self)
    }

    #[inline]
    fn says_nothing(&self) -> bool {
        self.is_empty()
    }

    #[inline]
    fn set(&mut self, text: &str) {
        *self = text.to_owned();
    }

    #[inline]
    fn set_owned(&mut self, text: String) {
        *self = text;
    }
}

/// Reads a text into its place; where it `may_be_blank`, one that says nothing leaves the place as it is.
#[inline]
pub(crate) fn read<'de, T: Text, D: Deserializer<'de>>(
    place: &mut T,
    may_be_blank: bool,
    deserializer: D,
) -> Result<BlankSeen, D::Error> {
    deserializer.deserialize_any(Place {
        place,
        may_be_blank,
    })
}

struct Place<'a, T> {
    place: &'a mut T,
    may_be_blank: bool,
}

impl<T: Text> Visitor<'_> for Place<'_, T> {
    type Value = BlankSeen;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    #[inline]
    fn visit_str<E>(self, text: &str) -> Result<BlankSeen, E> {
        if text.is_empty() && self.may_be_blank {
            return Ok(Some(Blank::EmptyText));
        }
        self.place.set(text);
        Ok(None)
    }

    #[inline]
    fn visit_string<E>(self, text: String) -> Result<BlankSeen, E> {
        if text.is_empty() && self.may_be_blank {
            return Ok(Some(Blank::EmptyText));
        }
        self.place.set_owned(text);
        Ok(None)
    }

    fn visit_none<E: Error>(self) -> Result<BlankSeen, E> {
        self.visit_unit()
    }

    fn visit_unit<E: Error>(self) -> Result<BlankSeen, E> {
        if self.may_be_blank {
            Ok(Some(Blank::Null))
        } else {
            Err(E::invalid_type(Unexpected::Unit, &self))
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<BlankSeen, E> {
        if self.place.set_number(number.into()) {
            Ok(None)
        } else {
            Err(E::invalid_type(Unexpected::Unsigned(number), &self))
        }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<BlankSeen, E> {
        if self.place.set_number(number.into()) {
            Ok(None)
        } else {
            Err(E::invalid_type(Unexpected::Signed(number), &self))
        }
    }
}

/// Makes a type a member that is a [`Text`], or has one in it: where that is, and what stands there before it is read.
macro_rules! text_member {
    ($type:ty, |$value:ident| $text:expr, empty: $empty:expr) => {
        impl $crate::wire::Member for $type {
            const HAS_EMPTY_TEXT: bool = true;

            #[inline]
            fn empty() -> Self {
                $empty
            }

            #[inline]
            fn is_empty_text(&self) -> bool {
                let $value = self;
                $crate::wire::text::Text::says_nothing(&$text)
            }

            /// All texts are written by one and the same code, which is faster than a copy for each type.
            #[inline]
            fn write_present<M: ::serde::ser::SerializeMap>(
                &self,
                name: &str,
                members: &mut M,
            ) -> Result<(), M::Error> {
                let $value = self;
                match $crate::wire::text::Text::written(&$text) {
                    Some(text) => members.serialize_entry(name, text),
                    None => members.serialize_entry(name, self),
                }
            }

            #[inline]
            fn read<'de, D: ::serde::Deserializer<'de>>(
                &mut self,
                deserializer: D,
            ) -> Result<$crate::wire::member::BlankSeen, D::Error> {
                let $value = self;
                $crate::wire::text::read(&mut $text, false, deserializer)
            }

            #[inline]
            fn read_unless_blank<'de, D: ::serde::Deserializer<'de>>(
                &mut self,
                deserializer: D,
            ) -> Result<$crate::wire::member::BlankSeen, D::Error> {
                let $value = self;
                $crate::wire::text::read(&mut $text, true, deserializer)
            }
        }
    };
}

pub(crate) use text_member;

text_member!(String, |text| *text, empty: Self::new());
