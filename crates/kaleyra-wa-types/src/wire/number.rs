//! Numbers as they stand on the wire.

use std::fmt;

use super::fault::Read;
use super::loose_text::LooseText;
use super::read::read_text;
use super::reader::{Expected, Kind, Reader};
use super::shape::{Form, View, Wire};

/// A number: `12.9716`, or `"12.9716"` as some senders write it. It is written back as it came, with all its digits.
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
#[derive(Clone, PartialEq)]
pub struct Number(LooseText);

impl Number {
    /// The number; `None` where a text holds none.
    pub fn as_f64(&self) -> Option<f64> {
        let number: f64 = self.0.as_str().trim().parse().ok()?;
        number.is_finite().then_some(number)
    }

    /// The whole number, also where it is written with a fraction or exponent (`3.0`, `3e2`); `None` where it is none.
    ///
    /// ```
    /// use kaleyra_wa_types::Number;
    ///
    /// for json in ["300", r#""300""#, "3e2", "300.0"] {
    ///     let number: Number = serde_json::from_str(json)?;
    ///     assert_eq!(number.as_i64(), Some(300));
    /// }
    /// assert_eq!(Number::from(0.5).as_i64(), None);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn as_i64(&self) -> Option<i64> {
        whole_number(self.0.as_str())
    }
}

/// The whole number that a text holds, in whatever form.
pub(crate) fn whole_number(text: &str) -> Option<i64> {
    let text = text.trim();
    text.parse().ok().or_else(|| {
        /// Up to here an `f64` tells all whole numbers apart.
        const EXACT: f64 = (1_u64 << 53) as f64;
        let number: f64 = text.parse().ok()?;
        (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
    })
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
        Self(LooseText::Token(number.to_string().into()))
    }
}

/// A number with a fraction. What is not a number (`NaN`, infinite) can't be sent: it becomes a text that says so.
impl From<f64> for Number {
    fn from(number: f64) -> Self {
        Self(match serde_json::Number::from_f64(number) {
            Some(number) => LooseText::Token(number.to_string().into()),
            None => LooseText::Text(number.to_string().into()),
        })
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({})", self.0.as_str())
    }
}

impl Wire for Number {
    fn empty() -> Self {
        Self(LooseText::EMPTY)
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<Form> {
        if reader.peek()? == Kind::Bool {
            return reader.refuse(Expected::Number);
        }
        let (text, is_text) = read_text(reader, Expected::Number)?;
        self.0 = match is_text {
            true => LooseText::Text(text.as_ref().into()),
            false => LooseText::Token(text.as_ref().into()),
        };
        Ok(Form::AsWritten)
    }

    fn view(&self) -> View<'_> {
        self.0.view()
    }

    fn clear(&mut self) {
        *self = Self::empty();
    }
}

super::serde_by_wire!(Number);
