//! What a message says.

use super::{Audio, Document, Image, Sticker, Text, Video};
use crate::wire::group::body_set;

body_set! {
    /// What a message says: `type`, and the member that it names. A `&str` or `String` becomes a text.
    ///
    /// A type that this version lacks can be sent all the same:
    ///
    /// ```
    /// use kaleyra_wa_types::UnknownBody;
    /// use kaleyra_wa_types::messaging_object::Content;
    ///
    /// let poll = UnknownBody::new("poll", serde_json::json!({"question": "Tea or coffee?"}));
    /// assert_eq!(Content::Unknown(poll).type_name(), "poll");
    /// ```
    pub enum Content {
        /// A sound.
        Audio(Audio) = "audio",
        /// A document.
        Document(Document) = "document",
        /// An image.
        Image(Image) = "image",
        /// A sticker.
        Sticker(Sticker) = "sticker",
        /// A text.
        Text(Text) = "text",
        /// A video.
        Video(Video) = "video",
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::Text(Text::new(text))
    }
}

impl From<&String> for Content {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::Text(Text::new(text))
    }
}
