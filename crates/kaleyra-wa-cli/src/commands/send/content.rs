//! What the message says, from the flags.

use std::io::{self, IsTerminal, Read};

use kaleyra_wa_types::Number;
use kaleyra_wa_types::contacts::Contact;
use kaleyra_wa_types::outbound::interactive::{CtaUrl, LocationRequest, ReplyButtons};
use kaleyra_wa_types::outbound::{
    Audio, Content, Document, Image, Interactive, Location, Sticker, Text, Video,
};
use serde_json::Value;

use super::file::read_json;
use super::flags::ContentFlags;
use super::media::Uploader;
use crate::exit::Exit;
use crate::show::output::note;

/// More than any text may have; what comes without end must not fill the memory.
const INPUT_MAX: u64 = 1 << 20;

impl ContentFlags {
    /// The content that the flags ask for; the parser has seen to it that there is exactly one, and that it is no --file.
    pub(super) async fn content(&self, uploader: &Uploader<'_>) -> Result<Content, Exit> {
        let caption = self.caption.clone();
        Ok(if let Some(image) = &self.image {
            let mut image = Image::new(uploader.source("--image", image).await?);
            image.caption = caption;
            image.into()
        } else if let Some(video) = &self.video {
            let mut video = Video::new(uploader.source("--video", video).await?);
            video.caption = caption;
            video.into()
        } else if let Some(document) = &self.document {
            let name = self.filename.clone();
            let name = name.or_else(|| uploader.file_name(document));
            let mut document = Document::new(uploader.source("--document", document).await?);
            document.caption = caption;
            document.filename = name;
            document.into()
        } else if let Some(audio) = &self.audio {
            Audio::new(uploader.source("--audio", audio).await?).into()
        } else if let Some(sticker) = &self.sticker {
            Sticker::new(uploader.source("--sticker", sticker).await?).into()
        } else if let Some(place) = &self.location {
            self.place(place)?.into()
        } else if let Some(path) = &self.contact {
            Content::Contacts(contacts("--contact", read_json("--contact", path)?)?)
        } else if let Some(name) = &self.template {
            self.filled_template(name, uploader).await?.into()
        } else {
            self.written()?
        })
    }

    /// A text, alone or with something to tap.
    fn written(&self) -> Result<Content, Exit> {
        let text = match self.text.as_deref() {
            Some("-") => standard_input()?,
            text => text.unwrap_or_default().to_owned(),
        };
        let buttons = self.buttons.as_deref();
        Ok(if let Some(buttons) = buttons {
            let mut message = ReplyButtons::new(text);
            for button in buttons.split('|') {
                let (id, title) = button.split_once('=').unwrap_or((button, button));
                message = message.button(id.trim(), title.trim());
            }
            if let Some(header) = &self.header {
                message = message.header(header.clone());
            }
            if let Some(footer) = &self.footer {
                message = message.footer(footer);
            }
            message.into()
        } else if let Some(path) = &self.list {
            self.listed(text, read_json("--list", path)?)?
        } else if let Some(button) = &self.link_button {
            let Some((label, url)) = button.split_once('=') else {
                return Err(Exit::bad_input(
                    "--link-button: give label and link, such as 'Pay now=https://example.com/pay'",
                ));
            };
            let mut message = CtaUrl::new(text, label.trim(), url.trim());
            if let Some(header) = &self.header {
                message = message.header(header.clone());
            }
            if let Some(footer) = &self.footer {
                message = message.footer(footer);
            }
            message.into()
        } else if self.ask_location {
            self.no_frame("--ask-location")?;
            LocationRequest::new(text).into()
        } else {
            self.no_frame("--text alone")?;
            let text = Text::new(text);
            if self.preview {
                text.preview_url(true).into()
            } else {
                text.into()
            }
        })
    }

    /// Refuses a line above or below what has neither.
    fn no_frame(&self, what: &str) -> Result<(), Exit> {
        if self.header.is_some() || self.footer.is_some() {
            return Err(Exit::bad_input(format!(
                "{what} has neither header nor footer; use them with --buttons, --list or --link-button"
            )));
        }
        Ok(())
    }

    /// A list, whose choices are in a file.
    fn listed(&self, text: String, choices: Value) -> Result<Content, Exit> {
        let wrong = || {
            Exit::bad_input(
                "--list: the file has {\"button\": \"Choose\", \"sections\": [{\"title\": …, \"rows\": [{\"id\": …, \
                 \"title\": …}]}]}, or \"rows\" in place of \"sections\"",
            )
        };
        let button = choices["button"].as_str().unwrap_or("Choose");
        let mut action = choices.clone();
        let members = action.as_object_mut().ok_or_else(wrong)?;
        members.insert("button".to_owned(), button.into());
        if let Some(rows) = members.remove("rows") {
            members.insert("sections".to_owned(), serde_json::json!([{ "rows": rows }]));
        }
        // Read by the models, so that the file may have whatever a list may have.
        let mut object =
            serde_json::json!({"type": "list", "body": {"text": text}, "action": action});
        if let Some(header) = &self.header {
            object["header"] = serde_json::json!({"type": "text", "text": header});
        }
        if let Some(footer) = &self.footer {
            object["footer"] = serde_json::json!({"text": footer});
        }
        if object["action"]["sections"]
            .as_array()
            .is_none_or(Vec::is_empty)
        {
            return Err(wrong());
        }
        let list = serde_json::from_value(object);
        let list: Interactive =
            list.map_err(|error| Exit::bad_input(format!("--list: {error}")))?;
        Ok(list.into())
    }

    fn place(&self, text: &str) -> Result<Location, Exit> {
        let wrong = || {
            Exit::bad_input(
                "--location: give latitude and longitude in degrees, such as 12.97,77.59",
            )
        };
        let degrees = |text: &str| text.trim().parse::<f64>().ok().filter(|it| it.is_finite());
        let (latitude, longitude) = text.split_once(',').ok_or_else(wrong)?;
        let latitude = degrees(latitude).ok_or_else(wrong)?;
        let longitude = degrees(longitude).ok_or_else(wrong)?;
        let number = |degrees: f64| -> Result<Number, Exit> {
            serde_json::from_value(Value::from(degrees)).map_err(Exit::bad_input)
        };
        let mut place = Location::new(number(latitude)?, number(longitude)?);
        place.name = self.name.clone();
        place.address = self.address.clone();
        Ok(place)
    }
}

/// Contacts of a file: one, a list, or a message's field.
fn contacts(flag: &str, value: Value) -> Result<Vec<Contact>, Exit> {
    let value = match value {
        Value::Object(mut object) => match object.remove("contacts") {
            Some(contacts) => contacts,
            None => Value::Array(vec![Value::Object(object)]),
        },
        other => other,
    };
    serde_json::from_value(value)
        .map_err(|error| Exit::bad_input(format!("{flag}: these are no contacts: {error}")))
}

/// The text that comes by standard input, without the line ends at its end.
fn standard_input() -> Result<String, Exit> {
    let input = io::stdin().lock();
    if input.is_terminal() {
        note("reading the text from standard input; Ctrl-D on a line of its own ends it");
    }
    let mut text = String::new();
    input
        .take(INPUT_MAX)
        .read_to_string(&mut text)
        .map_err(|error| Exit::bad_input(format!("--text -: standard input: {error}")))?;
    text.truncate(text.trim_end_matches(['\n', '\r']).len());
    Ok(text)
}
