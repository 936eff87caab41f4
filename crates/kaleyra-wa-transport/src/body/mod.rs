//! The body of a request.

#[cfg(feature = "file")]
mod file;
mod once;
mod reader;
mod source;

use std::fmt;
use std::io;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};

#[cfg(feature = "file")]
pub use self::file::FileSource;
pub(crate) use self::once::Begun;
pub use self::reader::BodyReader;
#[cfg(feature = "tower")]
pub(crate) use self::reader::is_of_a_body;
pub use self::source::{ChunkStream, Source};

/// The body of a request: opaque, cheap to clone, and the same each time it is sent.
///
/// Most bodies are held in memory: [`as_bytes`](Self::as_bytes) returns them. Others are streamed, so that a large file
/// needs little memory: use [`read`](Self::read). Each read starts from the beginning, so a body can be sent again. A
/// transport that can't stream a body fails with
/// [`TransportErrorKind::InvalidRequest`](crate::TransportErrorKind::InvalidRequest), or [`collect`](Self::collect)s
/// it.
///
/// `Debug` shows the size and nothing else: bodies hold people's messages and phone numbers.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_transport::Body;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let body = Body::from(r#"{"to":"+919800000001"}"#.to_owned());
/// assert_eq!(body.len(), 22);
/// assert_eq!(body.as_bytes().unwrap(), r#"{"to":"+919800000001"}"#);
/// assert_eq!(format!("{body:?}"), "Body(22 bytes)");
/// assert!(Body::empty().is_empty());
///
/// // Bodies one after the other are a body. It is read piece by piece.
/// let form = Body::concat([Body::from("--b\r\n".to_owned()), body, Body::from("\r\n--b--".to_owned())]);
/// let mut reader = form.read();
/// assert_eq!(reader.chunk().await?.as_deref(), Some(&b"--b\r\n"[..]));
/// assert_eq!(form.collect().await?.len() as u64, form.len());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Body(Content);

#[derive(Clone)]
enum Content {
    Memory(Bytes),
    /// Read when it is sent.
    Source(Arc<dyn Source>),
    /// One after the other, with the sum of their sizes.
    Parts(Arc<[Body]>, u64),
    /// Tells the callback how many of its bytes were read so far.
    Watched(Arc<Body>, Arc<Progress>),
    /// Notes when any clone begins to be read; `true` if only the first may be.
    Noted(Arc<Body>, Begun, bool),
}

/// Called with the number of bytes that were read since the start.
type Progress = dyn Fn(u64) + Send + Sync;

impl Body {
    /// A body without content, as a `GET` has.
    pub const fn empty() -> Self {
        Self(Content::Memory(Bytes::new()))
    }

    /// A body that is read from elsewhere each time it is sent.
    ///
    /// For an example see [`Source`].
    pub fn from_source(source: impl Source + 'static) -> Self {
        Self(Content::Source(Arc::new(source)))
    }

    /// These bodies, one after the other.
    pub fn concat(parts: impl IntoIterator<Item = Self>) -> Self {
        let parts: Arc<[Self]> = parts.into_iter().collect();
        let len = parts.iter().map(Self::len).sum();
        Self(Content::Parts(parts, len))
    }

    /// Calls `progress` with the number of bytes read so far, starting from 0 again if the body is sent again.
    ///
    /// A transport reads when the network accepts more, so this is roughly what has left this process. It is called on
    /// the transport's task: return quickly. The body then counts as streamed, even if it is in memory.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// use kaleyra_wa_transport::Body;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let read = Arc::new(AtomicU64::new(0));
    /// let seen = Arc::clone(&read);
    /// let body = Body::from("hello".to_owned()).on_progress(move |bytes| seen.store(bytes, Ordering::Relaxed));
    /// body.collect().await?;
    /// assert_eq!(read.load(Ordering::Relaxed), 5);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn on_progress(self, progress: impl Fn(u64) + Send + Sync + 'static) -> Self {
        Self(Content::Watched(Arc::new(self), Arc::new(progress)))
    }

    /// This body, readable once, by whichever clone is read first. Reading any other clone fails.
    ///
    /// For requests that must not leave twice when layers may copy them. The body then counts as streamed, even if it
    /// is in memory, so that [`as_bytes`](Self::as_bytes) can't be used to bypass this.
    ///
    /// ```
    /// use kaleyra_wa_transport::Body;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let body = Body::from("hello".to_owned()).once();
    /// assert_eq!(body.clone().collect().await.unwrap(), "hello");
    /// assert!(body.collect().await.is_err());
    /// # }
    /// ```
    #[must_use]
    pub fn once(self) -> Self {
        self.once_noted(&Begun::default())
    }

    /// [`once`](Self::once), where the holder of the note can see whether it was begun.
    pub(crate) fn once_noted(self, begun: &Begun) -> Self {
        Self(Content::Noted(Arc::new(self), begun.clone(), true))
    }

    /// The same for a body that may be read as often as one likes.
    #[cfg(any(feature = "reqwest", feature = "tower"))]
    pub(crate) fn noted(self, begun: &Begun) -> Self {
        Self(Content::Noted(Arc::new(self), begun.clone(), false))
    }

    /// The whole body, if it is held in memory.
    pub const fn as_bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Content::Memory(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The size in bytes. It is known before sending, so that `Content-Length` can be sent.
    pub fn len(&self) -> u64 {
        match &self.0 {
            Content::Memory(bytes) => bytes.len() as u64,
            Content::Source(source) => source.len(),
            Content::Parts(_, len) => *len,
            Content::Watched(body, _) | Content::Noted(body, ..) => body.len(),
        }
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads the body from its start.
    pub fn read(&self) -> BodyReader {
        BodyReader::new(self.chunks(), self.len())
    }

    /// The whole body in memory, for a transport that can't do otherwise.
    ///
    /// # Errors
    ///
    /// When it can't be read, or has another size than it said.
    pub async fn collect(&self) -> io::Result<Bytes> {
        if let Some(bytes) = self.as_bytes() {
            return Ok(bytes.clone());
        }
        let mut whole = BytesMut::new();
        let mut reader = self.read();
        while let Some(chunk) = reader.chunk().await? {
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.freeze())
    }

    fn chunks(&self) -> ChunkStream {
        match &self.0 {
            Content::Memory(bytes) => reader::memory(bytes.clone()),
            Content::Source(source) => source.open(),
            Content::Parts(parts, _) => reader::concat(Arc::clone(parts)),
            Content::Watched(body, progress) => {
                reader::watched(body.chunks(), Arc::clone(progress))
            }
            Content::Noted(body, begun, is_once) => {
                once::noted(body.chunks(), begun.clone(), *is_once)
            }
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::empty()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.len())
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Content::Memory(bytes))
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_gives_the_same_bytes() {
        for body in [
            Body::from(Bytes::from_static(b"abc")),
            Body::from(b"abc".to_vec()),
            Body::from("abc".to_owned()),
        ] {
            assert_eq!(body.as_bytes().unwrap(), "abc");
            assert_eq!(body.len(), 3);
            assert!(!body.is_empty());
        }
    }

    #[test]
    fn an_empty_body_is_known_to_be_empty() {
        assert!(Body::empty().is_empty());
        assert_eq!(Body::default().len(), 0);
    }

    #[test]
    fn a_clone_shares_the_bytes() {
        let body = Body::from(vec![0; 64]);
        assert_eq!(
            body.as_bytes().unwrap().as_ptr(),
            body.clone().as_bytes().unwrap().as_ptr()
        );
    }
}
