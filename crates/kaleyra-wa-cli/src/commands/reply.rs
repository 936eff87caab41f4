//! `kaleyra-wa reply`: a response that quotes what a user wrote.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::send::{ContentFlags, Draft, References, deliver};
use crate::exit::Exit;
use crate::settings::AccountSettings;

/// Answer a user's message, quoting it
#[derive(Args)]
#[command(after_help = "\
The id is in the callback of the user's message: `kaleyra-wa listen` shows it as id, wamid.… . All contents, outcomes and \
keys of `kaleyra-wa send --help` are those of this command, too.

Examples:
  kaleyra-wa reply wamid.HBgM --to +919800000001 --text 'Yes, until six.'
  kaleyra-wa reply wamid.HBgM --to +919800000001 --image ./photo.jpg")]
pub(crate) struct Reply {
    /// Id of the message to quote
    #[arg(value_name = "WAMID", value_parser = NonEmptyStringValueParser::new())]
    id: String,
    /// Number of the user who wrote it, with + and country code; a --file may have it instead
    #[arg(long, value_name = "NUMBER", required_unless_present = "file")]
    to: Option<String>,
    #[command(flatten)]
    content: ContentFlags,
    #[command(flatten)]
    references: References,
    /// Print the JSON that would be posted, and send nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    account: AccountSettings,
}

impl Reply {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        deliver(Draft {
            to: self.to,
            reply_to: Some(self.id),
            content: self.content,
            references: self.references,
            dry_run: self.dry_run,
            account: self.account,
        })
        .await
    }
}
