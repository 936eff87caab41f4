//! The kinds of files that WhatsApp knows.

use std::fmt;

const KB: u64 = 1 << 10;
const MB: u64 = 1 << 20;

/// A kind of file: it decides how the file is sent and how large it may be.
///
/// | Kind | Types, and the extensions that identify them | Largest file | Sent as |
/// |---|---|---|---|
/// | `Audio` | `audio/aac` (`.aac`), `audio/amr` (`.amr`), `audio/mpeg` (`.mp3`), `audio/mp4` (`.m4a`), `audio/ogg` (`.ogg`, `.opus`; Opus and mono only) | 16 MB | [`Audio`] |
/// | `Document` | `text/plain` (`.txt`), `application/pdf` (`.pdf`), those of Office (`.doc`, `.docx`, `.xls`, `.xlsx`, `.ppt`, `.pptx`); and every other given type that is not audio, image or video | 100 MB | [`Document`] |
/// | `Image` | `image/jpeg` (`.jpg`, `.jpeg`), `image/png` (`.png`) | 5 MB | [`Image`] |
/// | `Sticker` | `image/webp` (`.webp`) | 500 KB; a static one 100 KB | [`Sticker`] |
/// | `Video` | `video/mp4` (`.mp4`), `video/3gpp` (`.3gp`); H.264 and AAC | 16 MB | [`Video`] |
///
/// A MB is taken as 2²⁰ bytes, a KB as 2¹⁰: the pages don't say, and a file is refused here only if no reading takes it.
/// Whether a sticker is animated is not checked.
///
/// Source: *Send Audio Messages*, *Send Document Messages*; Meta's *Media*, supported media types.
///
/// ```
/// use kaleyra_wa_types::MediaKind;
///
/// let kind = MediaKind::of_mime_type("image/png").ok_or("WhatsApp takes no such file")?;
/// assert_eq!(kind, MediaKind::Image);
/// assert_eq!(kind.max_bytes(), 5 * 1024 * 1024);
/// # Ok::<(), &str>(())
/// ```
///
/// [`Audio`]: crate::outbound::Audio
/// [`Document`]: crate::outbound::Document
/// [`Image`]: crate::outbound::Image
/// [`Sticker`]: crate::outbound::Sticker
/// [`Video`]: crate::outbound::Video
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MediaKind {
    /// Audio.
    Audio,
    /// Anything else.
    Document,
    /// An image.
    Image,
    /// A sticker.
    Sticker,
    /// A video.
    Video,
}

impl MediaKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Audio,
        Self::Document,
        Self::Image,
        Self::Sticker,
        Self::Video,
    ];

    /// The kind that is sent as this type: the inverse of [`as_str`](Self::as_str).
    ///
    /// ```
    /// use kaleyra_wa_types::MediaKind;
    ///
    /// assert_eq!(MediaKind::of_type("sticker"), Some(MediaKind::Sticker));
    /// assert_eq!(MediaKind::Sticker.as_str(), "sticker");
    /// assert_eq!(MediaKind::of_type("text"), None); // no file
    /// ```
    pub fn of_type(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What a file of this MIME type is taken as; `None` where WhatsApp takes no such file.
    ///
    /// Of audio, images and videos it takes the types that the table names. It names eight types of documents, too, but others are
    /// taken all the same.
    ///
    /// ```
    /// use kaleyra_wa_types::MediaKind;
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

    /// The largest file of this kind that WhatsApp takes, in bytes.
    pub const fn max_bytes(self) -> u64 {
        match self {
            Self::Audio | Self::Video => 16 * MB,
            Self::Document => 100 * MB,
            Self::Image => 5 * MB,
            Self::Sticker => 500 * KB,
        }
    }

    /// Its name as a message's `type`, such as `image`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Audio => "audio",
            Self::Document => "document",
            Self::Image => "image",
            Self::Sticker => "sticker",
            Self::Video => "video",
        }
    }
}

impl fmt::Display for MediaKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A token of RFC 9110.
fn is_token(text: &str) -> bool {
    let is_allowed = |sign: u8| sign.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&sign);
    !text.is_empty() && text.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mime_types_and_names_lead_to_kinds() {
        for kind in MediaKind::ALL {
            assert_eq!(MediaKind::of_type(kind.as_str()), Some(kind));
        }
        assert_eq!(MediaKind::of_type("text"), None);
        for (mime_type, expected) in [
            ("IMAGE/JPEG", Some(MediaKind::Image)),
            ("image/webp", Some(MediaKind::Sticker)),
            ("video/mp4", Some(MediaKind::Video)),
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
