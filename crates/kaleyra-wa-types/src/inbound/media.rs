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
    /// For an example see [`MessageContent`](crate::inbound::MessageContent).
    pub struct Audio {
        /// Whether it was recorded in the chat.
        pub voice: Option<bool>,
    }

    /// A document.
    ///
    /// For an example see [`MessageContent`](crate::inbound::MessageContent).
    pub struct Document {
        /// The text below it.
        pub caption: Option<String>,
    }

    /// An image.
    ///
    /// For an example see [`MessageContent`](crate::inbound::MessageContent).
    pub struct Image {
        /// The text below it.
        pub caption: Option<String>,
    }

    /// A sticker.
    ///
    /// For an example see [`MessageContent`](crate::inbound::MessageContent).
    pub struct Sticker {
        /// Whether it moves.
        pub animated: Option<bool>,
    }

    /// A video, or what the app calls a GIF.
    ///
    /// For an example see [`MessageContent`](crate::inbound::MessageContent).
    pub struct Video {
        /// The text below it.
        pub caption: Option<String>,
    }

    /// A voice note, in feeds before the type `audio` took it over.
    pub struct Voice {}
}

/// What all kinds of files have in common.
///
/// For an example see [`MessageContent`](crate::inbound::MessageContent).
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
