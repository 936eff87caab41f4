//! What goes with a run of the simulator: a file that says it is ready, a record of all that happens, the browser.

use std::fs::{self, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use kaleyra_wa_sim::{Reader, Simulator};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::commands::browser;
use crate::exit::Exit;

/// The flags about a run.
#[derive(Args)]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(super) struct Session {
    /// Write the simulator's address into this file once it is ready, for scripts that wait for it; it is gone at the end
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// Write all that happens into this file, with whole bodies: a line of JSON each, as `sim log --json` has them
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Open its page in the browser
    #[arg(long)]
    open: bool,
}

/// What was begun.
pub(super) struct Begun {
    ready_file: Option<PathBuf>,
    recording: Option<JoinHandle<()>>,
    /// What went wrong while it was recorded.
    failure: watch::Receiver<Option<String>>,
}

impl Session {
    /// Begins: first the record, so that nothing is missed by who waits for the file.
    pub(super) fn begin(self, sim: &Simulator) -> Result<Begun, Exit> {
        let (tell, failure) = watch::channel(None);
        let recording = match self.record {
            None => None,
            Some(path) => {
                let wrong = |error| {
                    Exit::bad_input(format!(
                        "--record {}: can't be written: {error}",
                        path.display()
                    ))
                };
                let file = BufWriter::new(created(&path).map_err(wrong)?);
                Some(tokio::spawn(record(sim.journal_from(1), file, tell)))
            }
        };
        if let Some(path) = &self.ready_file {
            write_at_once(path, &sim.base_url()).map_err(|error| {
                Exit::bad_input(format!(
                    "--ready-file {}: can't be written: {error}",
                    path.display()
                ))
            })?;
        }
        if self.open {
            browser::open(&sim.base_url());
        }
        Ok(Begun {
            ready_file: self.ready_file,
            recording,
            failure,
        })
    }
}

impl Begun {
    /// Ends where the record can't be written any more; else never.
    pub(super) async fn failed(&self) -> Exit {
        let mut failure = self.failure.clone();
        let told = match failure.wait_for(Option::is_some).await {
            Ok(told) => told.clone(),
            Err(_) => None,
        };
        match told {
            Some(error) => Exit::failed(format!("--record: can't be written: {error}")),
            None => std::future::pending().await,
        }
    }

    /// Waits until all is recorded, which is soon after the simulator's end.
    pub(super) async fn end(self) -> Result<(), Exit> {
        if let Some(path) = &self.ready_file {
            let _ = fs::remove_file(path);
        }
        if let Some(recording) = self.recording {
            recording.await.map_err(Exit::failed)?;
        }
        let failure = self.failure.borrow().clone();
        match failure {
            Some(error) => Err(Exit::failed(format!("--record: can't be written: {error}"))),
            None => Ok(()),
        }
    }
}

async fn record(
    mut journal: Reader,
    mut file: BufWriter<fs::File>,
    tell: watch::Sender<Option<String>>,
) {
    while let Some(entry) = journal.next().await {
        let line = entry.to_json(true);
        // Sent off each time: who reads it while it grows sees whole lines.
        if let Err(error) = writeln!(file, "{line}").and_then(|()| file.flush()) {
            tell.send_replace(Some(error.to_string()));
            return;
        }
    }
}

/// A new file that only its owner can read: bodies are in it.
fn created(path: &Path) -> std::io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Writes a file that is there as a whole or not at all, for its owner alone.
pub(super) fn write_at_once(path: &Path, text: &str) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    writeln!(created(&new)?, "{text}")?;
    fs::rename(new, path)
}
