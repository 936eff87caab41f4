//! Texts that some senders write as numbers.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use ecow::EcoString;

use super::fault::Read;
use super::names::{Names, Wanted};
use super::read::read_text;
use super::reader::{Expected, Reader};
use super::shape::{Form, View};

/// A text that may stand on the wire as a number (or flag), and is then written as one again. Up to 15 bytes, as most are,
/// need no allocation.
///
/// Two are equal when their texts are: in which form an id came makes it no other id.
#[derive(Clone)]
pub(crate) enum LooseText {
    Text(EcoString),
    /// A number or flag, as its JSON.
    Token(EcoString),
}

impl LooseText {
    pub(crate) const EMPTY: Self = Self::Text(EcoString::new());

    #[inline]
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Text(text) | Self::Token(text) => text,
        }
    }

    pub(crate) fn read(&mut self, reader: &mut Reader<'_>) -> Read<Form> {
        if let Self::Text(place) = self
            && let Some(text) = reader.plain_text()
        {
            *place = text.into();
            return Ok(Form::AsWritten);
        }
        self.read_other(reader)
    }

    #[inline(never)]
    fn read_other(&mut self, reader: &mut Reader<'_>) -> Read<Form> {
        let (text, is_text) = read_text(reader, Expected::Text)?;
        *self = match is_text {
            true => Self::Text(text.as_ref().into()),
            false => Self::Token(text.as_ref().into()),
        };
        Ok(Form::AsWritten)
    }

    #[inline]
    pub(crate) fn view(&self) -> View<'_> {
        match self {
            Self::Text(text) => View::Text(text),
            Self::Token(json) => View::Json(json),
        }
    }

    /// What is compared: fractions of one value may be written in several ways.
    fn canonical(&self) -> Cow<'_, str> {
        match self {
            Self::Token(json) if json.contains(['.', 'e', 'E']) => match json.parse::<f64>() {
                Ok(number) => Cow::Owned(number.to_string()),
                Err(_) => Cow::Borrowed(json),
            },
            other => Cow::Borrowed(other.as_str()),
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

impl PartialEq for LooseText {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str() || self.canonical() == other.canonical()
    }
}

impl Eq for LooseText {}

impl Hash for LooseText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.canonical().hash(state);
    }
}

impl PartialOrd for LooseText {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for LooseText {
    fn cmp(&self, other: &Self) -> Ordering {
        self.canonical().cmp(&other.canonical())
    }
}

/// Shows the last two characters of a personal text: enough to tell two apart, not enough to dial.
pub(crate) fn fmt_masked(name: &str, text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let length = text.chars().count();
    let tail: String = text.chars().skip(length.saturating_sub(2).max(2)).collect();
    write!(f, "{name}(…{tail})")
}

/// A text that this version has no name for.
///
/// It can't be matched on, so that code that compares texts does not silently stop working on the day the text gets
/// a variant of its own: compare with `as_str()` of the enum instead.
///
/// ```
/// use kaleyra_wa_types::inbound::StatusName;
///
/// let status = StatusName::from("evaporated");
/// assert!(matches!(status, StatusName::Unknown(_)));
/// assert_eq!(status.as_str(), "evaporated");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnknownText(LooseText);

impl UnknownText {
    pub(crate) const EMPTY: Self = Self(LooseText::EMPTY);

    pub(crate) fn new(text: impl Into<LooseText>) -> Self {
        Self(text.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(crate) fn view(&self) -> View<'_> {
        self.0.view()
    }
}

impl fmt::Debug for LooseText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

/// A text of an open enum: one of its names, or another.
pub(crate) enum Found {
    Known(usize, Form),
    Unknown(UnknownText),
}

/// Reads a text of an open enum.
pub(crate) fn read_open(reader: &mut Reader<'_>, names: &Names, in_any_case: bool) -> Read<Found> {
    let (text, is_text) = read_text(reader, Expected::Text)?;
    if is_text {
        if let Some(known) = names.find(Wanted::new(text.as_bytes())) {
            return Ok(Found::Known(known, Form::AsWritten));
        }
        if in_any_case
            && let Some(known) = names
                .list()
                .iter()
                .position(|name| name.eq_ignore_ascii_case(&text))
        {
            return Ok(Found::Known(known, Form::Otherwise));
        }
        return Ok(Found::Unknown(UnknownText::new(text.as_ref())));
    }
    Ok(Found::Unknown(UnknownText(LooseText::Token(
        text.as_ref().into(),
    ))))
}

/// The place of a text among the names of an open enum.
pub(crate) fn known(text: &str, names: &Names) -> Option<usize> {
    names.find(Wanted::new(text.as_bytes()))
}
