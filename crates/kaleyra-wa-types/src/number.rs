//! A number that may stand on the wire as a text.

use std::fmt;

use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use ecow::EcoString;

use crate::wire::member::leaf_member;

/// A number: `12.9716`, or `"12.9716"` as some senders write it. It is written back as it came.
///
/// ```
/// use kaleyra_wa_types::Number;
///
/// let latitude: Number = serde_json::from_str(r#""12.9716""#)?;
/// assert_eq!(latitude.as_f64(), Some(12.9716));
/// assert_eq!(serde_json::to_string(&latitude)?, r#""12.9716""#);
/// assert_eq!(serde_json::to_string(&Number::from(3))?, "3");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Number(Form);

#[derive(Clone, Debug, PartialEq)]
enum Form {
    Number(serde_json::Number),
    Text(EcoString),
}

impl Number {
    fn is_blank(&self) -> bool {
        matches!(&self.0, Form::Text(text) if text.is_empty())
    }

    /// The number; `None` where a text holds none.
    pub fn as_f64(&self) -> Option<f64> {
        match &self.0 {
            Form::Number(number) => number.as_f64(),
            Form::Text(text) => text
                .trim()
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite()),
        }
    }

    /// The whole number; `None` where it has a fraction, or a text holds none.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Form::Number(number) => number.as_i64(),
            Form::Text(text) => text.trim().parse().ok(),
        }
    }
}

impl From<i32> for Number {
    fn from(number: i32) -> Self {
        Self::from(i64::from(number))
    }
}

impl From<u32> for Number {
    fn from(number: u32) -> Self {
        Self::from(i64::from(number))
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(Form::Number(number.into()))
    }
}

/// A number with a fraction. What is no number (`NaN`, infinite) can't be sent: it becomes a text that says so.
impl From<f64> for Number {
    fn from(number: f64) -> Self {
        Self(match serde_json::Number::from_f64(number) {
            Some(number) => Form::Number(number),
            None => Form::Text(number.to_string().into()),
        })
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Number(number) => number.fmt(f),
            Form::Text(text) => text.fmt(f),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Form::Number(number) => number.serialize(serializer),
            Form::Text(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrText;

        impl Visitor<'_> for NumberOrText {
            type Value = Number;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }

            fn visit_i64<E>(self, number: i64) -> Result<Number, E> {
                Ok(Number(Form::Number(number.into())))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Number, E> {
                Ok(Number(Form::Number(number.into())))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Number, E> {
                let number = serde_json::Number::from_f64(number);
                number
                    .map(|number| Number(Form::Number(number)))
                    .ok_or_else(|| E::custom("not a finite number"))
            }

            fn visit_str<E>(self, text: &str) -> Result<Number, E> {
                Ok(Number(Form::Text(text.into())))
            }
        }

        deserializer.deserialize_any(NumberOrText)
    }
}

leaf_member!(Number, empty: Self::from(0_i64), blank: Self::is_blank);
