//! What a message says.

use super::{
    Audio, Document, Image, Interactive, Location, Pin, Reaction, Sticker, Template, Text, Video,
};
use crate::contacts::Contact;
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
        /// Address book entries, 1 to 257.
        Contacts(Vec<Contact>) = "contacts",
        /// A document.
        Document(Document) = "document",
        /// An image.
        Image(Image) = "image",
        /// Something to tap: buttons, lists, flows, products, payments.
        Interactive(Box<Interactive>) = "interactive",
        /// A place.
        Location(Location) = "location",
        /// A message that is pinned in a group, or no longer.
        Pin(Pin) = "pin",
        /// An emoji on an earlier message, or its removal.
        Reaction(Reaction) = "reaction",
        /// A sticker.
        Sticker(Sticker) = "sticker",
        /// A template.
        Template(Template) = "template",
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

impl From<Contact> for Content {
    fn from(contact: Contact) -> Self {
        Self::Contacts(vec![contact])
    }
}

impl From<Interactive> for Content {
    fn from(interactive: Interactive) -> Self {
        Self::Interactive(Box::new(interactive))
    }
}
