//! The kinds of files that WhatsApp knows.

use std::fmt;

const KB: u64 = 1 << 10;
const MB: u64 = 1 << 20;

/// A kind of file. It decides which message type it is sent as, and how large it may be.
///
/// | Kind | Types, and the extensions that identify them | Largest file | Sent as |
/// |---|---|---|---|
/// | `Audio` | `audio/aac` (`.aac`), `audio/amr` (`.amr`), `audio/mpeg` (`.mp3`), `audio/mp4` (`.m4a`), `audio/ogg` (`.ogg`, `.opus`; Opus and mono only) | 16 MB | [`Audio`] |
/// | `Document` | `text/plain` (`.txt`), `application/pdf` (`.pdf`), those of Office (`.doc`, `.docx`, `.xls`, `.xlsx`, `.ppt`, `.pptx`) | 100 MB | [`Document`] |
/// | `Image` | `image/jpeg` (`.jpg`, `.jpeg`), `image/png` (`.png`) | 5 MB | [`Image`] |
/// | `Sticker` | `image/webp` (`.webp`) | 500 KB; 100 KB if it is not animated | [`Sticker`] |
/// | `Video` | `video/mp4` (`.mp4`), `video/3gpp` (`.3gp`); H.264 and AAC | 16 MB | [`Video`] |
///
/// A MB is taken as 2²⁰ bytes, a KB as 2¹⁰: the pages don't say, and a file is refused here only if it is too large by
/// both readings. Whether a sticker is animated is not checked. A file of any other type is refused before anything is
/// sent, with [`UnsupportedFileType`](crate::ErrorKind::UnsupportedFileType), unless the upload is
/// [`unchecked`](crate::UploadMedia::unchecked).
///
/// Source: *Send Audio Messages*, *Send Document Messages*; Meta's *Media*, supported media types.
///
/// ```
/// use kaleyra_wa_client::MediaKind;
///
/// assert_eq!(MediaKind::Image.max_bytes(), 5 * 1024 * 1024);
/// ```
///
/// [`Audio`]: crate::types::messaging_object::Audio
/// [`Document`]: crate::types::messaging_object::Document
/// [`Image`]: crate::types::messaging_object::Image
/// [`Sticker`]: crate::types::messaging_object::Sticker
/// [`Video`]: crate::types::messaging_object::Video
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MediaKind {
    /// A sound.
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
    /// The largest file of this kind that WhatsApp accepts, in bytes.
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
