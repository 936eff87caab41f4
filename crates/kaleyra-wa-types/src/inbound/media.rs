//! Files that a user sent.
//!
//! The bytes come separately: Kaleyra stores the file and says where in
//! [`media_url`](crate::extra_info::CallbackExtraInfo::media_url).

use kaleyra_wa_derive::Wire;

use crate::{MediaId, Number, UnknownFields};

/// Makes a kind of file: what all have in common, and its own fields.
macro_rules! received_media {
    ($( $(#[$meta:meta])* pub struct $name:ident { $($members:tt)* } )+) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Debug, PartialEq, Wire)]
            #[non_exhaustive]
            pub struct $name {
                /// Meta's id of the file, valid 7 days.
                pub id: Option<MediaId>,
                /// The kind of file, such as `image/jpeg`.
                pub mime_type: Option<String>,
                /// The SHA-256 of the file, in base64.
                pub sha256: Option<String>,
                /// Where Meta has the file, for 5 minutes and with its token; see `extra_info.media_url` for Kaleyra's copy.
                pub url: Option<String>,
                /// Where an old feed's own server put the file.
                pub file: Option<String>,
                /// Its name on the user's device.
                pub filename: Option<String>,
                /// How large the file is, in bytes.
                pub file_size: Option<Number>,
                $($members)*
                /// Fields that this version does not know, kept as they came.
                pub unknown: UnknownFields,
            }
        )+
    };
}

received_media! {
    /// An audio file, or a voice note.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Message, MessageContent};
    ///
    /// let message: Message = serde_json::from_str(r#"{"from": "919800000001", "id": "wamid.A", "type": "audio",
    ///     "audio": {"id": "1700000000001", "mime_type": "audio/ogg; codecs=opus", "voice": true}}"#)?;
    /// let MessageContent::Audio(audio) = &message.content else { panic!("something else") };
    /// assert_eq!(audio.voice, Some(true));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct Audio {
        /// Whether it was recorded in the chat.
        pub voice: Option<bool>,
    }

    /// A document.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Message, MessageContent};
    ///
    /// let message: Message = serde_json::from_str(r#"{"from": "919800000001", "id": "wamid.A", "type": "document",
    ///     "document": {"id": "1700000000001", "mime_type": "application/pdf", "filename": "invoice.pdf", "caption": "Paid"}}"#)?;
    /// let MessageContent::Document(document) = &message.content else { panic!("something else") };
    /// assert_eq!(document.filename.as_deref(), Some("invoice.pdf")); // chosen by the user: never a path to write to
    /// assert_eq!(message.content.text(), Some("Paid"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct Document {
        /// The text below it.
        pub caption: Option<String>,
    }

    /// An image.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Callback, MessageContent};
    ///
    /// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {"messages": [
    ///     {"from": "919800000001", "id": "wamid.A", "type": "image",
    ///      "image": {"id": "1700000000001", "mime_type": "image/jpeg", "caption": "The blue one"}}
    /// ]}}, "extra_info": {"media_url": "https://example.com/1.jpg"}}"#)?;
    /// let message = callback.messages().next().ok_or("no message")?;
    /// let MessageContent::Image(image) = &message.content else { return Err("something else".into()) };
    /// assert_eq!(image.caption.as_deref(), Some("The blue one"));
    /// // Where the file is: beside the message.
    /// let url = callback.extra_info.as_ref().and_then(|extra| extra.media_url.as_deref());
    /// assert_eq!(url, Some("https://example.com/1.jpg"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Image {
        /// The text below it.
        pub caption: Option<String>,
    }

    /// A sticker.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Message, MessageContent};
    ///
    /// let message: Message = serde_json::from_str(r#"{"from": "919800000001", "id": "wamid.A", "type": "sticker",
    ///     "sticker": {"id": "1700000000001", "mime_type": "image/webp", "animated": false}}"#)?;
    /// let MessageContent::Sticker(sticker) = &message.content else { panic!("something else") };
    /// assert_eq!(sticker.animated, Some(false));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct Sticker {
        /// Whether it moves.
        pub animated: Option<bool>,
    }

    /// A video, or what the app calls a GIF.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Message, MessageContent};
    ///
    /// let message: Message = serde_json::from_str(r#"{"from": "919800000001", "id": "wamid.A", "type": "video",
    ///     "video": {"id": "1700000000001", "mime_type": "video/mp4", "caption": "It squeaks"}}"#)?;
    /// let MessageContent::Video(video) = &message.content else { panic!("something else") };
    /// assert_eq!(video.caption.as_deref(), Some("It squeaks"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct Video {
        /// The text below it.
        pub caption: Option<String>,
    }

    /// A voice note, in feeds before the type `audio` took it over.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::{Message, MessageContent};
    ///
    /// let message: Message = serde_json::from_str(
    ///     r#"{"from": "919800000001", "id": "wamid.A", "type": "voice", "voice": {"id": "1700000000001"}}"#,
    /// )?;
    /// assert!(matches!(message.content, MessageContent::Voice(_)));
    /// assert!(message.content.media().is_some()); // as any other file
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct Voice {}
}

/// What all kinds of files have in common.
///
/// ```
/// use kaleyra_wa_types::inbound::{Document, Message};
///
/// let invoice = Document::new("1700000000001").mime_type("application/pdf").caption("Paid");
/// let message = Message::new("919800000001", invoice);
/// let media = message.content.media().unwrap(); // of whatever kind it is
/// assert_eq!(media.id.map(|id| id.as_str()), Some("1700000000001"));
/// assert_eq!(media.mime_type, Some("application/pdf"));
/// assert_eq!(media.caption, Some("Paid"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Media<'a> {
    /// Meta's id of the file.
    pub id: Option<&'a MediaId>,
    /// The kind of file, such as `image/jpeg`.
    pub mime_type: Option<&'a str>,
    /// The SHA-256 of the file, in base64.
    pub sha256: Option<&'a str>,
    /// The text below it.
    pub caption: Option<&'a str>,
}

impl<'a> Media<'a> {
    pub(crate) fn new(
        id: &'a Option<MediaId>,
        mime_type: &'a Option<String>,
        sha256: &'a Option<String>,
        caption: Option<&'a str>,
    ) -> Self {
        Self {
            id: id.as_ref(),
            mime_type: mime_type.as_deref(),
            sha256: sha256.as_deref(),
            caption,
        }
    }
}
