//! Values of flags that are known beforehand: they are completed with Tab, and named where another is given.

use std::error::Error;
use std::ffi::OsStr;
use std::str::FromStr;

use clap::builder::{PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};
use clap::{Arg, Command};

/// One of these names, and what it stands for.
pub(crate) fn one_of<T>(
    names: impl IntoIterator<Item = &'static str>,
) -> impl TypedValueParser<Value = T>
where
    T: FromStr + Clone + Send + Sync + 'static,
    T::Err: Error + Send + Sync + 'static,
{
    PossibleValuesParser::new(names).try_map(|name| name.parse::<T>())
}

/// A number with its country code, with or without `+`.
pub(crate) fn number(text: &str) -> Result<String, &'static str> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let is_number =
        (7..=15).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit());
    is_number
        .then(|| digits.to_owned())
        .ok_or("give a number with its country code, such as +919800000001")
}

/// The name of an HTTP header.
pub(crate) fn header_name(text: &str) -> Result<String, &'static str> {
    text.parse::<http::HeaderName>()
        .map(|_| text.to_owned())
        .map_err(|_| "give the name of a header, such as x-kaleyra-secret: letters, digits and -")
}

/// How many of a list: one at least.
pub(crate) fn count() -> clap::builder::RangedU64ValueParser<usize> {
    clap::builder::RangedU64ValueParser::new().range(1..=1_000_000)
}

/// Any text: these are only suggested, to whoever presses Tab.
#[derive(Clone)]
pub(crate) struct Suggested(Vec<&'static str>);

/// Any text; these are suggested.
pub(crate) fn suggested(names: impl IntoIterator<Item = &'static str>) -> Suggested {
    Suggested(names.into_iter().collect())
}

impl Suggested {
    /// The same, read as this type.
    pub(crate) fn read<T>(self) -> impl TypedValueParser<Value = T>
    where
        T: FromStr + Clone + Send + Sync + 'static,
        T::Err: Error + Send + Sync + 'static,
    {
        self.try_map(|text| text.parse::<T>())
    }
}

impl TypedValueParser for Suggested {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(
            self.0.iter().map(|name| PossibleValue::new(*name)),
        ))
    }
}
