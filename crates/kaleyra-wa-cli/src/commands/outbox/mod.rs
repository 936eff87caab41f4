//! `kaleyra-wa outbox`: looks into what is queued and was sent, and cancels, sends again and adopts, also beside a running owner.

mod desk;
mod look;
mod record;
mod wishes;

pub(super) use self::desk::{StoreFile, desk, or_exit};
pub(super) use self::record::{SendJson, message_json, time};

use clap::{Args, Subcommand};

use crate::exit::Exit;

/// Look at what is queued and was sent; cancel, send again, resume
#[derive(Args)]
#[command(after_help = "\
The file may be in use by the application that sends. Name it by --outbox, by KALEYRA_OUTBOX or by KALEYRA_INBOX:
  kaleyra-wa outbox stats --outbox bot.db
  kaleyra-wa outbox list --outbox bot.db --state unresolved
  kaleyra-wa outbox resend --outbox bot.db 17")]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(crate) struct Outbox {
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
    /// Count what is kept, by state, and say why nothing is sent if so
    Stats,
    /// List messages in the order in which they were queued
    List(look::List),
    /// Show all that is known of a message
    Show(look::Show),
    /// Send messages again that are done or in doubt: the users may get them twice
    Resend(wishes::Resend),
    /// Cancel messages that are queued
    Cancel(wishes::Cancel),
    /// Send again after what had paused it is mended
    Resume,
    /// Take a restored backup into use: what is queued in it may have been sent since
    Adopt(wishes::Adopt),
}

impl Outbox {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let store = self.file.attach()?;
        match self.command {
            Command::Stats => look::stats(&store, self.json).await,
            Command::List(list) => list.run(&store, self.json).await,
            Command::Show(show) => show.run(&store, self.json).await,
            Command::Resend(resend) => resend.run(&store, self.json).await,
            Command::Cancel(cancel) => cancel.run(&store, self.json).await,
            Command::Resume => wishes::resume(&store, self.json).await,
            Command::Adopt(adopt) => adopt.run(&store, self.json).await,
        }
    }
}
