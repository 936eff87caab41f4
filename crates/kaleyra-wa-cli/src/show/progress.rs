//! A bar on standard error: only on a terminal, and only for what takes its time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::output::is_watched;
use crate::global;

/// What is done sooner than this needs no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// How far something has got. Clones are about the same.
#[derive(Clone)]
pub(crate) struct Progress {
    what: &'static str,
    since: Instant,
    bar: Arc<Mutex<Option<ProgressBar>>>,
}

impl Progress {
    /// Of bytes that go up or come down.
    pub(crate) fn bytes(what: &'static str) -> Self {
        Self {
            what,
            since: Instant::now(),
            bar: Arc::default(),
        }
    }

    /// So many are done, of so many if that is known.
    pub(crate) fn tell(&self, done: u64, all: Option<u64>) {
        let settings = global::settings();
        if settings.quiet || !is_watched() || self.since.elapsed() < PATIENCE {
            return;
        }
        let mut bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        let bar = bar.get_or_insert_with(|| self.bar(all));
        bar.set_position(done);
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        let bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bar) = bar.as_ref() {
            bar.finish_and_clear();
        }
    }

    fn bar(&self, all: Option<u64>) -> ProgressBar {
        let (bar, template) = match all {
            Some(all) => (
                ProgressBar::new(all),
                "{msg} {bar:40} {bytes}/{total_bytes}  {eta} to go",
            ),
            None => (ProgressBar::new_spinner(), "{msg} {spinner} {bytes}"),
        };
        let style = ProgressStyle::with_template(template);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.with_message(self.what)
    }
}
