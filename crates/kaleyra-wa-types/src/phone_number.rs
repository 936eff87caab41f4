//! A phone number that a message can be sent to or from.

use std::fmt;
use std::str::FromStr;

use ecow::EcoString;
use serde::{Serialize, Serializer};

use crate::ids::WaId;
use crate::wire::opaque::fmt_masked;

/// A phone number in E.164 form: `+`, a country code that does not begin with 0, and 15 digits at most.
///
/// WhatsApp puts the business number's own country code before a number without `+`, which then reaches a stranger;
/// so the `+` is demanded here, and always written. Blanks, hyphens, dots and parentheses are taken out.
///
/// It is personal data: `Debug` shows its last two digits only; [`as_str`](Self::as_str) has it all.
///
/// ```
/// use kaleyra_wa_types::PhoneNumber;
///
/// let number: PhoneNumber = "+91 98000-00001".parse()?;
/// assert_eq!(number.as_str(), "+919800000001");
/// assert_eq!(format!("{number:?}"), "PhoneNumber(…01)");
///
/// let error = "98000 00001".parse::<PhoneNumber>().unwrap_err();
/// assert_eq!(error.to_string(), "not a phone number: it must begin with + and the country code");
/// # Ok::<(), kaleyra_wa_types::InvalidPhoneNumber>(())
/// ```
///
/// Source: *Send Reply to Messages*, `to`; Meta's *phone number formats*.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhoneNumber(EcoString);

/// Why a text is not a [`PhoneNumber`]. It does not repeat the text, which may be personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidPhoneNumber {
    /// A sign that no phone number has.
    #[error("not a phone number: only digits, blanks, - . ( ) may follow the +")]
    Character,
    /// Fewer than 7 or more than 15 digits.
    #[error("not a phone number: 7 to 15 digits must follow the +, found {0}")]
    Length(usize),
    /// Several numbers in one text.
    #[error("several phone numbers in one: send to each in a call of its own")]
    List,
    /// No `+` in front, or a country code that begins with 0.
    #[error("not a phone number: it must begin with + and the country code")]
    NoCountryCode,
}

impl PhoneNumber {
    /// The number as `+` and digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A number that stands on the wire just as it would be written, taken over without a copy; else the text is given back.
    pub(crate) fn from_wire(text: EcoString) -> Result<Self, EcoString> {
        if is_written_plainly(&text) {
            Ok(Self(text))
        } else {
            Err(text)
        }
    }

    /// The number as WhatsApp writes it, without `+`.
    pub fn digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }
}

impl FromStr for PhoneNumber {
    type Err = InvalidPhoneNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if is_written_plainly(text) {
            return Ok(Self(text.into()));
        }
        if text.contains([',', ';']) {
            return Err(InvalidPhoneNumber::List);
        }
        let rest = text
            .trim()
            .strip_prefix('+')
            .ok_or(InvalidPhoneNumber::NoCountryCode)?;
        let mut number = String::with_capacity(text.len());
        number.push('+');
        for character in rest.chars() {
            match character {
                '0'..='9' => number.push(character),
                ' ' | '-' | '.' | '(' | ')' | '\u{a0}' => {}
                _ => return Err(InvalidPhoneNumber::Character),
            }
        }
        match number.len() - 1 {
            0 => Err(InvalidPhoneNumber::NoCountryCode),
            _ if number.starts_with("+0") => Err(InvalidPhoneNumber::NoCountryCode),
            7..=15 => Ok(Self(number.into())),
            digits => Err(InvalidPhoneNumber::Length(digits)),
        }
    }
}

/// Whether a text is a number as it goes over the wire, as most are: nothing is to be left out.
fn is_written_plainly(text: &str) -> bool {
    matches!(text.as_bytes(), [b'+', b'1'..=b'9', further @ ..]
        if (6..=14).contains(&further.len()) && further.iter().all(u8::is_ascii_digit))
}

impl TryFrom<&str> for PhoneNumber {
    type Error = InvalidPhoneNumber;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = InvalidPhoneNumber;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// A number from a callback has its country code but no `+`.
impl TryFrom<&WaId> for PhoneNumber {
    type Error = InvalidPhoneNumber;

    fn try_from(wa_id: &WaId) -> Result<Self, Self::Error> {
        format!("+{}", wa_id.as_str().trim_start_matches('+')).parse()
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_masked("PhoneNumber", &self.0, f)
    }
}

impl Serialize for PhoneNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_e164_and_says_what_else_is_wrong() {
        fn check(text: &str, expected: Result<&str, InvalidPhoneNumber>) {
            let found = text.parse::<PhoneNumber>();
            assert_eq!(
                found.as_ref().map(PhoneNumber::as_str),
                expected.as_ref().copied(),
                "{text}"
            );
        }
        check("+919800000001", Ok("+919800000001"));
        check(" +1 (415) 555-0123 ", Ok("+14155550123"));
        check("919800000001", Err(InvalidPhoneNumber::NoCountryCode));
        check("+0919800000001", Err(InvalidPhoneNumber::NoCountryCode));
        check("", Err(InvalidPhoneNumber::NoCountryCode));
        check("+", Err(InvalidPhoneNumber::NoCountryCode));
        check("+12345", Err(InvalidPhoneNumber::Length(5)));
        check("+1234567890123456", Err(InvalidPhoneNumber::Length(16)));
        check("+16XXXXXX234", Err(InvalidPhoneNumber::Character));
        check("+919800000001,+919800000002", Err(InvalidPhoneNumber::List));
        check("+91\u{0669}800000001", Err(InvalidPhoneNumber::Character));
    }

    #[test]
    fn a_number_from_a_callback_gets_its_plus() {
        let number = PhoneNumber::try_from(&WaId::from("919800000001")).unwrap();
        assert_eq!(number.as_str(), "+919800000001");
        assert_eq!(number.digits(), "919800000001");
    }
}
