//! Whether a file is what the flag that names it takes: by its name, as an upload goes by it, and by its first bytes.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use kaleyra_wa_client::{MediaFile, MediaKind};

use crate::exit::Exit;
use crate::input;

/// What a flag takes.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    flag: &'static str,
    kind: MediaKind,
}

/// So many bytes tell what a file is.
const HEAD: u64 = 512;

impl Wanted {
    /// What this flag takes.
    pub(super) const fn of(flag: &'static str, kind: MediaKind) -> Self {
        Self { flag, kind }
    }

    pub(super) const fn flag(self) -> &'static str {
        self.flag
    }

    /// Refuses a file of another kind, before anything leaves this machine. A document may be any file.
    pub(super) fn check(self, path: &Path) -> Result<(), Exit> {
        if self.kind == MediaKind::Document {
            return Ok(());
        }
        let Some((found, why)) = self.other(path)? else {
            return Ok(());
        };
        let other = match found {
            Some(kind) if kind != self.kind => format!("; use {}", flag_of(self.flag, kind)),
            _ => String::new(),
        };
        let takes = takes(self.kind);
        Err(input::wrong(
            self.flag,
            path,
            format!("{why}; {} takes {takes}{other}", self.flag),
        ))
    }

    /// What it is instead, where that is known, and how that shows.
    fn other(self, path: &Path) -> Result<Option<(Option<MediaKind>, String)>, Exit> {
        let by_name = MediaFile::path(path).kind();
        if let Some(kind) = by_name.filter(|kind| *kind != self.kind) {
            let extension = path.extension().unwrap_or_default().to_string_lossy();
            return Ok(Some((
                Some(kind),
                format!("by its name (.{extension}) it is {}", a(kind)),
            )));
        }
        let head = head(path)
            .map_err(|error| input::wrong(self.flag, path, input::why_unreadable(&error)))?;
        let content = Content::of(&head);
        Ok(match content {
            Content::Empty => Some((None, "it is empty".to_owned())),
            Content::Text => Some((None, "it holds text".to_owned())),
            Content::Known(name, kinds) if !kinds.contains(&self.kind) => Some((
                kinds.first().copied(),
                format!("by its content it is {name}"),
            )),
            _ => None,
        })
    }
}

/// What the first bytes of a file tell.
#[derive(Debug, PartialEq)]
enum Content {
    Empty,
    Text,
    /// What it is, and the kinds that it can be sent as.
    Known(&'static str, &'static [MediaKind]),
    Unknown,
}

impl Content {
    fn of(head: &[u8]) -> Self {
        use MediaKind::{Audio, Document, Image, Sticker, Video};

        let at = |place: usize, bytes: &[u8]| head.get(place..place + bytes.len()) == Some(bytes);
        if head.is_empty() {
            return Self::Empty;
        }
        if at(4, b"ftyp") {
            return match head.get(8..12) {
                Some(b"M4A " | b"M4B ") => Self::Known("an M4A file", &[Audio]),
                Some(b"heic" | b"heix" | b"mif1") => Self::Known("a HEIC image", &[Document]),
                Some(b"avif") => Self::Known("an AVIF image", &[Document]),
                Some(b"qt  ") => Self::Known("a QuickTime video", &[Document]),
                _ => Self::Known("an MP4 file", &[Video, Audio]),
            };
        }
        if at(0, b"RIFF") {
            return match head.get(8..12) {
                Some(b"WEBP") => Self::Known("a WebP image", &[Sticker]),
                Some(b"WAVE") => Self::Known("a WAV file", &[Document]),
                _ => Self::Known("an AVI video", &[Document]),
            };
        }
        for (bytes, name, kinds) in [
            (&b"\xff\xd8\xff"[..], "a JPEG image", &[Image][..]),
            (b"\x89PNG", "a PNG image", &[Image]),
            (b"GIF8", "a GIF image", &[Document]),
            (b"BM", "a BMP image", &[Document]),
            (b"II*\0", "a TIFF image", &[Document]),
            (b"MM\0*", "a TIFF image", &[Document]),
            (b"%PDF", "a PDF", &[Document]),
            (b"PK\x03\x04", "a ZIP or Office file", &[Document]),
            (b"\xd0\xcf\x11\xe0", "an Office file", &[Document]),
            (b"OggS", "an Ogg file", &[Audio]),
            (b"ID3", "an MP3 file", &[Audio]),
            (b"#!AMR", "an AMR file", &[Audio]),
            (b"fLaC", "a FLAC file", &[Document]),
            (b"\x1a\x45\xdf\xa3", "a WebM or Matroska video", &[Document]),
        ] {
            if at(0, bytes) {
                return Self::Known(name, kinds);
            }
        }
        // The sync word of MPEG audio, in all its layers, and of AAC.
        if head.len() > 1 && head[0] == 0xff && head[1] & 0xe0 == 0xe0 {
            return Self::Known("an MP3 or AAC file", &[Audio]);
        }
        // A character may be cut off at the end of what was read.
        let is_utf8 =
            std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true);
        let is_printable = |byte: &u8| *byte >= b' ' || b"\t\n\r\x0c".contains(byte);
        if is_utf8 && head.iter().all(is_printable) {
            return Self::Text;
        }
        Self::Unknown
    }
}

fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD).read_to_end(&mut head)?;
    Ok(head)
}

/// What WhatsApp takes as this kind.
fn takes(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Audio => "audio: AAC, AMR, MP3, M4A or Ogg with Opus",
        MediaKind::Image => "an image: JPEG or PNG",
        MediaKind::Sticker => "a sticker: WebP",
        MediaKind::Video => "a video: MP4 or 3GP",
        _ => "any file",
    }
}

fn a(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Audio => "audio",
        MediaKind::Image => "an image",
        MediaKind::Sticker => "a sticker",
        MediaKind::Video => "a video",
        _ => "a document",
    }
}

/// The flag beside this one that takes the kind: a template's header has three of its own.
fn flag_of(flag: &str, kind: MediaKind) -> String {
    match (flag.starts_with("--header-"), kind) {
        (true, MediaKind::Image | MediaKind::Video) => format!("--header-{}", kind.as_str()),
        (true, _) => "--header-document".to_owned(),
        (false, _) => format!("--{}", kind.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use kaleyra_wa_client::MediaKind::{Audio, Document, Image, Sticker, Video};

    use super::Content;

    #[test]
    fn the_first_bytes_tell_what_a_file_is() {
        for (head, kinds) in [
            (&b"\xff\xd8\xff\xe0"[..], &[Image][..]),
            (b"\x89PNG\r\n", &[Image]),
            (b"RIFF\0\0\0\0WEBPVP8 ", &[Sticker]),
            (b"RIFF\0\0\0\0WAVEfmt ", &[Document]),
            (b"\0\0\0\x18ftypmp42", &[Video, Audio]),
            (b"\0\0\0\x18ftypM4A ", &[Audio]),
            (b"\0\0\0\x18ftyp3gp5", &[Video, Audio]),
            (b"OggS\0", &[Audio]),
            (b"ID3\x04", &[Audio]),
            (b"\xff\xfb\x90", &[Audio]),
            (b"#!AMR\n", &[Audio]),
            (b"%PDF-1.7", &[Document]),
            (b"PK\x03\x04", &[Document]),
            (b"GIF89a", &[Document]),
        ] {
            match Content::of(head) {
                Content::Known(_, found) => assert_eq!(found, kinds, "{head:?}"),
                other => panic!("{head:?}: {other:?}"),
            }
        }
        assert_eq!(Content::of(b""), Content::Empty);
        assert_eq!(Content::of("Hello, wörl".as_bytes()), Content::Text);
        assert_eq!(Content::of(b"caf\xc3"), Content::Text);
        assert_eq!(Content::of(b"\x01\x02\x03"), Content::Unknown);
    }
}
