//! What every command takes: how it speaks, whose settings it uses, how long it waits.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

static SETTINGS: OnceLock<Global> = OnceLock::new();

/// Flags of every command.
#[derive(Args, Clone, Debug)]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) struct Global {
    /// Profile of the configuration file that names the account [env: KALEYRA_PROFILE]
    #[arg(long, global = true, value_name = "NAME", help_heading = "Everywhere", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) profile: Option<String>,
    /// Configuration file in place of the usual one; `kaleyra-wa config path` tells which [env: KALEYRA_CONFIG]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Everywhere",
        hide_short_help = true
    )]
    pub(crate) config: Option<PathBuf>,
    /// JSON on standard output: one document, or a line per event; failures as {"error":{…}}
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub(crate) json: bool,
    /// Nothing on standard error but what failed
    #[arg(
        long,
        short,
        global = true,
        help_heading = "Everywhere",
        hide_short_help = true
    )]
    pub(crate) quiet: bool,
    /// More on standard error; twice for the log of every request
    #[arg(long, short, global = true, action = clap::ArgAction::Count, help_heading = "Everywhere", hide_short_help = true)]
    pub(crate) verbose: u8,
    /// Colours
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value = "auto",
        help_heading = "Everywhere",
        hide_short_help = true
    )]
    pub(crate) color: Color,
    /// Never ask; what would need a response fails
    #[arg(
        long,
        global = true,
        help_heading = "Everywhere",
        hide_short_help = true
    )]
    pub(crate) no_input: bool,
    /// Seconds to wait for a response; 30 if nothing is said
    #[arg(long, global = true, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=600), help_heading = "Everywhere", hide_short_help = true)]
    pub(crate) timeout: Option<u64>,
}

/// When there are colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal that shows them, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Global {
    const NONE: Self = Self {
        profile: None,
        config: None,
        json: false,
        quiet: false,
        verbose: 0,
        color: Color::Auto,
        no_input: false,
        timeout: None,
    };

    /// How long to wait for a response.
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout.unwrap_or(30))
    }
}

/// Keeps them for the rest of the process.
pub(crate) fn set(global: Global) {
    // A second time would change nothing; there is none.
    let _ = SETTINGS.set(global);
}

/// Those of this call of the command; none before they are read.
pub(crate) fn settings() -> &'static Global {
    static NONE: Global = Global::NONE;
    SETTINGS.get().unwrap_or(&NONE)
}
