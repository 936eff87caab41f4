//! A phone number that a message can be sent to or from.

use std::fmt;
use std::str::FromStr;

use ecow::EcoString;
use serde::{Serialize, Serializer};

use crate::ids::WaId;
use crate::wire::reader::Expected;
use crate::wire::{Form, Read, Reader, View, Wire, fmt_masked};

/// A phone number in E.164 form: `+`, a country code that does not begin with 0, and 15 digits at most.
///
/// WhatsApp puts the business number's own country code before a number without `+`, which then reaches an unauthenticated caller;
/// so the `+` is required here, and always written. Blanks, hyphens, dots and parentheses are taken out; what could make
/// another number of it is refused: a 0 in parentheses, which is dialled only inside the country (`+44 (0)7700 …`), an
/// extension, a second number, a 0 behind the country code where none belongs (`+44 07700 …`), letters, digits of other scripts, invisible characters.
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

/// Why a text is not a [`PhoneNumber`]. It does not repeat the text, which may be personal data; it names the one character
/// that is refused.
///
/// ```
/// use kaleyra_wa_types::{InvalidPhoneNumber, PhoneNumber};
///
/// let error = "98000/00001".parse::<PhoneNumber>().unwrap_err();
/// println!("{error}"); // what is wrong and what to do, without the number
/// assert_ne!(error, InvalidPhoneNumber::Extension);
/// assert!(!error.to_string().contains("98000"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidPhoneNumber {
    /// A character that no phone number contains.
    #[error("not a phone number: {} must be taken out, only digits, spaces, - . ( ) may follow the +", Sign(*.0))]
    Character(char),
    /// It ends in `.0`, as a number does that was read as a floating-point number; the 0 would become a digit of it.
    #[error(
        "not a phone number: take the .0 off its end, the number was read as a floating-point number"
    )]
    Decimal,
    /// An extension, after the phone number.
    #[error("not a phone number: take the extension off its end, WhatsApp has none")]
    Extension,
    /// Fewer than 7 or more than 15 digits.
    #[error("not a phone number: 7 to 15 digits must follow the +, found {0}")]
    Length(usize),
    /// Several numbers in one text.
    #[error("several phone numbers in one: send to each in a call of its own")]
    List,
    /// No `+` in front, or a country code that begins with 0.
    #[error("not a phone number: it must begin with + and the country code")]
    NoCountryCode,
    /// Digits in parentheses that may or may not belong to it.
    #[error(
        "not a phone number: the digits in parentheses may be dialled only inside the country, as the 0 in +44 (0)7700: \
         leave them out, or write them without parentheses"
    )]
    Parentheses,
    /// A 0 behind the code of a country whose numbers have none there: it is dialled only inside the country, as in
    /// `+44 07700 …`.
    #[error(
        "not a phone number: the 0 behind the country code is dialled only inside the country, leave it out"
    )]
    TrunkZero,
    /// A link or URI around the number, such as `tel:+91…` or `https://wa.me/91…`.
    #[error("not a phone number but a link to one: give + and the digits alone")]
    Uri,
}

/// A character in human-readable form: itself if it is visible, else its code point.
struct Sign(char);

impl fmt::Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = u32::from(self.0);
        let name = match self.0 {
            '\t' => " (a tab)",
            '\n' | '\r' => " (a line end)",
            '\u{2010}' | '\u{2011}' => " (a hyphen that is not -)",
            '\u{2012}'..='\u{2015}' | '\u{2212}' => " (a dash or minus that is not -)",
            '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => " (an invisible character)",
            '\u{61c}'
            | '\u{200c}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => " (an invisible mark for the direction of writing)",
            sign if sign.is_whitespace() => " (another kind of space)",
            sign if sign.is_ascii_graphic() => return write!(f, "`{sign}`"),
            sign if sign.is_numeric() => " (a digit of another script)",
            '\u{ff0b}' => " (a wide +)",
            _ => "",
        };
        write!(f, "U+{code:04X}{name}")
    }
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
    ///
    /// ```
    /// use kaleyra_wa_types::PhoneNumber;
    ///
    /// let number: PhoneNumber = "+91 98000 00001".parse()?;
    /// assert_eq!(number.as_str(), "+919800000001");
    /// assert_eq!(number.digits(), "919800000001"); // as a callback has it
    /// # Ok::<(), kaleyra_wa_types::InvalidPhoneNumber>(())
    /// ```
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
        parse(text.trim())
    }
}

/// The minimum and maximum number of digits in a number.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

fn parse(text: &str) -> Result<PhoneNumber, InvalidPhoneNumber> {
    if is_uri(text) {
        return Err(InvalidPhoneNumber::Uri);
    }
    let Some(rest) = text.strip_prefix('+') else {
        return Err(match text.chars().find(|sign| !is_allowed(*sign)) {
            None | Some('+') => InvalidPhoneNumber::NoCountryCode,
            Some(sign) => further(text, sign, 0),
        });
    };
    let mut number = String::with_capacity(text.len());
    number.push('+');
    let mut before = None;
    let mut signs = rest.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        match sign {
            '0'..='9' => number.push(sign),
            '(' if number.len() > 1 => {
                let group = rest.get(at + 1..).unwrap_or_default();
                check_group(&number, group)?;
            }
            sign if is_allowed(sign) => {}
            sign => {
                return Err(further(
                    rest.get(at..).unwrap_or_default(),
                    sign,
                    number.len() - 1,
                ));
            }
        }
        if signs.peek().is_none() && sign == '0' && before == Some('.') {
            return Err(InvalidPhoneNumber::Decimal);
        }
        before = Some(sign);
    }
    match number.len() - 1 {
        0 => Err(InvalidPhoneNumber::NoCountryCode),
        _ if number.starts_with("+0") => Err(InvalidPhoneNumber::NoCountryCode),
        _ if has_trunk_zero(&number) => Err(InvalidPhoneNumber::TrunkZero),
        digits if DIGITS.contains(&digits) => Ok(PhoneNumber(number.into())),
        digits => Err(InvalidPhoneNumber::Length(digits)),
    }
}

/// Refuses digits in parentheses that may not belong to the number: `before` is what came of it, `group` begins behind the
/// parenthesis.
///
/// An area code in parentheses, `+1 (415) …` or `+61 (2) …`, is part of the number. What begins with 0, and the 8 of Russia
/// and its neighbours, is dialled only inside the country; what stands at the end of a whole number is an extension.
fn check_group(before: &str, group: &str) -> Result<(), InvalidPhoneNumber> {
    let (inside, rest) = group.split_once(')').unwrap_or((group, ""));
    let inside = inside.trim_matches(is_allowed_blank);
    let has_trunk_8 = ["+7", "+370", "+375", "+380", "+993"].contains(&before);
    let is_trunk = inside.starts_with('0') || (inside == "8" && has_trunk_8);
    let is_at_end = !rest.contains(|sign: char| sign.is_ascii_digit())
        && inside.starts_with(|sign: char| sign.is_ascii_digit())
        && DIGITS.contains(&(before.len() - 1));
    if is_trunk || is_at_end {
        return Err(InvalidPhoneNumber::Parentheses);
    }
    Ok(())
}

/// What is wrong with a `rest` that begins with a `sign` that no number has, after so many `digits`.
fn further(rest: &str, sign: char, digits: usize) -> InvalidPhoneNumber {
    let in_second = rest.chars().filter(char::is_ascii_digit).count();
    if matches!(sign, ',' | ';' | '/' | '|' | '&' | '\n' | '+')
        && (digits == 0 || DIGITS.contains(&digits))
        && in_second >= *DIGITS.start()
        && !(sign == '+' && digits == 0)
    {
        return InvalidPhoneNumber::List;
    }
    let is_extension = matches!(
        sign,
        ',' | ';' | 'x' | 'X' | 'e' | 'E' | '#' | 'p' | 'P' | 'w' | 'W' | '*'
    ) && DIGITS.contains(&digits)
        && rest
            .trim_start_matches(|sign: char| !sign.is_ascii_digit())
            .chars()
            .all(|sign| sign.is_ascii_digit() || is_allowed(sign))
        && (1..*DIGITS.start()).contains(&in_second);
    if is_extension {
        return InvalidPhoneNumber::Extension;
    }
    if matches!(sign, ',' | ';') && digits == 0 {
        return InvalidPhoneNumber::List;
    }
    InvalidPhoneNumber::Character(sign)
}

/// Whether a sign may stand in a number.
fn is_allowed(sign: char) -> bool {
    sign.is_ascii_digit() || is_allowed_blank(sign)
}

/// Whether a sign may stand in a number and says nothing.
fn is_allowed_blank(sign: char) -> bool {
    matches!(sign, ' ' | '-' | '.' | '(' | ')' | '\u{a0}')
}

/// Whether a text is a link to a number.
fn is_uri(text: &str) -> bool {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme.trim_end());
    scheme.is_some_and(|scheme| {
        ["tel", "sms", "smsto", "callto", "whatsapp", "http", "https"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known))
    }) || text
        .get(..6)
        .is_some_and(|start| start.eq_ignore_ascii_case("wa.me/"))
}

/// Whether a text is a number as it goes over the wire, as most are: nothing is to be left out.
fn is_written_plainly(text: &str) -> bool {
    matches!(text.as_bytes(), [b'+', b'1'..=b'9', further @ ..]
        if (6..=14).contains(&further.len()) && further.iter().all(u8::is_ascii_digit))
        && !has_trunk_zero(text)
}

/// Countries whose numbers never have a 0 behind the country code, though many of them are dialled with one inside the
/// country. Not all: a code that is missing here is not checked. Italy, San Marino, Gabon, Congo and Ivory Coast keep it.
///
/// Source: the national numbering plans that the ITU publishes.
const NO_ZERO: &[&str] = &[
    "1", "20", "27", "30", "31", "32", "33", "34", "36", "40", "41", "43", "44", "45", "46", "47",
    "48", "49", "51", "52", "54", "55", "56", "57", "60", "61", "62", "63", "64", "65", "66", "7",
    "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98", "212", "213", "216", "233",
    "234", "249", "251", "254", "255", "256", "260", "263", "351", "353", "355", "358", "359",
    "370", "371", "372", "374", "375", "380", "381", "385", "386", "387", "420", "421", "852",
    "853", "855", "880", "886", "961", "962", "963", "964", "965", "966", "967", "968", "970",
    "971", "972", "973", "974", "977", "992", "994", "995", "996", "998",
];

/// Whether a number, `+` and digits, has a 0 behind a country code that none follows.
fn has_trunk_zero(number: &str) -> bool {
    // Country codes have one to three digits, so most numbers are done with here.
    let bytes = number.as_bytes();
    (2..=4).any(|at| {
        bytes.get(at) == Some(&b'0')
            && number
                .get(1..at)
                .is_some_and(|code| NO_ZERO.contains(&code))
    })
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

/// It is written only: what is read is an [`UncheckedRecipient`](crate::UncheckedRecipient) first.
impl Wire for PhoneNumber {
    fn empty() -> Self {
        Self(EcoString::new())
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<Form> {
        reader.refuse(Expected::Text)
    }

    fn view(&self) -> View<'_> {
        View::Text(&self.0)
    }

    fn clear(&mut self) {
        *self = Self::empty();
    }
}
