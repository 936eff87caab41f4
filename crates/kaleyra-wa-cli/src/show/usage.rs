//! What the parser of the arguments has to say: help, the version, and what is wrong with an argument.

use std::borrow::Cow;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use super::harmless::one_line;
use super::line::Line;
use super::output::{complain_all, say_parsers_own};
use crate::exit::Exit;

/// Tells it, and gives the exit code.
///
/// The parser repeats arguments in its texts, which have many lines and colours. So it is asked again about arguments that
/// are harmless; where it has nothing to object to those, its text becomes a single line.
pub(crate) fn tell<P: Parser>(
    told: clap::Error,
    arguments: impl IntoIterator<Item = OsString>,
) -> ExitCode {
    let is_asked_for = matches!(
        told.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if !is_asked_for && wants_json(&arguments) {
        // The first lines say what is wrong; those after them, how it is written right.
        let text = told.to_string();
        let text = text.split("\n\n").next().unwrap_or_default();
        let message = text.strip_prefix("error: ").unwrap_or(text);
        return Exit::usage(message).report_json();
    }
    let harmless = arguments.into_iter().map(|argument| {
        let argument: Cow<'_, str> = argument.to_string_lossy();
        one_line(&argument)
    });
    match P::try_parse_from(harmless) {
        Err(again) if again.kind() == told.kind() => say_parsers_own(&again, !is_asked_for),
        _ => complain_all([Line::new(told)]),
    }
    ExitCode::from(if is_asked_for { 0 } else { 2 })
}

/// Whether these arguments, which could not be read, ask for JSON.
fn wants_json(arguments: &[OsString]) -> bool {
    let flags = arguments.iter().take_while(|argument| *argument != "--");
    flags.into_iter().any(|argument| argument == "--json")
}
