//! `kaleyra-wa send`: one message, and what became of it.

use std::time::Duration;

use clap::{ArgGroup, Args};
use kaleyra_wa_client::{Client, Delivery, Error, ErrorKind, SendMessage, Sent};
use kaleyra_wa_transport::ReqwestTransport;
use kaleyra_wa_types::messaging_object::{
    Audio, Content, Document, Image, MediaSource, Sticker, Text, Video,
};
use serde_json::json;

use crate::exit::Exit;
use crate::settings::AccountSettings;
use crate::show::output::say;
use crate::show::style::{Tone, tone};

/// Send one message
#[derive(Args)]
#[command(
    group = ArgGroup::new("content").required(true).args(["text", "image", "audio", "video", "document", "sticker"]),
    after_help = "\
Examples:
  kaleyra-wa send --to +919800000001 --text 'Your table is booked.'
  kaleyra-wa send --to +919800000001 --image https://example.com/table.jpg --caption 'By the window'
  kaleyra-wa send --to +919800000001 --text 'See you at eight!' --reply-to wamid.HBg… --reference booking-17

Outside the 24 hours after a user's last message WhatsApp delivers only templates.

Exit codes:
  0  accepted; where the answer could not be read, so that the id is unknown, a warning says so
  2  bad input, nothing was sent
  3  rejected by Kaleyra, nothing will be delivered
  4  not sent: the server was not reached, so sending again is safe
  5  unknown: it may have been sent; look for its reference in the callbacks before sending again"
)]
pub(crate) struct Send {
    /// Number of the recipient, with + and country code
    #[arg(long, value_name = "NUMBER")]
    to: String,
    /// Text, 4096 characters at most
    #[arg(long)]
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
    #[arg(long, conflicts_with_all = ["text", "audio", "sticker"])]
    caption: Option<String>,
    /// Name that the recipient sees on a document
    #[arg(long, value_name = "NAME", requires = "document")]
    filename: Option<String>,
    /// Show a preview of the first link in the text
    #[arg(long, requires = "text")]
    preview: bool,
    /// Id of the message that this one quotes
    #[arg(long, value_name = "WAMID")]
    reply_to: Option<String>,
    /// Comes back in every callback about this message; 255 characters at most
    #[arg(long, value_name = "REF")]
    reference: Option<String>,
    /// A second reference
    #[arg(long, value_name = "REF")]
    reference1: Option<String>,
    /// A third reference
    #[arg(long, value_name = "REF")]
    reference2: Option<String>,
    /// What makes the request; Kaleyra takes what it does not know as api
    #[arg(long, value_name = "SOURCE")]
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
        let transport = ReqwestTransport::builder()
            .timeout(Duration::from_secs(self.timeout))
            .build()
            .map_err(Exit::failed)?;
        let client = Client::with_transport(self.account.account()?, transport);
        let json = self.json;
        match self.message(&client).await {
            Ok(sent) => {
                let line = if json {
                    sent_json(&sent)
                } else {
                    format!("{}  {}", tone(Tone::Good, "accepted"), sent.message_id())
                };
                say(line)
            }
            Err(error) => {
                let exit = match (error.delivery(), error.kind() == ErrorKind::InvalidRequest) {
                    (_, true) => Exit::bad_input(&error),
                    (delivery, false) => Exit::send(delivery, &error),
                };
                if !json {
                    return Err(exit);
                }
                say(error_json(&error))?;
                Err(exit.quiet())
            }
        }
    }

    fn message(self, client: &Client) -> SendMessage {
        let mut message = client.send(self.to.as_str(), self.content());
        if let Some(id) = self.reply_to {
            message = message.reply_to(id);
        }
        if let Some(reference) = self.reference {
            message = message.reference(reference);
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
        message
    }

    fn content(&self) -> Content {
        let caption = self.caption.clone();
        if let Some(image) = &self.image {
            let mut image = Image::new(source(image));
            image.caption = caption;
            image.into()
        } else if let Some(video) = &self.video {
            let mut video = Video::new(source(video));
            video.caption = caption;
            video.into()
        } else if let Some(document) = &self.document {
            let mut document = Document::new(source(document));
            document.caption = caption;
            document.filename = self.filename.clone();
            document.into()
        } else if let Some(audio) = &self.audio {
            Audio::new(source(audio)).into()
        } else if let Some(sticker) = &self.sticker {
            Sticker::new(source(sticker)).into()
        } else {
            let text = Text::new(self.text.clone().unwrap_or_default());
            if self.preview {
                text.preview_url(true).into()
            } else {
                text.into()
            }
        }
    }
}

/// A link if it looks like one; an id otherwise.
fn source(text: &str) -> MediaSource {
    if text.contains("://") {
        MediaSource::link(text)
    } else {
        MediaSource::id(text)
    }
}

fn sent_json(sent: &Sent) -> String {
    json!({
        "outcome": Delivery::Accepted.as_str(),
        "message_id": sent.message_id(),
        "code": sent.response().code,
        "status": sent.status().as_u16(),
        "error": null,
    })
    .to_string()
}

fn error_json(error: &Error) -> String {
    json!({
        "outcome": error.delivery().as_str(),
        "message_id": null,
        "code": error.code(),
        "status": error.status().map(|status| status.as_u16()),
        "error": error.to_string(),
    })
    .to_string()
}
