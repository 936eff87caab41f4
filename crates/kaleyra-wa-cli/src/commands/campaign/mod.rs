//! `kaleyra-wa campaign`: one template to many.

mod create;
mod desk;
mod run;

use clap::{Args, Subcommand};

use super::outbox::StoreFile;
use crate::exit::Exit;

/// Send one template to many: everybody once, through any crash
#[derive(Args)]
#[command(after_help = "\
  kaleyra-wa campaign create spring --outbox bot.db --template spring_offer --language en --body '{{name}}' \\
      --recipients customers.csv
  kaleyra-wa campaign run spring --outbox bot.db
  kaleyra-wa campaign report spring --outbox bot.db > report.csv

The first line of the CSV names its columns: `to` has the phone numbers, and {{name}} is filled from the column `name`. \
A run that was broken off is run again, and goes on where it was.")]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) struct Campaign {
    #[command(flatten)]
    file: StoreFile,
    /// JSON in place of text
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a campaign and import its recipients; nothing is sent yet
    Create(Box<create::Create>),
    /// Send it: here, until it is done, or by the application that has the file open
    Run(run::Run),
    /// Send nothing more of it for now
    Pause(desk::Pause),
    /// Send on after a pause, by the application that has the file open
    Resume(desk::Resume),
    /// Send nothing more of it, for good
    Cancel(desk::Cancel),
    /// Tell how far it is; of all campaigns without a name
    Status(desk::Status),
    /// Write what became of each recipient as CSV
    Report(desk::Report),
}

impl Campaign {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let (file, json) = (self.file, self.json);
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
