//! `kaleyra-wa campaign`: one template to many.

mod create;
mod desk;
mod held;
mod run;

use clap::{Args, Subcommand};

use super::outbox::StoreFile;
use crate::exit::Exit;
use crate::global;
use crate::interrupt;

/// Send one template to many recipients: each once, through any crash
#[derive(Args)]
#[command(after_help = "\
Examples:
  kaleyra-wa campaign create spring --outbox bot.db --template offer --body '{{name}}' \\
      --recipients customers.csv
  kaleyra-wa campaign run spring --outbox bot.db
  kaleyra-wa campaign report spring --outbox bot.db > report.csv

The first line of the CSV names its columns: `to` has the phone numbers, and {{name}} is filled from the column `name`. \
Run it again after an interruption: it resumes where it was.")]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) struct Campaign {
    #[command(flatten)]
    file: StoreFile,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a campaign and import its recipients; nothing is sent yet
    #[command(
        after_help = "Examples:\n  kaleyra-wa campaign create diwali --outbox bot.db --template offer --recipients customers.csv"
    )]
    Create(Box<create::Create>),
    /// Send it: here, until it is done, or by the application that has the file open
    ///
    /// It ends with 0 when every message has its outcome, with 5 when it is unknown of some whether they were sent, with 3 when
    /// Kaleyra refuses what only a person can put right, such as a wrong key or an empty balance, and with 1 when it was
    /// stopped or paused otherwise. Without a connection it keeps trying, and says so.
    #[command(after_help = "Examples:\n  kaleyra-wa campaign run diwali --outbox bot.db")]
    Run(run::Run),
    /// Pause it: send nothing more for now
    #[command(after_help = "Examples:\n  kaleyra-wa campaign pause diwali --outbox bot.db")]
    Pause(desk::Pause),
    /// Resume after a pause, its own or its number's: `campaign run`, or the application that has the file open, sends on
    ///
    /// A number's pause stops all campaigns of that number, so it is lifted for all of them.
    #[command(after_help = "Examples:\n  kaleyra-wa campaign resume diwali --outbox bot.db")]
    Resume(desk::Resume),
    /// Cancel it: send nothing more
    #[command(after_help = "Examples:\n  kaleyra-wa campaign cancel diwali --outbox bot.db")]
    Cancel(desk::Cancel),
    /// Show its progress; without a name, that of all campaigns
    #[command(
        after_help = "Examples:\n  kaleyra-wa campaign status --outbox bot.db\n  kaleyra-wa campaign status diwali --outbox bot.db --json"
    )]
    Status(desk::Status),
    /// Write what became of each recipient as CSV
    #[command(
        after_help = "Examples:\n  kaleyra-wa campaign report diwali --outbox bot.db --to diwali.csv"
    )]
    Report(desk::Report),
}

impl Campaign {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let (file, json) = (self.file, global::settings().json);
        // A run that is stopped says so itself, and how to go on.
        if !matches!(self.command, Command::Run(_)) {
            interrupt::guard();
        }
        match self.command {
            Command::Create(create) => create.run(&file, json).await,
            Command::Run(run) => run.run(&file, json).await,
            Command::Pause(pause) => pause.run(&file, json).await,
            Command::Resume(resume) => resume.run(&file, json).await,
            Command::Cancel(cancel) => cancel.run(&file, json).await,
            Command::Status(status) => status.run(&file, json).await,
            Command::Report(report) => report.run(&file, json).await,
        }
    }
}
