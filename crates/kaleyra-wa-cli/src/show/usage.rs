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
    let shows_help = told.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    let is_json = wants_json(&arguments);
    if !is_asked_for && (is_json || !shows_help) {
        let (message, advice) = in_a_line(&told.to_string());
        let help = format!("see {} --help", asked_of::<P>(&arguments));
        if !is_json {
            let told = [Some(message), advice, Some(help)];
            let told: Vec<String> = told.into_iter().flatten().collect();
            complain_all([Line::new(format!("error: {}", told.join("; ")))]);
            return ExitCode::from(2);
        }
        let exit = Exit::usage(message);
        // The message may say by itself what to do.
        let advice = advice.or_else(|| match exit.failure().advice {
            Some(_) => None,
            None => Some(help),
        });
        return match advice {
            Some(advice) => exit.with_advice(advice).report_json(),
            None => exit.report_json(),
        };
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

/// The command that was asked for, with the commands that it is under.
fn asked_of<P: Parser>(arguments: &[OsString]) -> String {
    let mut command = P::command();
    let mut path = command.get_name().to_owned();
    for argument in arguments.iter().skip(1) {
        let Some(below) = command.find_subcommand(argument).cloned() else {
            continue;
        };
        path = format!("{path} {}", below.get_name());
        command = below;
    }
    path
}

/// What the standard library says of a number that it can't read, in words for who wrote it.
fn in_words(text: &str) -> String {
    for (said, words) in [
        ("invalid digit found in string", "give a whole number"),
        (
            "cannot parse integer from empty string",
            "give a whole number",
        ),
        ("invalid float literal", "give a number"),
        ("cannot parse float from empty string", "give a number"),
        (
            "number too large to fit in target type",
            "the number is too large",
        ),
        (
            "number too small to fit in target type",
            "the number is too small",
        ),
    ] {
        if let Some(before) = text.strip_suffix(said) {
            return format!("{before}{words}");
        }
    }
    let range = text.rsplit_once(": ").and_then(|(before, range)| {
        let (_, range) = range.split_once(" is not in ")?;
        let (from, to) = range.split_once("..")?;
        let (from, to): (i128, Option<i128>) = match to.strip_prefix('=') {
            Some(to) => (from.parse().ok()?, to.parse().ok()),
            None => (from.parse().ok()?, to.parse::<i128>().ok().map(|to| to - 1)),
        };
        Some(match to {
            Some(to) => format!("{before}: give a number from {from} to {to}"),
            None => format!("{before}: give a number from {from} on"),
        })
    });
    range.unwrap_or_else(|| text.to_owned())
}

/// What is wrong, in a line, and what to do about it: the parser's first lines say the one, those after them the other.
fn in_a_line(text: &str) -> (String, Option<String>) {
    let flat = |text: &str| {
        let words: Vec<_> = text.split_whitespace().collect();
        words.join(" ")
    };
    let mut parts = text.split("\n\n");
    let first = parts.next().unwrap_or_default();
    let first = first.strip_prefix("error: ").unwrap_or(first);
    let (first, allowed) = match first.split_once("[possible values: ") {
        Some((first, allowed)) => (first, allowed.trim_end().trim_end_matches(']')),
        None => (first, ""),
    };
    let mut advice: Vec<String> = Vec::new();
    if !allowed.is_empty() {
        advice.push(format!("give one of: {allowed}"));
    }
    for part in parts {
        let part = flat(part);
        let part = part.strip_prefix("tip: ").unwrap_or(&part);
        if part.starts_with("Usage: ") || part.starts_with("For more information") {
            continue;
        }
        advice.extend(
            part.split(" tip: ")
                .map(str::to_owned)
                .filter(|it| !it.is_empty()),
        );
    }
    let advice = (!advice.is_empty()).then(|| advice.join("; "));
    (in_words(&flat(first)), advice)
}

/// Whether these arguments, which could not be read, ask for JSON.
fn wants_json(arguments: &[OsString]) -> bool {
    let flags = arguments.iter().take_while(|argument| *argument != "--");
    flags.into_iter().any(|argument| argument == "--json")
}

#[cfg(test)]
mod tests {
    use super::{in_a_line, in_words};

    #[test]
    fn numbers_are_asked_for_in_plain_words() {
        for (text, told) in [
            (
                "invalid value 'x' for '--port': invalid digit found in string",
                "invalid value 'x' for '--port': give a whole number",
            ),
            (
                "invalid value '0' for '--n': 0 is not in 1..=600",
                "invalid value '0' for '--n': give a number from 1 to 600",
            ),
            (
                "invalid value '0' for '--n': 0 is not in 1..11",
                "invalid value '0' for '--n': give a number from 1 to 10",
            ),
            (
                "invalid value 'a' for '--to': give a number",
                "invalid value 'a' for '--to': give a number",
            ),
        ] {
            assert_eq!(in_words(text), told);
        }
    }

    #[test]
    fn what_is_wrong_and_what_is_allowed_are_told_apart() {
        for (text, message, advice) in [
            (
                "error: invalid value 'mars' for '--pod <POD>'\n  [possible values: in, sg, eu, na]\n\nFor more \
                 information, try '--help'.\n",
                "invalid value 'mars' for '--pod <POD>'",
                Some("give one of: in, sg, eu, na"),
            ),
            (
                "error: unexpected argument '--flavour' found\n\n  tip: to pass it as a value, use '-- --flavour'\n\nUsage: \
                 kaleyra-wa send\n\nFor more information, try '--help'.\n",
                "unexpected argument '--flavour' found",
                Some("to pass it as a value, use '-- --flavour'"),
            ),
            (
                "error: the following required arguments were not provided:\n  --to <NUMBER>\n  <WAMID>\n\nUsage: …\n",
                "the following required arguments were not provided: --to <NUMBER> <WAMID>",
                None,
            ),
        ] {
            let expected = (message.to_owned(), advice.map(str::to_owned));
            assert_eq!(in_a_line(text), expected);
        }
    }
}
