//! What the message says, from the flags.

use std::io::{self, IsTerminal, Read};
use std::path::Path;

use kaleyra_wa_types::messaging_object::{
    Audio, Content, Document, Image, MediaSource, Sticker, Text, Video,
};

use super::Send;
use crate::exit::Exit;
use crate::show::output::note;

/// More than any text may have; what comes without end must not fill the memory.
const INPUT_MAX: u64 = 1 << 20;

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
            let text = match self.text.as_deref() {
                Some("-") => standard_input()?,
                text => text.unwrap_or_default().to_owned(),
            };
            let text = Text::new(text);
            if self.preview {
                text.preview_url(true).into()
            } else {
                text.into()
            }
        })
    }
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

/// A link if it looks like one; an id if it looks like one. What neither looks like is refused here: Kaleyra would accept
/// it and deliver nothing.
fn source(flag: &str, text: &str) -> Result<MediaSource, Exit> {
    if text.contains("://") {
        return Ok(MediaSource::link(text));
    }
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let looks_like_id = text.bytes().all(is_word) && text.bytes().any(|byte| byte.is_ascii_digit());
    if Path::new(text).exists() || text.contains(['/', '\\', '.']) {
        Err(Exit::bad_input(format!(
            "{flag} is a local file or a link without http(s)://: give a public link or an upload's id"
        )))
    } else if looks_like_id {
        Ok(MediaSource::id(text))
    } else {
        Err(Exit::bad_input(format!(
            "{flag} is neither a link nor an upload's id: links begin with https://, and ids are letters and digits, \
             with a digit at least"
        )))
    }
}
