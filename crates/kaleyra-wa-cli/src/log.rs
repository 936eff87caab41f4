//! The log, on standard error, only when `RUST_LOG` asks for it.

use std::io;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::show::style::shows_colours;

/// Starts the log.
pub(crate) fn start() {
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::OFF.into())
        .from_env_lossy();
    // A call is a span, so its end is what there is to tell. A log that can't be written is no reason to end.
    let log = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(shows_colours(&io::stderr()))
        .with_span_events(FmtSpan::CLOSE)
        .log_internal_errors(false);
    tracing_subscriber::registry().with(filter).with(log).init();
}
