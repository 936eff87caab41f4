//! The kinds of files that WhatsApp knows.

const KB: u64 = 1 << 10;
const MB: u64 = 1 << 20;

/// A kind of file: the type of the message that carries it, and how large it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MediaKind {
    /// `audio`.
    Audio,
    /// `document`.
    Document,
    /// `image`.
    Image,
    /// `sticker`.
    Sticker,
    /// `video`.
    Video,
}

impl MediaKind {
    pub(crate) const ALL: [Self; 5] = [
        Self::Audio,
        Self::Document,
        Self::Image,
        Self::Sticker,
        Self::Video,
    ];

    /// The type on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Audio => "audio",
            Self::Document => "document",
            Self::Image => "image",
            Self::Sticker => "sticker",
            Self::Video => "video",
        }
    }

    /// The largest file of this kind that can be uploaded, in bytes. A sticker may have 500 KB, as if all of them moved.
    ///
    /// Source: *Upload Media Files*; Meta's *Media*, supported media types.
    pub fn max_bytes(self) -> u64 {
        match self {
            Self::Audio | Self::Video => 16 * MB,
            Self::Document => 100 * MB,
            Self::Image => 5 * MB,
            Self::Sticker => 500 * KB,
        }
    }

    /// What a file of this MIME type is uploaded as; `None` where WhatsApp takes no such file.
    ///
    /// Of audio, images and videos it takes the types that Meta's table names. It names eight types of documents, too, but
    /// others are taken all the same.
    ///
    /// ```
    /// use kaleyra_wa_sim::callback::MediaKind;
    ///
    /// assert_eq!(MediaKind::of_mime_type("audio/ogg; codecs=opus"), Some(MediaKind::Audio));
    /// assert_eq!(MediaKind::of_mime_type("application/zip"), Some(MediaKind::Document));
    /// assert_eq!(MediaKind::of_mime_type("image/tiff"), None);
    /// ```
    pub fn of_mime_type(mime_type: &str) -> Option<Self> {
        let essence = mime_type.split(';').next()?.trim().to_ascii_lowercase();
        let (top, sub) = essence.split_once('/')?;
        if !is_token(top) || !is_token(sub) {
            return None;
        }
        match (top, sub) {
            ("audio", "aac" | "amr" | "mp4" | "mpeg" | "ogg") => Some(Self::Audio),
            ("image", "jpeg" | "png") => Some(Self::Image),
            ("image", "webp") => Some(Self::Sticker),
            ("video", "3gpp" | "mp4") => Some(Self::Video),
            ("audio" | "image" | "video", _) => None,
            _ => Some(Self::Document),
        }
    }

    /// The kind of this type.
    pub(crate) fn of(type_name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == type_name)
    }

    /// What users usually send.
    pub(crate) fn usual_mime_type(self) -> &'static str {
        match self {
            Self::Audio => "audio/ogg; codecs=opus",
            Self::Document => "application/pdf",
            Self::Image => "image/jpeg",
            Self::Sticker => "image/webp",
            Self::Video => "video/mp4",
        }
    }
}

/// A word of RFC 9110.
fn is_token(text: &str) -> bool {
    let is_allowed = |sign: u8| sign.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&sign);
    !text.is_empty() && text.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mime_types_lead_to_kinds() {
        for kind in MediaKind::ALL {
            let usual = kind.usual_mime_type();
            assert_eq!(MediaKind::of_mime_type(usual), Some(kind), "{usual}");
        }
        for (mime_type, expected) in [
            ("IMAGE/JPEG", Some(MediaKind::Image)),
            ("text/plain;charset=utf-8", Some(MediaKind::Document)),
            ("image/heic", None),
            ("audio/wav", None),
            ("video/quicktime", None),
            ("image", None),
            ("image/", None),
            ("a b/c", None),
            ("", None),
        ] {
            assert_eq!(MediaKind::of_mime_type(mime_type), expected, "{mime_type}");
        }
    }
}
