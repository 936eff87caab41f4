//! A yes or no that may stand on the wire as a text.

use std::fmt;

use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use crate::wire::Member;
use crate::wire::member::{Blank, BlankSeen};

/// Yes or no: `true` or, as one page of Kaleyra's samples has it, `"true"`. It is written back as it came.
///
/// ```
/// use kaleyra_wa_types::Flag;
///
/// let flag: Flag = serde_json::from_str(r#""false""#)?;
/// assert!(!flag.is_set());
/// assert_eq!(serde_json::to_string(&flag)?, r#""false""#);
/// assert_eq!(serde_json::to_string(&Flag::from(true))?, "true");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Flag {
    is_set: bool,
    is_text: bool,
}

impl Flag {
    /// Whether it says yes.
    pub fn is_set(self) -> bool {
        self.is_set
    }
}

impl From<bool> for Flag {
    fn from(is_set: bool) -> Self {
        Self {
            is_set,
            is_text: false,
        }
    }
}

impl Serialize for Flag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.is_text, self.is_set) {
            (false, is_set) => serializer.serialize_bool(is_set),
            (true, true) => serializer.serialize_str("true"),
            (true, false) => serializer.serialize_str("false"),
        }
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BoolOrText;

        impl Visitor<'_> for BoolOrText {
            type Value = Flag;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true or false")
            }

            fn visit_bool<E>(self, is_set: bool) -> Result<Flag, E> {
                Ok(Flag::from(is_set))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Flag, E> {
                match text {
                    "true" => Ok(Flag {
                        is_set: true,
                        is_text: true,
                    }),
                    "false" => Ok(Flag {
                        is_set: false,
                        is_text: true,
                    }),
                    _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
                }
            }
        }

        deserializer.deserialize_any(BoolOrText)
    }
}

impl Member for Flag {
    fn empty() -> Self {
        Self::from(false)
    }

    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<BlankSeen, D::Error> {
        *self = Self::deserialize(deserializer)?;
        Ok(None)
    }

    fn read_unless_blank<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
    ) -> Result<BlankSeen, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::Null => Some(Blank::Null),
            Value::String(text) if text.is_empty() => Some(Blank::EmptyText),
            flag => {
                *self = Self::deserialize(flag).map_err(D::Error::custom)?;
                None
            }
        })
    }
}
