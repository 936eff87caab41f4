//! `kaleyra-wa send`: one message, and what became of it.

mod content;
mod deliver;
mod file;
mod flags;
mod kind;
mod media;
mod outcome;
mod template;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

pub(crate) use self::deliver::{Draft, deliver};
pub(crate) use self::flags::{ContentFlags, References};
use crate::exit::Exit;
use crate::settings::AccountSettings;

/// Send one message
#[derive(Args)]
#[command(after_help = "\
Examples:
  kaleyra-wa send --to +919800000001 --text 'Your table is booked.'
  kaleyra-wa send --to +919800000001 --text - < message.txt
  kaleyra-wa send --to +919800000001 --image ./photo.jpg --caption 'By the window'
  kaleyra-wa send --to +919800000001 --document https://example.com/bill.pdf --filename bill.pdf
  kaleyra-wa send --to +919800000001 --text 'Which size?' --buttons '41|42|43'
  kaleyra-wa send --to +919800000001 --text 'Where to?' --list rows.json
  kaleyra-wa send --to +919800000001 --location 12.97,77.59 --name 'The shop'
  kaleyra-wa send --to +919800000001 --contact asha.json
  kaleyra-wa send --to +919800000001 --template order_shipped --language en --param Asha --param 17
  kaleyra-wa send --to +919800000001 --template order_shipped --params values.json
  kaleyra-wa send --to +919800000001 --file message.json --dry-run
  kaleyra-wa send --to +919800000001 --text 'See you at eight!' --reference booking-17

Outside the 24 hours after a user's last message WhatsApp delivers only templates.

Exit codes:
  0    accepted; a warning says so where the id is unknown, as the response could not be read
  1    something on this machine failed before anything was sent
  2    bad input, nothing was sent
  3    rejected by Kaleyra, nothing will be delivered
  4    not sent: the server was not reached, so sending again is safe
  5    unknown: it may have been sent; look for its reference in the callbacks first
  130  interrupted before anything was sent

With --json the outcome, whatever it is, is one line with these keys, null where there is nothing to say:
  outcome         accepted, rejected, not_sent or indeterminate
  message_id      Kaleyra's id of the message
  reference       the message's own, given or generated: it comes back in callbacks
  code, status    of Kaleyra's response: WA202, 202
  kind            what went wrong: response_too_large, invalid_recipient, invalid_request,
                  interrupted, machine, redirect, rejected, server, timeout, transport,
                  unexpected_response or unreadable_response
  retry_after     seconds that the server asks to wait
  server_message  what the server says about it
  cause           what is below a failed connection
  error           kind, code, message, do (what to do) and source (the page that says so)
With --dry-run nothing is sent, no account is needed, and the JSON is what would be posted.")]
pub(crate) struct Send {
    /// Number of the recipient, with + and country code; a --file may have it instead
    #[arg(long, value_name = "NUMBER", required_unless_present = "file")]
    to: Option<String>,
    /// Id of the message that this one quotes
    #[arg(long, value_name = "WAMID", value_parser = NonEmptyStringValueParser::new())]
    reply_to: Option<String>,
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

impl Send {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        deliver(Draft {
            to: self.to,
            reply_to: self.reply_to,
            content: self.content,
            references: self.references,
            dry_run: self.dry_run,
            account: self.account,
        })
        .await
    }
}
