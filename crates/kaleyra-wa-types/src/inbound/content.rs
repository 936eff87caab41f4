//! What a user's message says.

use super::{
    Audio, Document, Edit, Image, Interactive, InteractiveReply, LegacyUnsupported, Location,
    Media, Order, RequestWelcome, Revoke, Sticker, System, Unsupported, Video, Voice,
};
use crate::MessageId;
use crate::UnknownBody;
use crate::UnknownFields;
use crate::contacts::Contact;
use crate::wire::LooseText;
use kaleyra_wa_derive::{StringId, Wire};

/// What a user's message says: `type`, and the field that it names.
///
/// ```
/// use kaleyra_wa_types::inbound::{InteractiveReply, Message, MessageContent};
///
/// fn told(content: &MessageContent) -> String {
///     match content {
///         MessageContent::Text(text) => text.body.clone(),
///         MessageContent::Button(button) => format!("tapped {:?}", button.payload),
///         MessageContent::Interactive(interactive) => match &interactive.reply {
///             InteractiveReply::ButtonReply(reply) => format!("tapped {:?}", reply.id),
///             InteractiveReply::ListReply(row) => format!("picked {:?}", row.id),
///             _ => "filled in a form".to_owned(),
///         },
///         MessageContent::Reaction(reaction) => format!("reacted with {:?}", reaction.emoji),
///         MessageContent::Location(place) => format!("is at {:?}", place.name),
///         MessageContent::Order(order) => format!("ordered {} products", order.product_items.len()),
///         // Files of all kinds have the same fields.
///         other => match other.media() {
///             Some(media) => format!("sent a file of type {:?}", media.mime_type),
///             None => format!("sent a {}", other.type_name()), // known or not
///         },
///     }
/// }
/// let message: Message = serde_json::from_str(r#"{"id": "wamid.A", "type": "hologram", "hologram": {"depth": 3}}"#)?;
/// assert_eq!(told(&message.content), "sent a hologram");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(tag = "type")]
#[non_exhaustive]
pub enum MessageContent {
    /// Audio.
    Audio(Audio),
    /// A tap on a template's quick reply.
    Button(Button),
    /// Contacts from the address book.
    Contacts(Vec<Contact>),
    /// A document.
    Document(Document),
    /// An edit of an earlier message.
    Edit(Edit),
    /// An image.
    Image(Image),
    /// A reply to an interactive message.
    Interactive(Interactive),
    /// A message that the API has no type for, as feeds from before 2023 name it: the type is literally `unknown`.
    #[wire(name = "unknown")]
    LegacyUnsupported(Option<LegacyUnsupported>),
    /// A place.
    Location(Location),
    /// A basket from the catalogue.
    Order(Order),
    /// An emoji on an earlier message, or its removal.
    Reaction(Reaction),
    /// The chat was opened for the first time. Withdrawn in 2026.
    RequestWelcome(Option<RequestWelcome>),
    /// An earlier message was deleted.
    Revoke(Revoke),
    /// A sticker.
    Sticker(Sticker),
    /// A change of the user's number, id or identity, reported by WhatsApp.
    System(Box<System>),
    /// A text.
    Text(Text),
    /// A message that the API has no type for; the message's `errors` say more.
    Unsupported(Option<Unsupported>),
    /// A video.
    Video(Video),
    /// A voice note, in old feeds; today it is audio with `voice`.
    Voice(Voice),
    /// A type that this version does not know, with its body.
    Unknown(UnknownBody),
}

/// A text.
///
/// ```
/// use kaleyra_wa_types::inbound::{Message, MessageContent};
///
/// let message: Message = serde_json::from_str(
///     r#"{"from": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "Is it in stock?"}}"#,
/// )?;
/// let MessageContent::Text(text) = &message.content else { panic!("something else") };
/// assert_eq!(text.body, "Is it in stock?");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Text {
    /// What the user wrote; empty where the callback does not say.
    pub body: String,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A tap on a quick reply of a template.
///
/// ```
/// use kaleyra_wa_types::inbound::{Message, MessageContent};
///
/// let message: Message = serde_json::from_str(r#"{"from": "919800000001", "id": "wamid.A", "type": "button",
///     "button": {"payload": "stop", "text": "No more offers"}}"#)?;
/// let MessageContent::Button(tap) = &message.content else { panic!("something else") };
/// assert_eq!(tap.payload.as_deref(), Some("stop"));
/// assert_eq!(message.content.payload(), Some("stop")); // the same for buttons and lists of all kinds
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: *Interactive - Template Message*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Button {
    /// The payload that the template's sender gave the button.
    pub payload: Option<Payload>,
    /// The button's label.
    pub text: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// An emoji on an earlier message.
///
/// ```
/// use kaleyra_wa_types::inbound::{Message, MessageContent};
///
/// let message: Message = serde_json::from_str(r#"{"from": "919800000001", "id": "wamid.B", "type": "reaction",
///     "reaction": {"message_id": "wamid.A", "emoji": "👍"}}"#)?;
/// let MessageContent::Reaction(reaction) = &message.content else { panic!("something else") };
/// assert_eq!(reaction.emoji.as_deref(), Some("👍"));
/// assert!(!reaction.is_removal()); // a removal has no `emoji`
/// assert_eq!(message.replies_to().map(|id| id.as_str()), Some("wamid.A"));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: *Reaction Message*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Reaction {
    /// The message that the user reacted to, at most 30 days old.
    pub message_id: Option<MessageId>,
    /// The emoji; `None` when the user removed the reaction.
    pub emoji: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The payload that a template's sender gave a quick reply.
///
/// It is a string, or a number where an intermediate sender turned it into one.
///
/// ```
/// use kaleyra_wa_types::inbound::{Button, Payload};
///
/// let tap: Button = serde_json::from_str(r#"{"payload": 17, "text": "Confirm"}"#)?;
/// assert_eq!(tap.payload, Some(Payload::from("17")));
/// match tap.payload.as_deref() {
///     Some("17") => println!("order 17 is confirmed"),
///     other => println!("{other:?}"),
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
#[wire(text)]
pub struct Payload(LooseText);

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
            Self::Voice(voice) => Media::new(&voice.id, &voice.mime_type, &voice.sha256, None),
            _ => return None,
        })
    }

    /// What the user wrote or picked, in words, where there are any: a text, a caption, the label of the tapped button or row.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{ListReply, Message, Sticker};
    ///
    /// let picked = Message::new("919800000001", ListReply::new("friday", "Friday"));
    /// assert_eq!(picked.content.text(), Some("Friday"));
    /// assert_eq!(Message::new("919800000001", Sticker::new("1700000000001")).content.text(), None);
    /// ```
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.body.as_str()).filter(|body| !body.is_empty()),
            Self::Button(button) => button.text.as_deref(),
            Self::Interactive(interactive) => match &interactive.reply {
                InteractiveReply::ButtonReply(reply) => reply.title.as_deref(),
                InteractiveReply::ListReply(reply) => reply.title.as_deref(),
                InteractiveReply::NfmReply(reply) => reply.body.as_deref(),
                _ => None,
            },
            Self::Order(order) => order.text.as_deref(),
            _ => self.media()?.caption,
        }
    }

    /// What the business attached to the button or row that the user tapped: a template's payload, a reply's or a row's id.
    pub fn payload(&self) -> Option<&str> {
        match self {
            Self::Button(button) => button.payload.as_deref(),
            Self::Interactive(interactive) => match &interactive.reply {
                InteractiveReply::ButtonReply(reply) => reply.id.as_deref(),
                InteractiveReply::ListReply(reply) => reply.id.as_deref(),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether this version has a type for all of it, the reply inside `interactive` and the message inside `edit` included.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::Message;
    ///
    /// let message: Message = serde_json::from_str(
    ///     r#"{"id": "wamid.A", "type": "interactive", "interactive": {"type": "seal", "seal": {"colour": "red"}}}"#,
    /// )?;
    /// assert_eq!(message.content.type_name(), "interactive");
    /// assert!(!message.content.is_known()); // the reply in it is of an unknown type
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn is_known(&self) -> bool {
        match self {
            Self::Unknown(_) => false,
            Self::Interactive(interactive) => {
                !matches!(interactive.reply, InteractiveReply::Unknown(_))
            }
            Self::Edit(edit) => edit
                .message
                .as_ref()
                .is_none_or(|message| message.content.is_known()),
            _ => true,
        }
    }
}

impl Reaction {
    /// Whether the user removed the reaction.
    pub fn is_removal(&self) -> bool {
        self.emoji.is_none()
    }
}
