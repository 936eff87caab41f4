//! The log, on standard error, only when `RUST_LOG` asks for it.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

/// Starts the log.
pub(crate) fn start() {
    let filter = EnvFilter::builder()
        .with_default_directive(tracing_subscriber::filter::LevelFilter::OFF.into())
        .from_env_lossy();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
}
