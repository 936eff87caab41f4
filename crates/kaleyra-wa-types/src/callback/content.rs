//! What a user's message says.

use super::{Audio, Document, Image, Media, Sticker, Video};
use crate::MessageId;
use crate::wire::group::body_set;
use crate::wire::object::{deserialize_object, wire_object};

body_set! {
    /// What a user's message says: `type`, and the member that it names.
    pub enum MessageContent {
        /// A sound.
        Audio(Audio) = "audio",
        /// A tap on a template's quick reply.
        Button(Button) = "button",
        /// A document.
        Document(Document) = "document",
        /// An image.
        Image(Image) = "image",
        /// An emoji on an earlier message, or its removal.
        Reaction(Reaction) = "reaction",
        /// A sticker.
        Sticker(Sticker) = "sticker",
        /// A text.
        Text(Text) = "text",
        /// A video.
        Video(Video) = "video",
    }
}

wire_object! {
    /// A text.
    pub struct Text {
        /// What the user wrote.
        pub body: String,
    }
}

wire_object! {
    /// A tap on a quick reply of a template.
    ///
    /// Source: *Interactive - Template Message*.
    pub struct Button {
        /// What the template's sender put behind the button.
        pub payload: Option<String>,
        /// What stands on the button.
        pub text: Option<String>,
    }
}

wire_object! {
    /// An emoji on an earlier message.
    ///
    /// Source: *Reaction Message*.
    pub struct Reaction {
        /// The message that the user reacted to.
        pub message_id: MessageId,
        /// The emoji; `None` when the user took the reaction back.
        pub emoji: Option<String>,
    }
}

deserialize_object!(Button, Reaction, Text);

impl MessageContent {
    /// The file that the message carries, of whatever kind.
    pub fn media(&self) -> Option<Media<'_>> {
        Some(match self {
            Self::Audio(audio) => Media::new(&audio.id, &audio.mime_type, &audio.sha256, None),
            Self::Document(document) => Media::new(
                &document.id,
                &document.mime_type,
                &document.sha256,
                document.caption.as_deref(),
            ),
            Self::Image(image) => Media::new(
                &image.id,
                &image.mime_type,
                &image.sha256,
                image.caption.as_deref(),
            ),
            Self::Sticker(sticker) => {
                Media::new(&sticker.id, &sticker.mime_type, &sticker.sha256, None)
            }
            Self::Video(video) => Media::new(
                &video.id,
                &video.mime_type,
                &video.sha256,
                video.caption.as_deref(),
            ),
            _ => return None,
        })
    }
}

impl Reaction {
    /// Whether the user took the reaction back.
    pub fn is_removal(&self) -> bool {
        self.emoji.is_none()
    }
}
