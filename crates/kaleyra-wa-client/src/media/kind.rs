//! The kinds of files that WhatsApp knows.

/// A file of any other type is refused before anything is sent, with
/// [`UnsupportedFileType`](crate::ErrorKind::UnsupportedFileType), unless the upload is
/// [`unchecked`](crate::UploadMedia::unchecked).
#[doc(inline)]
pub use kaleyra_wa_types::MediaKind;
