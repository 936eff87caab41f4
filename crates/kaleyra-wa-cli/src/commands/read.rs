//! `kaleyra-wa read`: the blue ticks on a user's message.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use serde_json::json;

use crate::exit::Exit;
use crate::global;
use crate::interrupt::or_stopped;
use crate::settings::AccountSettings;
use crate::show::line::Line;
use crate::show::output::say;
use crate::show::style::Tone;

/// Mark a user's message as read, and those before it
#[derive(Args)]
#[command(after_help = "\
Examples:
  kaleyra-wa read wamid.HBgM
  kaleyra-wa read wamid.HBgM --typing

With --json the answer is one line: {\"read\": ID, \"typing\": whether typing is shown}.")]
pub(crate) struct Read {
    /// Id of the message, from its callback
    #[arg(value_name = "WAMID", value_parser = NonEmptyStringValueParser::new())]
    id: String,
    /// Show that a response is being written, for 25 seconds or until it is sent
    #[arg(long)]
    typing: bool,
    #[command(flatten)]
    account: AccountSettings,
}

impl Read {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let client = self.account.client()?;
        let receipt = client.mark_read(self.id.as_str());
        let receipt = if self.typing {
            receipt.typing()
        } else {
            receipt
        };
        let outcome = or_stopped(receipt.into_future()).await?;
        outcome.map_err(|error| Exit::of(&error))?;
        if global::settings().json {
            let outcome = json!({"read": self.id, "typing": self.typing});
            return say(Line::json(&outcome).map_err(Exit::failed)?);
        }
        let what = if self.typing {
            "read, and typing is shown"
        } else {
            "read"
        };
        say(Line::toned(Tone::Good, what).then("  ").then(self.id))
    }
}
