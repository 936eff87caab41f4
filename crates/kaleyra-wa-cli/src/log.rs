//! The log, on standard error, only when `RUST_LOG` or `-vv` asks for it.

use std::io::{self, Write};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::global;
use crate::settings::variable;
use crate::show::output::note;

/// Starts the log.
pub(crate) fn start() {
    let filters = EnvFilter::builder().with_default_directive(LevelFilter::OFF.into());
    // Not by the builder's own ways from the environment: they print what they can't read.
    let asked = variable("RUST_LOG").unwrap_or_else(|| match global::settings().verbose {
        0 | 1 => String::new(),
        2 => "kaleyra_wa_client=debug,kaleyra_wa_webhook=debug".to_owned(),
        _ => "debug".to_owned(),
    });
    let filter = filters
        .parse(asked)
        .unwrap_or_else(|error| {
            note(format!(
                "warning: RUST_LOG: {error}: no log is written; use filters such as kaleyra_wa_client=debug"
            ));
            EnvFilter::new("off")
        });
    // A call is a span, so its end is what there is to tell. A log that can't be written is no reason to end. Without
    // colours, as they would be indistinguishable from those that a field brings along.
    let log = tracing_subscriber::fmt::layer()
        .with_writer(|| Entry)
        .with_ansi(false)
        .with_span_events(FmtSpan::CLOSE)
        .log_internal_errors(false);
    tracing_subscriber::registry().with(filter).with(log).init();
}

/// Writes an entry as one harmless line. The subscriber hands an entry over whole.
struct Entry;

impl Write for Entry {
    fn write(&mut self, entry: &[u8]) -> io::Result<usize> {
        note(String::from_utf8_lossy(entry).trim_end_matches('\n'));
        Ok(entry.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
