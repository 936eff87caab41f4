//! A text of an open set whose case varies on the wire.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::wire::Member;
use crate::wire::member::BlankSeen;
use crate::wire::open_set::OpenSet;
use crate::wire::text::{self, Text};

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

impl<'de, T: OpenSet> Deserialize<'de> for AnyCase<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut text = Self::empty();
        text.read(deserializer)?;
        Ok(text)
    }
}

impl<T: OpenSet> Text for AnyCase<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn written(&self) -> Option<&str> {
        match &self.came {
            Some(text) => Some(text),
            None => self.value.written(),
        }
    }

    fn says_nothing(&self) -> bool {
        self.value.says_nothing()
    }

    #[inline]
    fn set(&mut self, text: &str) {
        self.value.set(text);
        self.came = None;
        if !self.value.is_known() {
            set_in_any_case(self, text);
        }
    }
}

/// For a text that is not known as it is. The sets that come in any case have their texts in lower case.
#[inline(never)]
fn set_in_any_case<T: OpenSet>(place: &mut AnyCase<T>, text: &str) {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        place.value.set(&text.to_ascii_lowercase());
        place.came = Some(text.into());
    }
}

impl<T: OpenSet> Member for AnyCase<T> {
    fn empty() -> Self {
        Self::from(T::empty())
    }

    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<BlankSeen, D::Error> {
        text::read(self, false, deserializer)
    }

    fn read_unless_blank<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
    ) -> Result<BlankSeen, D::Error> {
        text::read(self, true, deserializer)
    }
}
