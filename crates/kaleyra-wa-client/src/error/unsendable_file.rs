//! Why a file can't be uploaded. None of the texts has a path or a name in it: they may hold a person's.

use std::error::Error;
use std::fmt;
use std::io;

use super::ErrorKind;
use crate::MediaKind;

/// What is wrong with a file, before anything was sent.
#[derive(Debug)]
pub(crate) enum UnsendableFile {
    /// It has no bytes.
    Empty,
    /// The type that was given is none.
    NoMimeType,
    /// The type that was given is not what its extension says.
    OtherType,
    /// It has more bytes than WhatsApp takes of this kind.
    TooLarge { kind: MediaKind, found: u64 },
    /// Its type can't be told from its name.
    UnknownType,
    /// It can't be opened.
    Unreadable(io::Error),
    /// It is of this kind, and of a type that WhatsApp does not take.
    UnsupportedType(MediaKind),
}

impl UnsendableFile {
    pub(super) fn kind(&self) -> ErrorKind {
        match self {
            Self::Empty | Self::Unreadable(_) => ErrorKind::UnreadableFile,
            Self::TooLarge { .. } => ErrorKind::FileTooLarge,
            Self::NoMimeType | Self::OtherType | Self::UnknownType | Self::UnsupportedType(_) => {
                ErrorKind::UnsupportedFileType
            }
        }
    }

    pub(super) fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unreadable(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for UnsendableFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the file is empty: check what should have written it",
            Self::NoMimeType => {
                "what .mime_type(..) was given is no MIME type: write one such as application/pdf"
            }
            Self::OtherType => {
                "what .mime_type(..) was given is not what the file's extension says: \
                 correct one of the two, with MediaFile::name if it is the extension"
            }
            Self::TooLarge { kind, found } => {
                let limit = kind.max_bytes();
                return write!(
                    f,
                    "the file is too large: WhatsApp takes at most {limit} bytes as {kind}, it has {found}; \
                     make it smaller"
                );
            }
            Self::UnknownType => {
                "the file's name does not tell its type: give it with .mime_type(..), such as application/pdf"
            }
            Self::Unreadable(error) => unreadable(error.kind()),
            Self::UnsupportedType(MediaKind::Audio) => {
                "WhatsApp takes no audio of this type: \
                 convert it to audio/aac, audio/amr, audio/mpeg, audio/mp4 or audio/ogg with Opus"
            }
            Self::UnsupportedType(MediaKind::Document) => {
                "WhatsApp takes no document of this type: \
                 convert it to application/pdf, text/plain or a format of Word, Excel or PowerPoint"
            }
            Self::UnsupportedType(MediaKind::Video) => {
                "WhatsApp takes no video of this type: convert it to video/mp4 or video/3gpp"
            }
            Self::UnsupportedType(_) => {
                "WhatsApp takes no image of this type: \
                 convert it to image/jpeg or image/png, or to image/webp for a sticker"
            }
        })
    }
}

fn unreadable(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::NotFound => "there is no such file: check its path",
        io::ErrorKind::NotADirectory => {
            "there is no such file, as a part of its path is no folder: check its path"
        }
        io::ErrorKind::IsADirectory => "this is a folder: give the path of a file",
        io::ErrorKind::PermissionDenied => {
            "the file can't be read: check that this program is allowed to"
        }
        io::ErrorKind::InvalidInput => {
            "this is no plain file: read it, and upload what was read with MediaFile::bytes"
        }
        _ => "the file can't be read: see this error's source for what the system says",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_may_not_be_read_says_so() {
        // Here, as whoever runs the tests may be allowed to read everything.
        let fault = UnsendableFile::Unreadable(io::ErrorKind::PermissionDenied.into());
        assert_eq!(fault.kind(), ErrorKind::UnreadableFile);
        assert_eq!(
            fault.to_string(),
            "the file can't be read: check that this program is allowed to"
        );
        assert!(fault.source().is_some());
    }
}
