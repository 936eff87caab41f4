//! A file to upload.

use std::fmt;
use std::io;
#[cfg(feature = "tokio")]
use std::path::{Path, PathBuf};

use kaleyra_wa_transport::Body;
use kaleyra_wa_transport::bytes::Bytes;

use super::MediaKind;
use super::mime_type::MimeType;

/// The size of the pieces in which progress of in-memory files is reported.
const PIECE: usize = 64 * 1024;

/// A file to upload: on disk, in memory, or from elsewhere.
///
/// The name is sent along; its extension determines the type, unless one is [given](crate::UploadMedia::mime_type). The
/// recipient of a document sees the name that the message gives, not this one. `Debug` shows no name, which may be
/// personal.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_client::MediaFile;
///
/// let receipt = MediaFile::bytes("receipt.txt", "Thank you!");
/// # #[cfg(feature = "tokio")]
/// let catalogue = MediaFile::path("var/catalogue-2026-11.pdf").name("catalogue.pdf");
/// ```
///
/// A file from an object store or elsewhere can be any [`Source`](crate::transport::Source): it is read while it is
/// sent, and never held in memory as a whole.
///
/// ```
/// use kaleyra_wa_client::MediaFile;
/// use kaleyra_wa_client::transport::{Body, Source};
///
/// fn from_store(object: impl Source + 'static) -> MediaFile {
///     MediaFile::body("catalogue.pdf", Body::from_source(object))
/// }
/// ```
#[derive(Clone)]
pub struct MediaFile {
    name: String,
    content: Content,
}

#[derive(Clone)]
enum Content {
    Body(Body),
    #[cfg(feature = "tokio")]
    Path(PathBuf),
}

impl MediaFile {
    /// A file on disk. It is opened when the upload is awaited, and read while it is sent, 64 KiB at a time. That needs
    /// tokio's runtime.
    ///
    /// For an example see [`MediaFile`].
    #[cfg(feature = "tokio")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tokio")))]
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Self {
            name: name.into_owned(),
            content: Content::Path(path),
        }
    }

    /// A file in memory.
    ///
    /// For an example see [`MediaFile`].
    pub fn bytes(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self::body(name, bytes.into())
    }

    /// A file from elsewhere.
    ///
    /// For an example see [`MediaFile`].
    pub fn body(name: impl Into<String>, body: impl Into<Body>) -> Self {
        Self {
            name: name.into(),
            content: Content::Body(body.into()),
        }
    }

    /// Sets its name.
    ///
    /// For an example see [`MediaFile`].
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The kind that it is sent as, by its name; `None` where the name has no extension that is known.
    ///
    /// ```
    /// use kaleyra_wa_client::{MediaFile, MediaKind};
    ///
    /// assert_eq!(MediaFile::bytes("cup.PNG", "").kind(), Some(MediaKind::Image));
    /// assert_eq!(MediaFile::bytes("cup", "").kind(), None);
    /// ```
    pub fn kind(&self) -> Option<MediaKind> {
        MimeType::of_name(&self.name).map(|mime_type| mime_type.kind())
    }

    pub(crate) fn as_name(&self) -> &str {
        &self.name
    }

    /// What is to be sent.
    pub(crate) async fn open(&self) -> io::Result<Body> {
        match &self.content {
            Content::Body(body) => Ok(body.clone()),
            #[cfg(feature = "tokio")]
            Content::Path(path) => {
                // Tokio would panic.
                tokio::runtime::Handle::try_current().map_err(io::Error::other)?;
                let source = kaleyra_wa_transport::FileSource::at(path).await?;
                Ok(Body::from_source(source))
            }
        }
    }
}

/// The body in pieces for progress reports, if it is in memory.
pub(crate) fn in_pieces(body: Body) -> Body {
    match body.as_bytes() {
        Some(bytes) if bytes.len() > PIECE => {
            let starts = (0..bytes.len()).step_by(PIECE);
            let pieces = starts.map(|start| bytes.slice(start..bytes.len().min(start + PIECE)));
            Body::concat(pieces.map(Body::from))
        }
        _ => body,
    }
}

impl fmt::Debug for MediaFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = match &self.content {
            Content::Body(body) => Some(body),
            #[cfg(feature = "tokio")]
            Content::Path(_) => None,
        };
        f.debug_struct("MediaFile")
            .field("body", &body)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "tokio")]
impl From<PathBuf> for MediaFile {
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

#[cfg(feature = "tokio")]
impl From<&Path> for MediaFile {
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}

/// The file at this path.
#[cfg(feature = "tokio")]
impl From<&str> for MediaFile {
    fn from(path: &str) -> Self {
        Self::path(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pieces_are_the_same_bytes() {
        for len in [0, 1, PIECE, PIECE + 1, 3 * PIECE] {
            let bytes: Vec<u8> = (0..len).map(|number| number as u8).collect();
            let pieces = in_pieces(Body::from(bytes.clone()));
            assert_eq!(pieces.len(), len as u64);
            assert_eq!(pieces.collect().await.unwrap(), bytes);
        }
    }

    #[cfg(feature = "tokio")]
    #[test]
    fn outside_a_runtime_a_file_on_disk_is_an_error() {
        let file = MediaFile::path("/");
        let mut opening = std::pin::pin!(file.open());
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        let opened = opening.as_mut().poll(&mut cx);
        assert!(matches!(opened, std::task::Poll::Ready(Err(_))));
    }

    #[cfg(feature = "tokio")]
    #[test]
    fn a_path_gives_its_last_part_as_the_name() {
        assert_eq!(MediaFile::from("a/b.pdf").as_name(), "b.pdf");
        assert_eq!(MediaFile::from(Path::new("a/..")).as_name(), "");
        assert_eq!(MediaFile::from(PathBuf::from("a")).name("c").as_name(), "c");
    }
}
