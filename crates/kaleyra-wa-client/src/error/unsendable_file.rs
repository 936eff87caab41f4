//! Why a file can't be uploaded. No text contains a path or a name, which may be personal.

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
    /// The given type is not a MIME type.
    NoMimeType,
    /// The given type contradicts the file's extension.
    OtherType,
    /// It is larger than WhatsApp accepts for this kind.
    TooLarge { kind: MediaKind, found: u64 },
    /// Its type can't be determined from its name.
    UnknownType,
    /// It can't be opened.
    Unreadable(io::Error),
    /// WhatsApp does not accept this type, which would be of this kind.
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
            Self::Empty => "the file is empty: check the program that writes it",
            Self::NoMimeType => {
                "the value given to .mime_type(..) is not a MIME type: use one such as application/pdf"
            }
            Self::OtherType => {
                "the type given to .mime_type(..) contradicts the file's extension: \
                 correct one of the two, with MediaFile::name if it is the extension"
            }
            Self::TooLarge { kind, found } => {
                let limit = kind.max_bytes();
                return write!(
                    f,
                    "the file is too large: WhatsApp accepts at most {limit} bytes as {kind}, and it has {found}; \
                     make it smaller"
                );
            }
            Self::UnknownType => {
                "the file's type can't be determined from its name: set it with .mime_type(..), such as application/pdf"
            }
            Self::Unreadable(error) => unreadable(error.kind()),
            Self::UnsupportedType(MediaKind::Audio) => {
                "WhatsApp does not accept audio of this type: \
                 convert it to audio/aac, audio/amr, audio/mpeg, audio/mp4 or audio/ogg with Opus"
            }
            Self::UnsupportedType(MediaKind::Document) => {
                "WhatsApp does not accept documents of this type: \
                 convert it to application/pdf, text/plain or a format of Word, Excel or PowerPoint"
            }
            Self::UnsupportedType(MediaKind::Video) => {
                "WhatsApp does not accept videos of this type: convert it to video/mp4 or video/3gpp"
            }
            Self::UnsupportedType(_) => {
                "WhatsApp does not accept images of this type: \
                 convert it to image/jpeg or image/png, or to image/webp for a sticker"
            }
        })
    }
}

fn unreadable(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::NotFound => "there is no such file: check its path",
        io::ErrorKind::NotADirectory => {
            "there is no such file, because a part of its path is not a directory: check its path"
        }
        io::ErrorKind::IsADirectory => "this is a directory: give the path of a file",
        io::ErrorKind::PermissionDenied => {
            "the file can't be read: check that this program is allowed to"
        }
        io::ErrorKind::InvalidInput => {
            "this is not a regular file: read it, and upload its contents with MediaFile::bytes"
        }
        _ => "the file can't be read: see the error's source",
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
