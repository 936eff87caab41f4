//! `opaque!`: ids and other texts that are never looked into, sent as a text or, by some, as a number.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::de::{Deserializer, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// A text that may stand on the wire as a number and is then written as one again. Up to 23 bytes, as most are, need no
/// allocation.
///
/// Two are equal when their texts are: in which form an id came makes it no other id.
#[derive(Clone)]
pub(crate) struct LooseText {
    text: SmolStr,
    is_number: bool,
}

impl PartialEq for LooseText {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for LooseText {}

impl Hash for LooseText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl PartialOrd for LooseText {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for LooseText {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl LooseText {
    #[inline]
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

impl From<&str> for LooseText {
    #[inline]
    fn from(text: &str) -> Self {
        Self {
            text: text.into(),
            is_number: false,
        }
    }
}

impl From<String> for LooseText {
    fn from(text: String) -> Self {
        Self {
            text: text.into(),
            is_number: false,
        }
    }
}

impl Serialize for LooseText {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_number {
            if let Ok(number) = self.text.parse::<u64>() {
                return serializer.serialize_u64(number);
            }
            if let Ok(number) = self.text.parse::<i64>() {
                return serializer.serialize_i64(number);
            }
        }
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for LooseText {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrNumber;

        impl Visitor<'_> for TextOrNumber {
            type Value = LooseText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a whole number")
            }

            #[inline]
            fn visit_str<E>(self, text: &str) -> Result<LooseText, E> {
                Ok(text.into())
            }

            #[inline]
            fn visit_string<E>(self, text: String) -> Result<LooseText, E> {
                Ok(text.into())
            }

            fn visit_u64<E>(self, number: u64) -> Result<LooseText, E> {
                Ok(LooseText {
                    text: smol_str::format_smolstr!("{number}"),
                    is_number: true,
                })
            }

            fn visit_i64<E>(self, number: i64) -> Result<LooseText, E> {
                Ok(LooseText {
                    text: smol_str::format_smolstr!("{number}"),
                    is_number: true,
                })
            }
        }

        deserializer.deserialize_any(TextOrNumber)
    }
}

/// Shows the last two characters of a personal text: enough to tell two apart, not enough to dial.
pub(crate) fn fmt_masked(name: &str, text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let length = text.chars().count();
    let tail: String = text.chars().skip(length.saturating_sub(2).max(2)).collect();
    write!(f, "{name}(…{tail})")
}

/// Makes a newtype around a text whose inside means nothing to us. With `personal` before its name, `Debug` masks it.
macro_rules! opaque {
    ($(#[$meta:meta])* pub struct $name:ident) => {
        $crate::wire::opaque::opaque!(@type $(#[$meta])* $name);

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), self.as_str())
            }
        }
    };
    ($(#[$meta:meta])* personal struct $name:ident) => {
        $crate::wire::opaque::opaque!(
            @type
            $(#[$meta])*
            ///
            /// It is personal data: `Debug` shows its last two characters only.
            $name
        );

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::wire::opaque::fmt_masked(stringify!($name), self.as_str(), f)
            }
        }
    };
    (@type $(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name($crate::wire::opaque::LooseText);

        impl $name {
            /// The text, digits and all, as it came.
            #[inline]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl ::serde::Serialize for $name {
            #[inline]
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                ::serde::Serialize::serialize(&self.0, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                ::serde::Deserialize::deserialize(deserializer).map(Self)
            }
        }

        impl From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        /// A copy, so that what takes an id takes a borrowed one, too.
        impl From<&Self> for $name {
            fn from(id: &Self) -> Self {
                id.clone()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        $crate::wire::member::leaf_member!(
            $name,
            empty: Self::from(""),
            blank: |text: &Self| text.as_str().is_empty()
        );
    };
}

pub(crate) use opaque;
