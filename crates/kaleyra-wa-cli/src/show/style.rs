//! Colours, where a terminal shows them and nobody has asked for none.

use std::io::IsTerminal;

use anstyle::{AnsiColor, Style};

use crate::global::{self, Color};

/// What a colour stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tone {
    /// What a user of WhatsApp does.
    User,
    /// What the business does.
    Business,
    /// What went well.
    Good,
    /// What did not.
    Bad,
    /// What can be overlooked.
    Quiet,
    /// What a section is about.
    Title,
}

/// The text in colour.
pub(super) fn in_tone(tone: Tone, text: &str) -> String {
    let style = match tone {
        Tone::User => AnsiColor::Cyan.on_default(),
        Tone::Business => AnsiColor::Magenta.on_default(),
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Bad => AnsiColor::Red.on_default(),
        Tone::Quiet => Style::new().dimmed(),
        Tone::Title => Style::new().bold(),
    };
    format!("{style}{text}{style:#}")
}

/// Whether what is written there may have colours: as `--color` says, else where a terminal shows them.
pub(crate) fn shows_colours(stream: &impl IsTerminal) -> bool {
    match global::settings().color {
        Color::Always => return true,
        Color::Never => return false,
        Color::Auto => {}
    }
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    stream.is_terminal() && !is_set("NO_COLOR") && !is_dumb
}
