//! Reads a body piece by piece.

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::{Body, ChunkStream, Progress};

/// Reads a body from start to end, with [`chunk`](Self::chunk) or as an [`http_body::Body`].
///
/// It yields exactly the announced number of bytes. If there are fewer or more, for example because a file changed, it
/// fails, and the receiver can tell from the length that the request is incomplete.
///
/// ```
/// use http_body_util::BodyExt;
/// use kaleyra_wa_transport::{Body, BodyReader, http};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let body = Body::from("hello".to_owned());
/// let mut reader = body.read();
/// assert_eq!(reader.chunk().await?.as_deref(), Some(&b"hello"[..]));
/// assert!(reader.chunk().await?.is_none());
///
/// // For an HTTP library of your own.
/// let request = http::Request::post("https://api.example/").body(body)?.map(BodyReader::from);
/// assert_eq!(request.into_body().collect().await?.to_bytes(), "hello");
/// # Ok(())
/// # }
/// ```
pub struct BodyReader {
    /// In a mutex that nobody ever waits for: HTTP libraries want bodies that are `Sync`, sources need not be.
    chunks: Mutex<ChunkStream>,
    left: u64,
    failed: bool,
}

impl BodyReader {
    pub(super) fn new(chunks: ChunkStream, len: u64) -> Self {
        Self {
            chunks: Mutex::new(chunks),
            left: len,
            failed: false,
        }
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    ///
    /// When the source can't be read, or its size differs from the announced one. The reader is then at its end.
    pub async fn chunk(&mut self) -> io::Result<Option<Bytes>> {
        poll_fn(|cx| self.poll_chunk(cx)).await
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        if self.failed {
            return Poll::Ready(Ok(None));
        }
        let outcome = ready!(poll_data(self.stream(), cx));
        let checked = outcome.and_then(|chunk| self.check(chunk));
        let checked = checked.map_err(Unreadable::mark);
        self.failed = checked.is_err();
        Poll::Ready(checked)
    }

    fn check(&mut self, chunk: Option<Bytes>) -> io::Result<Option<Bytes>> {
        let read = chunk.as_ref().map_or(0, Bytes::len) as u64;
        match self.left.checked_sub(read) {
            Some(left) if chunk.is_some() || left == 0 => {
                self.left = left;
                Ok(chunk)
            }
            _ => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the body's size differs from the announced one: did the file change?",
            )),
        }
    }

    fn stream(&mut self) -> &mut ChunkStream {
        self.chunks
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Marks what a body's source reported. It goes through an HTTP library's errors and comes out at their end, where it
/// must not be taken for what happened to the connection: a source can fail to connect, too, to an object store say.
#[derive(Debug)]
struct Unreadable(io::Error);

impl Unreadable {
    /// The same error with the mark, of the same kind and with the same words.
    fn mark(error: io::Error) -> io::Error {
        let is_marked = error.get_ref().is_some_and(|inner| inner.is::<Self>());
        if is_marked {
            error
        } else {
            io::Error::new(error.kind(), Self(error))
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Error for Unreadable {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        // An `io::Error` around this asks for the source of what is inside of it: this one would be skipped.
        Some(&self.0)
    }
}

/// Whether this is the error of a request's body: what lies below it is not about the exchange.
#[cfg(feature = "tower")]
pub(crate) fn is_of_a_body(error: &(dyn Error + 'static)) -> bool {
    error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
        .is_some_and(|inner| inner.is::<Unreadable>())
}

/// Reads it from its start: how a request gets the body that HTTP libraries want, `request.map(BodyReader::from)`.
impl From<Body> for BodyReader {
    fn from(body: Body) -> Self {
        body.read()
    }
}

impl http_body::Body for BodyReader {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let chunk = ready!(self.poll_chunk(cx));
        Poll::Ready(chunk.transpose().map(|chunk| chunk.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        // Not at `left == 0`: whether there is more than was said shows only when one looks.
        self.failed
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// The next piece of a stream that is not empty. Trailers have no place in a request's body.
fn poll_data(stream: &mut ChunkStream, cx: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
    loop {
        let frame = match ready!(stream.as_mut().poll_frame(cx)) {
            None => return Poll::Ready(Ok(None)),
            Some(Err(error)) => return Poll::Ready(Err(error)),
            Some(Ok(frame)) => frame,
        };
        match frame.into_data() {
            Ok(data) if !data.is_empty() => return Poll::Ready(Ok(Some(data))),
            _ => {}
        }
    }
}

/// Bytes as a stream of one piece.
pub(super) fn memory(bytes: Bytes) -> ChunkStream {
    Box::pin(Memory(bytes))
}

struct Memory(Bytes);

impl http_body::Body for Memory {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let bytes = std::mem::take(&mut self.0);
        Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
    }
}

/// Bodies one after the other; each is opened when the one before it has ended.
pub(super) fn concat(parts: Arc<[Body]>) -> ChunkStream {
    Box::pin(Concat {
        parts,
        next: 0,
        current: None,
    })
}

struct Concat {
    parts: Arc<[Body]>,
    next: usize,
    current: Option<BodyReader>,
}

impl http_body::Body for Concat {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = self.get_mut();
        loop {
            if let Some(reader) = &mut this.current {
                match ready!(reader.poll_chunk(cx)) {
                    Ok(Some(chunk)) => return Poll::Ready(Some(Ok(Frame::data(chunk)))),
                    Ok(None) => this.current = None,
                    Err(error) => return Poll::Ready(Some(Err(error))),
                }
            }
            let Some(part) = this.parts.get(this.next) else {
                return Poll::Ready(None);
            };
            this.next += 1;
            this.current = Some(part.read());
        }
    }
}

/// A stream that tells how far it was read.
pub(super) fn watched(stream: ChunkStream, progress: Arc<Progress>) -> ChunkStream {
    Box::pin(Watched {
        stream,
        progress,
        read: 0,
    })
}

struct Watched {
    stream: ChunkStream,
    progress: Arc<Progress>,
    read: u64,
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = self.get_mut();
        let chunk = ready!(poll_data(&mut this.stream, cx));
        if let Ok(Some(chunk)) = &chunk {
            this.read += chunk.len() as u64;
            (this.progress)(this.read);
        }
        Poll::Ready(chunk.transpose().map(|chunk| chunk.map(Frame::data)))
    }
}
