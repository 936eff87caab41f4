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
        let (message, advice) = in_a_line(&told.to_string());
        let exit = Exit::usage(message);
        // The message may say by itself what to do.
        let advice = advice.or_else(|| match exit.failure().advice {
            Some(_) => None,
            None => Some("see --help".to_owned()),
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
    (flat(first), advice)
}

/// Whether these arguments, which could not be read, ask for JSON.
fn wants_json(arguments: &[OsString]) -> bool {
    let flags = arguments.iter().take_while(|argument| *argument != "--");
    flags.into_iter().any(|argument| argument == "--json")
}

#[cfg(test)]
mod tests {
    use super::in_a_line;

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
