//! `kaleyra-wa outbox`: looks into what is queued and was sent, and cancels, sends again and adopts, also beside a running owner.

mod desk;
mod look;
mod record;
mod wishes;

pub(super) use self::desk::{StoreFile, desk, or_exit};
pub(super) use self::record::{SendJson, message_json, time};

use clap::{Args, Subcommand};

use crate::exit::Exit;
use crate::global;

/// Inspect what is queued and was sent; cancel, send again, resume
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
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Count what is kept, by state, and say why nothing is being sent, if so
    #[command(after_help = "Examples:\n  kaleyra-wa outbox stats --outbox bot.db")]
    Stats,
    /// List messages in the order in which they were queued
    #[command(after_help = "Examples:\n  kaleyra-wa outbox list --outbox bot.db --state uncertain")]
    List(look::List),
    /// Show all that is known of a message
    #[command(after_help = "Examples:\n  kaleyra-wa outbox show order-17 --outbox bot.db")]
    Show(look::Show),
    /// Send messages again that are done or in doubt: the users may get them twice
    #[command(after_help = "Examples:\n  kaleyra-wa outbox resend 17 --outbox bot.db")]
    Resend(wishes::Resend),
    /// Cancel messages that are queued
    #[command(after_help = "Examples:\n  kaleyra-wa outbox cancel 17 18 --outbox bot.db")]
    Cancel(wishes::Cancel),
    /// Resume sending after the cause of a pause is fixed
    #[command(after_help = "Examples:\n  kaleyra-wa outbox resume --outbox bot.db")]
    Resume,
    /// Adopt a restored backup: what is queued in it may have been sent since
    #[command(after_help = "Examples:\n  kaleyra-wa outbox adopt --as uncertain --outbox bot.db")]
    Adopt(wishes::Adopt),
}

impl Outbox {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let store = self.file.attach()?;
        let json = global::settings().json;
        match self.command {
            Command::Stats => look::stats(&store, json).await,
            Command::List(list) => list.run(&store, json).await,
            Command::Show(show) => show.run(&store, json).await,
            Command::Resend(resend) => resend.run(&store, json).await,
            Command::Cancel(cancel) => cancel.run(&store, json).await,
            Command::Resume => wishes::resume(&store, json).await,
            Command::Adopt(adopt) => adopt.run(&store, json).await,
        }
    }
}
