//! `kaleyra-wa check`: how payloads in files are read, and what a new version of the models could add.

mod files;
mod report;
mod summary;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use self::report::Report;
use self::summary::Summary;
use crate::exit::Exit;
use crate::global;
use crate::show::output::{complain, say, say_all};

/// From how many files on a progress bar is worth its place.
const MANY: usize = 200;

/// Check how payloads in files are read: typed, unknown or malformed, lossless or not
#[derive(Args)]
#[command(after_help = "\
Every JSON file is read as a callback or, with `--as message`, as something to send: a bare message object, or the \
envelope with messaging_object and extra_info. Nothing leaves this machine.

With -v every file gets a line, else only those with something to report.

With --json each file is one line with these keys:
  file            its path
  outcome         ok, refused (a message that breaks a limit, or is no callback), lossy, malformed or not_json
  events          of each: kind, type, decoded (typed, unknown, malformed), error
  unknown_fields  JSON pointers of fields that this version does not know
  lossless        whether it would be written back as equal JSON
  violations      limits that a message breaks
  error           why it is not a JSON object; null otherwise
  hint            what to try, where it looks like something else; null otherwise

Examples:
  kaleyra-wa check callbacks/
  kaleyra-wa check --as message --json template.json
  kaleyra-wa check - < callback.json

Exit codes:
  0  every file is ok; what is unknown is reported, but is not a failure
  1  a file is malformed, not a JSON object, would not be written back as it came, or is a message that breaks a limit
  2  a path can't be read; the others are checked all the same")]
pub(crate) struct Check {
    /// Files, or folders to search recursively for .json files; - for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What the files hold
    #[arg(
        long = "as",
        value_name = "WHAT",
        value_enum,
        default_value = "callback"
    )]
    what: What,
    /// Only read messages: ignore the limits that they break
    #[arg(long)]
    unchecked: bool,
}

/// What a file holds.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum What {
    /// What Kaleyra posts
    Callback,
    /// What is posted to Kaleyra
    Message,
}

impl Check {
    pub(crate) fn run(self) -> Result<(), Exit> {
        let settings = global::settings();
        let files = files::collect(&self.paths)?;
        // The bar goes to standard error, and only to a terminal.
        let bar = if files.len() < MANY {
            ProgressBar::hidden()
        } else {
            ProgressBar::new(files.len() as u64)
        };
        bar.set_style(
            ProgressStyle::with_template("{bar:40} {pos}/{len} files  {eta} to go")
                .unwrap_or_else(|_| ProgressStyle::default_bar()),
        );

        let mut summary = Summary::default();
        let mut unreadable = None;
        for file in &files {
            let bytes = match files::read(file) {
                Ok(bytes) => bytes,
                Err(exit) => {
                    // A program gets the first as the document of the failure.
                    if settings.json && unreadable.is_none() {
                        unreadable = Some(exit);
                        bar.inc(1);
                        continue;
                    }
                    if let Some(message) = exit.message() {
                        bar.suspend(|| complain(format!("error: {message}")));
                    }
                    unreadable.get_or_insert(exit.quiet());
                    bar.inc(1);
                    continue;
                }
            };
            let mut report = Report::of(file, &bytes, self.what);
            if self.unchecked {
                report.violations.clear();
            }
            summary.add(&report);
            if settings.json {
                bar.suspend(|| say(report.json()?))?;
            } else if settings.verbose > 0 || report.has_something_to_tell() {
                bar.suspend(|| say_all(report.lines()))?;
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        if !settings.json && summary.files() > 0 {
            say_all(summary.lines())?;
        }
        let verdict = match (summary.failed(), summary.files()) {
            (0, _) => Ok(()),
            (_, 1) => Err(Exit::found("the file is not ok")),
            (failed, files) => Err(Exit::found(format!("{failed} of {files} files are not ok"))),
        };
        match (unreadable, verdict) {
            (None, verdict) => verdict,
            (Some(unreadable), verdict) => {
                if let Some(message) = verdict.err().as_ref().and_then(Exit::message) {
                    complain(format!("error: {message}"));
                }
                Err(unreadable)
            }
        }
    }
}
