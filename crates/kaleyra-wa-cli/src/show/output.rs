//! The one place that writes to standard output and standard error. It takes [`Line`]s only, which are harmless.
//!
//! A closed pipe is an error here and not a panic.
#![allow(
    clippy::disallowed_methods,
    reason = "everywhere else the lint leads here"
)]

use std::io::{self, Write};

use super::line::Line;
use super::style::shows_colours;
use crate::exit::Exit;
use crate::global;

/// Writes lines to standard output, all at once, and sends them off.
pub(crate) fn lines(lines: impl IntoIterator<Item = Line>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let in_colour = shows_colours(&out);
    let text: String = lines
        .into_iter()
        .map(|line| line.render(in_colour) + "\n")
        .collect();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Whether a person reads the standard output, and not a program or a file.
pub(crate) fn is_read_by_a_person() -> bool {
    io::IsTerminal::is_terminal(&io::stdout())
}

/// Writes a line to standard output and sends it off.
pub(crate) fn line(text: impl Into<Line>) -> io::Result<()> {
    lines([text.into()])
}

/// Writes a line, or ends the command: without its output it has nothing to do.
pub(crate) fn say(text: impl Into<Line>) -> Result<(), Exit> {
    say_all([text.into()])
}

/// The same for several lines.
pub(crate) fn say_all(texts: impl IntoIterator<Item = Line>) -> Result<(), Exit> {
    lines(texts).map_err(|error| unwritable(&error))
}

/// The end of a command whose output can't be written; without a word where nobody reads it any more.
fn unwritable(error: &io::Error) -> Exit {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Exit::unread(),
        _ => Exit::failed(format!("can't write to standard output: {error}")),
    }
}

/// Writes a line to standard error: for the person at the terminal, where the output may go to a program. If nobody can
/// read it, that is no reason to end.
pub(crate) fn note(text: impl Into<Line>) {
    note_all([text.into()]);
}

/// The same for several lines. With `--quiet` nobody wants to hear it.
pub(crate) fn note_all(texts: impl IntoIterator<Item = Line>) {
    if !global::settings().quiet {
        complain_all(texts);
    }
}

/// Writes a line about a failure to standard error, with `--quiet` as well.
pub(crate) fn complain(text: impl Into<Line>) {
    complain_all([text.into()]);
}

/// The same for several lines.
pub(crate) fn complain_all(texts: impl IntoIterator<Item = Line>) {
    let mut error = io::stderr().lock();
    let in_colour = shows_colours(&error);
    for line in texts {
        let _ = error.write_all((line.render(in_colour) + "\n").as_bytes());
    }
}

/// Writes what the parser of the arguments says, about arguments that are harmless already.
pub(super) fn say_parsers_own(text: &clap::Error, to_standard_error: bool) {
    let rendered = text.render();
    let shown = |in_colour: bool| match in_colour {
        true => rendered.ansi().to_string(),
        false => rendered.to_string(),
    };
    // If nobody can read it, that is no reason to end in another way.
    let _ = if to_standard_error {
        let mut error = io::stderr().lock();
        let in_colour = shows_colours(&error);
        error.write_all(shown(in_colour).as_bytes())
    } else {
        let mut out = io::stdout().lock();
        let in_colour = shows_colours(&out);
        out.write_all(shown(in_colour).as_bytes())
    };
}

/// Writes a text that this command made itself, such as a completion script, as it is.
pub(crate) fn own_text(text: &[u8]) -> Result<(), Exit> {
    let mut out = io::stdout().lock();
    out.write_all(text)
        .and_then(|()| out.flush())
        .map_err(|error| unwritable(&error))
}

/// Whether somebody sits at standard error, who can be asked and shown bars.
pub(crate) fn is_watched() -> bool {
    io::IsTerminal::is_terminal(&io::stderr())
}

/// Writes a question to standard error, without a line end behind it.
pub(crate) fn ask(question: impl Into<Line>) {
    let mut error = io::stderr().lock();
    let in_colour = shows_colours(&error);
    let _ = error.write_all((question.into().render(in_colour) + " ").as_bytes());
    let _ = error.flush();
}
