//! `kaleyra-wa send`: one message, and what became of it.

mod content;
mod outcome;

use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args};
use kaleyra_wa_client::{Client, SendMessage};
use kaleyra_wa_transport::ReqwestTransport;

use self::outcome::{Outcome, Reference};
use super::stop_signal;
use crate::exit::Exit;
use crate::settings::AccountSettings;

/// Send one message
#[derive(Args)]
#[command(
    group = ArgGroup::new("content").required(true).args(["text", "image", "audio", "video", "document", "sticker"]),
    after_help = "\
Examples:
  kaleyra-wa send --to +919800000001 --text 'Your table is booked.'
  kaleyra-wa send --to +919800000001 --text - < message.txt
  kaleyra-wa send --to +919800000001 --caption 'By the window' \\
    --image https://example.com/table.jpg
  kaleyra-wa send --to +919800000001 --text 'See you at eight!' \\
    --reply-to wamid.HBg… --reference booking-17

Outside the 24 hours after a user's last message WhatsApp delivers only templates.

Exit codes:
  0  accepted; a warning says so where the id is unknown, as the answer could not be read
  1  something on this machine failed before anything was sent
  2  bad input, nothing was sent
  3  rejected by Kaleyra, nothing will be delivered
  4  not sent: the server was not reached, so sending again is safe
  5  unknown: it may have been sent; look for its reference in the callbacks first

With --json the outcome, whatever it is, is one line with these keys, null where there is nothing to say:
  outcome         accepted, rejected, not_sent or indeterminate
  message_id      Kaleyra's id of the message
  reference       the message's own, given or made: it comes back in callbacks
  code, status    of Kaleyra's answer: WA202, 202
  kind            what went wrong: response_too_large, invalid_recipient, invalid_request,
                  interrupted, redirect, rejected, server, timeout, transport,
                  unexpected_response or unreadable_response
  retry_after     seconds that the server asks to wait
  server_message  what the server says about it
  cause           what is below a failed connection
  error           what is wrong and what to do, in a line
Mistakes in the flags' own form are told as text: they end with 2 before --json is known."
)]
pub(crate) struct Send {
    /// Number of the recipient, with + and country code
    #[arg(long, value_name = "NUMBER")]
    to: String,
    /// Text, 4096 characters at most; - reads it from standard input
    #[arg(long, allow_hyphen_values = true)]
    text: Option<String>,
    /// Image: a public link, or the id of an upload
    #[arg(long, value_name = "URL|ID")]
    image: Option<String>,
    /// Sound: a public link, or the id of an upload
    #[arg(long, value_name = "URL|ID")]
    audio: Option<String>,
    /// Video: a public link, or the id of an upload
    #[arg(long, value_name = "URL|ID")]
    video: Option<String>,
    /// Document: a public link, or the id of an upload
    #[arg(long, value_name = "URL|ID")]
    document: Option<String>,
    /// Sticker: a public link, or the id of an upload
    #[arg(long, value_name = "URL|ID")]
    sticker: Option<String>,
    /// Text below an image, video or document
    #[arg(long, allow_hyphen_values = true, conflicts_with_all = ["text", "audio", "sticker"])]
    caption: Option<String>,
    /// Name that the recipient sees on a document
    #[arg(long, value_name = "NAME", requires = "document")]
    filename: Option<String>,
    /// Show a preview of the first link in the text
    #[arg(long, requires = "text")]
    preview: bool,
    /// Id of the message that this one quotes
    #[arg(long, value_name = "WAMID", value_parser = NonEmptyStringValueParser::new())]
    reply_to: Option<String>,
    /// Comes back in every callback about this message; 255 characters at most. One is made
    /// if it is not given
    #[arg(long, value_name = "REF", value_parser = NonEmptyStringValueParser::new())]
    reference: Option<String>,
    /// A second reference
    #[arg(long, value_name = "REF", value_parser = NonEmptyStringValueParser::new())]
    reference1: Option<String>,
    /// A third reference
    #[arg(long, value_name = "REF", value_parser = NonEmptyStringValueParser::new())]
    reference2: Option<String>,
    /// What makes the request; Kaleyra takes what it does not know as api
    #[arg(long, value_name = "SOURCE", value_parser = NonEmptyStringValueParser::new())]
    source: Option<String>,
    /// Seconds to wait for the answer
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=600))]
    timeout: u64,
    /// The outcome as one line of JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    account: AccountSettings,
}

impl Send {
    pub(crate) async fn run(self) -> Result<(), Exit> {
        let json = self.json;
        match self.outcome().await {
            Ok(outcome) => outcome.report(json),
            Err(exit) => Outcome::unsent(exit).report(json),
        }
    }

    /// Sends; fails if there is nothing to send, or nothing to send it with.
    async fn outcome(self) -> Result<Outcome, Exit> {
        let transport = ReqwestTransport::builder()
            .timeout(Duration::from_secs(self.timeout))
            .build()
            .map_err(Exit::failed)?;
        let client = Client::with_transport(self.account.account()?, transport);
        // Made here, so that it can be told also if the user does not wait for the answer.
        let reference = match &self.reference {
            Some(given) => Reference::Given(given.clone()),
            None => Reference::Made(client.new_reference()),
        };
        let message = self.message(&client)?.reference(reference.as_str());
        let stop = stop_signal();
        Ok(tokio::select! {
            () = stop => Outcome::interrupted(&reference),
            answer = message.into_future() => match answer {
                Ok(sent) => Outcome::accepted(&sent, client.account().base_url()),
                Err(error) => Outcome::failed(&error, &reference),
            },
        })
    }

    fn message(self, client: &Client) -> Result<SendMessage, Exit> {
        let mut message = client.send(self.to.as_str(), self.content()?);
        if let Some(id) = self.reply_to {
            message = message.in_reply_to(id);
        }
        if let Some(reference) = self.reference1 {
            message = message.reference1(reference);
        }
        if let Some(reference) = self.reference2 {
            message = message.reference2(reference);
        }
        if let Some(source) = self.source {
            message = message.source(source);
        }
        Ok(message)
    }
}
