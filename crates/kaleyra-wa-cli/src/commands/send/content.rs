//! What the message says, from the flags.

use kaleyra_wa_types::messaging_object::{
    Audio, Content, Document, Image, MediaSource, Sticker, Text, Video,
};

use super::Send;
use crate::exit::Exit;

impl Send {
    /// The content that the flags ask for; the parser has seen to it that there is exactly one.
    pub(super) fn content(&self) -> Result<Content, Exit> {
        let caption = self.caption.clone();
        Ok(if let Some(image) = &self.image {
            let mut image = Image::new(source("--image", image)?);
            image.caption = caption;
            image.into()
        } else if let Some(video) = &self.video {
            let mut video = Video::new(source("--video", video)?);
            video.caption = caption;
            video.into()
        } else if let Some(document) = &self.document {
            let mut document = Document::new(source("--document", document)?);
            document.caption = caption;
            document.filename = self.filename.clone();
            document.into()
        } else if let Some(audio) = &self.audio {
            Audio::new(source("--audio", audio)?).into()
        } else if let Some(sticker) = &self.sticker {
            Sticker::new(source("--sticker", sticker)?).into()
        } else {
            let text = Text::new(self.text.clone().unwrap_or_default());
            if self.preview {
                text.preview_url(true).into()
            } else {
                text.into()
            }
        })
    }
}

/// A link if it looks like one; an id otherwise, unless it looks like a file.
fn source(flag: &str, text: &str) -> Result<MediaSource, Exit> {
    if text.contains("://") {
        Ok(MediaSource::link(text))
    } else if text.contains(['/', '\\', '.']) {
        Err(Exit::bad_input(format!(
            "{flag} is a local file or a link without http(s)://: give a public link or an upload's id"
        )))
    } else {
        Ok(MediaSource::id(text))
    }
}
