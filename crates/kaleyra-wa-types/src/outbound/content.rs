//! What a message says.

use super::{
    Audio, Document, Image, Interactive, Location, Pin, Reaction, Sticker, Template, Text, Video,
};
use crate::UnknownBody;
use crate::contacts::Contact;
use kaleyra_wa_derive::Wire;

/// What a message says: `type`, and the field that it names. A `&str` or `String` becomes a text.
///
/// A type that this version lacks can be sent all the same:
///
/// ```
/// use kaleyra_wa_types::UnknownBody;
/// use kaleyra_wa_types::outbound::Content;
///
/// let poll = UnknownBody::new("poll", serde_json::json!({"question": "Tea or coffee?"}));
/// assert_eq!(Content::Unknown(poll).type_name(), "poll");
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(tag = "type")]
#[non_exhaustive]
pub enum Content {
    /// A sound.
    Audio(Audio),
    /// Address book entries, 1 to 257.
    Contacts(Vec<Contact>),
    /// A document.
    Document(Document),
    /// An image.
    Image(Image),
    /// Something to tap: buttons, lists, flows, products, payments.
    Interactive(Box<Interactive>),
    /// A place.
    Location(Location),
    /// A message that is pinned in a group, or no longer.
    Pin(Pin),
    /// An emoji on an earlier message, or its removal.
    Reaction(Reaction),
    /// A sticker.
    Sticker(Sticker),
    /// A template.
    Template(Template),
    /// A text.
    Text(Text),
    /// A video.
    Video(Video),
    /// A type that this version does not know, with its body.
    Unknown(UnknownBody),
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
