//! A text of an open set whose case varies on the wire.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::wire::Member;
use crate::wire::member::{Blank, BlankSeen};

/// A text that senders write in any case (`copy_code`, `COPY_CODE`): it reads as one value, and is written back as it came.
///
/// ```
/// use kaleyra_wa_types::AnyCase;
/// use kaleyra_wa_types::messaging_object::template::ButtonType;
///
/// let sub_type: AnyCase<ButtonType> = serde_json::from_str(r#""COPY_CODE""#)?;
/// assert_eq!(sub_type, ButtonType::CopyCode);
/// assert!(matches!(*sub_type, ButtonType::CopyCode));
/// assert_eq!(serde_json::to_string(&sub_type)?, r#""COPY_CODE""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AnyCase<T> {
    value: T,
    /// The text, where it came with capital letters.
    came: Option<Box<str>>,
}

impl<T: for<'a> From<&'a str>> AnyCase<T> {
    fn new(text: &str) -> Self {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Self {
                value: T::from(&text.to_ascii_lowercase()),
                came: Some(text.into()),
            }
        } else {
            Self {
                value: T::from(text),
                came: None,
            }
        }
    }
}

impl<T> From<T> for AnyCase<T> {
    fn from(value: T) -> Self {
        Self { value, came: None }
    }
}

/// The value, whatever the case it came in.
impl<T> Deref for AnyCase<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq<T> for AnyCase<T> {
    fn eq(&self, value: &T) -> bool {
        self.value == *value
    }
}

/// The text as it came.
impl<T: fmt::Display> fmt::Display for AnyCase<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.came {
            Some(text) => f.write_str(text),
            None => self.value.fmt(f),
        }
    }
}

impl<T: Serialize> Serialize for AnyCase<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.came {
            Some(text) => serializer.serialize_str(text),
            None => self.value.serialize(serializer),
        }
    }
}

impl<'de, T: for<'a> From<&'a str>> Deserialize<'de> for AnyCase<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text<T>(PhantomData<T>);

        impl<T: for<'a> From<&'a str>> Visitor<'_> for Text<T> {
            type Value = AnyCase<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_str<E>(self, text: &str) -> Result<AnyCase<T>, E> {
                Ok(AnyCase::new(text))
            }
        }

        deserializer.deserialize_str(Text(PhantomData))
    }
}

impl<T: for<'a> From<&'a str> + Serialize> Member for AnyCase<T> {
    fn empty() -> Self {
        Self::from(T::from(""))
    }

    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<BlankSeen, D::Error> {
        *self = Self::deserialize(deserializer)?;
        Ok(None)
    }

    fn read_unless_blank<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
    ) -> Result<BlankSeen, D::Error> {
        struct TextUnlessBlank<'a, T>(&'a mut AnyCase<T>);

        impl<T: for<'a> From<&'a str>> Visitor<'_> for TextUnlessBlank<'_, T> {
            type Value = BlankSeen;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_unit<E>(self) -> Result<BlankSeen, E> {
                Ok(Some(Blank::Null))
            }

            fn visit_str<E>(self, text: &str) -> Result<BlankSeen, E> {
                if text.is_empty() {
                    return Ok(Some(Blank::EmptyText));
                }
                *self.0 = AnyCase::new(text);
                Ok(None)
            }
        }

        deserializer.deserialize_any(TextUnlessBlank(self))
    }
}
