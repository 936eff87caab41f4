//! `opaque!`: ids and other texts that are never looked into, sent as a text or, by some, as a number.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use ecow::EcoString;
use serde::Serialize;
use serde::ser::Serializer;
use serde_json::Number;

use super::text::Text;

/// A text that may stand on the wire as a number and is then written as one again. Up to 15 bytes, as most are, need no
/// allocation.
///
/// Two are equal when their texts are: in which form an id came makes it no other id.
#[derive(Clone)]
pub(crate) enum LooseText {
    Text(EcoString),
    /// The digits of a number.
    Number(EcoString),
}

impl PartialEq for LooseText {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for LooseText {}

impl Hash for LooseText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialOrd for LooseText {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for LooseText {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl LooseText {
    #[inline]
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Number(digits) => digits,
        }
    }
}

impl From<&str> for LooseText {
    #[inline]
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for LooseText {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl Serialize for LooseText {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Self::Number(digits) = self {
            if let Ok(number) = digits.parse::<u64>() {
                return serializer.serialize_u64(number);
            }
            if let Ok(number) = digits.parse::<i64>() {
                return serializer.serialize_i64(number);
            }
        }
        serializer.serialize_str(self.as_str())
    }
}

impl Text for LooseText {
    const EXPECTED: &'static str = "a text or a whole number";

    #[inline]
    fn written(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(_) => None,
        }
    }

    #[inline]
    fn says_nothing(&self) -> bool {
        self.as_str().is_empty()
    }

    #[inline]
    fn set(&mut self, text: &str) {
        if text.len() > EcoString::INLINE_LIMIT {
            *self = text.into();
            return;
        }
        // Put together where it stays, which is empty as a rule.
        if !matches!(self, Self::Text(place) if place.is_empty()) {
            *self = Self::Text(EcoString::new());
        }
        if let Self::Text(place) = self {
            place.push_str(text);
        }
    }

    fn set_number(&mut self, number: Number) -> bool {
        *self = Self::Number(number.to_string().into());
        true
    }
}

/// Shows the last two characters of a personal text: enough to tell two apart, not enough to dial.
pub(crate) fn fmt_masked(name: &str, text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let length = text.chars().count();
    let tail: String = text.chars().skip(length.saturating_sub(2).max(2)).collect();
    write!(f, "{name}(…{tail})")
}

/// Makes a newtype around a text whose inside means nothing to us. With `personal` before its name, `Debug` masks it; with
/// `text` it can be used as the `str` that it holds.
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
    ($(#[$meta:meta])* text struct $name:ident) => {
        $crate::wire::opaque::opaque!(
            @type
            $(#[$meta])*
            ///
            /// It is a text, or a number that a sender in between made of one.
            $name
        );

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt(self.as_str(), f)
            }
        }

        impl ::std::ops::Deref for $name {
            type Target = str;

            #[inline]
            fn deref(&self) -> &str {
                self.as_str()
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, text: &str) -> bool {
                self.as_str() == text
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, text: &&str) -> bool {
                self.as_str() == *text
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

            /// Whether there is nothing in it.
            #[inline]
            pub fn is_empty(&self) -> bool {
                self.as_str().is_empty()
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
                let mut text = Self::from("");
                $crate::wire::text::read(&mut text.0, false, deserializer)?;
                Ok(text)
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

        $crate::wire::text::text_member!($name, |id| id.0, empty: Self::from(""));
    };
}

pub(crate) use opaque;
