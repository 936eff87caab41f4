//! `open_set!`: an enum of known texts that keeps any other text as it came.

use super::member::Member;
use super::text::Text;

/// A text that this version has no name for.
///
/// It can't be matched on, so that code that compares texts does not silently stop working on the day the text gets
/// a variant of its own: compare with `as_str()` of the enum instead.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnknownText(Came);

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Came {
    Text(Box<str>),
    /// The digits of a number, as which it is written again.
    Number(Box<str>),
}

impl UnknownText {
    pub(crate) fn new(text: impl Into<Box<str>>) -> Self {
        Self(Came::Text(text.into()))
    }

    pub(crate) fn number(number: impl ToString) -> Self {
        Self(Came::Number(number.to_string().into()))
    }

    pub(crate) fn as_str(&self) -> &str {
        match &self.0 {
            Came::Text(text) | Came::Number(text) => text,
        }
    }

    /// The number, where it is one.
    pub(crate) fn as_number(&self) -> Option<serde_json::Number> {
        match &self.0 {
            Came::Text(_) => None,
            Came::Number(digits) => digits.parse().ok(),
        }
    }
}

/// A type made by [`open_set!`].
pub(crate) trait OpenSet: Member + Text {
    /// Whether it is one of the texts that have a name.
    fn is_known(&self) -> bool;
}

/// Makes an enum of texts. Reading never fails on a text, nor, with `or number` after its name, on a whole number in
/// its place; writing gives back the very same.
macro_rules! open_set {
    (
        $(#[$meta:meta])*
        pub enum $name:ident $(or $number:ident)? {
            $( $(#[$variant_meta:meta])* $variant:ident = $text:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $( #[doc = concat!("`", $text, "`. ")] $(#[$variant_meta])* $variant, )+
            /// A text that this version does not know.
            Unknown($crate::UnknownText),
        }

        impl $name {
            /// The text on the wire, known or not.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Unknown(text) => text.as_str(),
                }
            }

            #[inline]
            fn known(text: &str) -> Option<Self> {
                match text {
                    $( $text => Some(Self::$variant), )+
                    _ => None,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::known(text).unwrap_or_else(|| Self::Unknown($crate::UnknownText::new(text)))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::known(&text).unwrap_or_else(|| Self::Unknown($crate::UnknownText::new(text)))
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            #[inline]
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if let Self::Unknown(text) = self
                    && let Some(number) = text.as_number()
                {
                    return number.serialize(serializer);
                }
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut text = Self::from("");
                $crate::wire::text::read(&mut text, false, deserializer)?;
                Ok(text)
            }
        }

        impl $crate::wire::text::Text for $name {
            const EXPECTED: &'static str = "a text";

            #[inline]
            fn written(&self) -> Option<&str> {
                match self {
                    Self::Unknown(unknown) if unknown.as_number().is_some() => None,
                    known => Some(known.as_str()),
                }
            }

            #[inline]
            fn says_nothing(&self) -> bool {
                self.as_str().is_empty()
            }

            #[inline]
            fn set(&mut self, text: &str) {
                // Not by way of `From`: a variant is put straight into its place.
                match text {
                    $( $text => *self = Self::$variant, )+
                    _ => *self = Self::Unknown($crate::UnknownText::new(text)),
                }
            }

            fn set_owned(&mut self, text: String) {
                *self = Self::from(text);
            }

            $(
                fn set_number(&mut self, $number: ::serde_json::Number) -> bool {
                    *self = Self::Unknown($crate::UnknownText::number($number));
                    true
                }
            )?
        }

        impl $crate::wire::open_set::OpenSet for $name {
            #[inline]
            fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        $crate::wire::text::text_member!($name, |text| *text, empty: Self::from(""));
    };
}

pub(crate) use open_set;
