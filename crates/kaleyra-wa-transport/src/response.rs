//! The response, and its body.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::{Frame, SizeHint};

use crate::{Phase, TransportError, TransportErrorKind};

/// A response with any status. The headers have arrived; the body is read on demand.
pub type Response = http::Response<ResponseBody>;

/// The body of a response: in memory, or streamed.
///
/// # Examples
///
/// A transport that has the whole body in memory converts it; callers need not know:
///
/// ```
/// use kaleyra_wa_transport::{Response, read_whole};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), kaleyra_wa_transport::TransportError> {
/// let response = Response::new(r#"{"code":"WA202"}"#.into());
/// let response = read_whole(response, 1024).await?;
/// assert_eq!(response.body(), r#"{"code":"WA202"}"#);
/// # Ok(())
/// # }
/// ```
///
/// One that comes piece by piece is passed on as it comes:
///
/// ```
/// use http_body_util::{BodyExt, Full};
/// use kaleyra_wa_transport::bytes::Bytes;
/// use kaleyra_wa_transport::{ResponseBody, TransportError};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), TransportError> {
/// let from_your_stack = Full::new(Bytes::from_static(b"hello"));
/// let mut body = ResponseBody::streaming(from_your_stack.map_err(|never| match never {}));
/// assert_eq!(body.chunk().await?.as_deref(), Some(&b"hello"[..]));
/// assert!(body.chunk().await?.is_none());
///
/// assert!(ResponseBody::empty().chunk().await?.is_none());
/// # Ok(())
/// # }
/// ```
pub struct ResponseBody(Content);

enum Content {
    Memory(Bytes),
    Streaming(Pin<Box<dyn http_body::Body<Data = Bytes, Error = TransportError> + Send>>),
}

impl ResponseBody {
    /// A body without content.
    pub const fn empty() -> Self {
        Self(Content::Memory(Bytes::new()))
    }

    /// A streamed body, from any [`http_body::Body`]. Its errors must say that the headers had arrived:
    /// [`Phase::Body`].
    pub fn streaming(
        body: impl http_body::Body<Data = Bytes, Error = TransportError> + Send + 'static,
    ) -> Self {
        Self(Content::Streaming(Box::pin(body)))
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    ///
    /// When the rest does not come: the connection broke, or a time limit passed.
    pub fn chunk(&mut self) -> impl Future<Output = Result<Option<Bytes>, TransportError>> + Send {
        poll_fn(|cx| self.poll_chunk(cx))
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, TransportError>> {
        let stream = match &mut self.0 {
            Content::Memory(bytes) => {
                let bytes = std::mem::take(bytes);
                return Poll::Ready(Ok((!bytes.is_empty()).then_some(bytes)));
            }
            Content::Streaming(stream) => stream,
        };
        loop {
            match ready!(stream.as_mut().poll_frame(cx)) {
                None => return Poll::Ready(Ok(None)),
                Some(Err(error)) => return Poll::Ready(Err(error)),
                // Trailers say nothing that is of use here.
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) if !data.is_empty() => return Poll::Ready(Ok(Some(data))),
                    _ => {}
                },
            }
        }
    }
}

/// Reads the whole body of a response, up to `limit` bytes.
///
/// # Errors
///
/// When the body breaks off, or is larger than the limit. The error has the status and what was read so far, never more
/// than the limit.
///
/// ```
/// use kaleyra_wa_transport::{Response, TransportErrorKind, read_whole};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let error = read_whole(Response::new("0123456789".into()), 4).await.unwrap_err();
/// assert_eq!(error.kind(), TransportErrorKind::BodyTooLarge);
/// assert_eq!(error.body().unwrap(), "0123");
/// # }
/// ```
#[expect(
    clippy::manual_async_fn,
    reason = "an `async fn` would hold its argument twice: as it came, and as it is used"
)]
pub fn read_whole(
    mut response: Response,
    limit: usize,
) -> impl Future<Output = Result<http::Response<Bytes>, TransportError>> + Send {
    async move {
        // Most bodies come in one piece, which needs no copy: `read` stays empty until there is a second one.
        let mut first = Bytes::new();
        let mut read = BytesMut::new();
        let body = loop {
            let chunk = match response.body_mut().chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) if read.is_empty() => break first,
                Ok(None) => break read.freeze(),
                Err(error) if read.is_empty() => return Err(error.with_body(first)),
                Err(error) => return Err(error.with_body(read)),
            };
            if first.is_empty() && chunk.len() <= limit {
                first = chunk;
                continue;
            }
            if read.is_empty() {
                read.extend_from_slice(&first);
            }
            let room = limit.saturating_sub(read.len());
            read.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() > room {
                let status = response.status();
                let (phase, kind) = (Phase::Body { status }, TransportErrorKind::BodyTooLarge);
                return Err(TransportError::new(phase, kind).with_body(read));
            }
        };
        Ok(response.map(|_| body))
    }
}

impl http_body::Body for ResponseBody {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let chunk = ready!(self.poll_chunk(cx));
        Poll::Ready(chunk.transpose().map(|chunk| chunk.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Content::Memory(bytes) => bytes.is_empty(),
            Content::Streaming(stream) => stream.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Content::Memory(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Content::Streaming(stream) => stream.size_hint(),
        }
    }
}

impl Default for ResponseBody {
    fn default() -> Self {
        Self::empty()
    }
}

/// Shows the size, where it is known, and nothing else.
impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match http_body::Body::size_hint(self).exact() {
            Some(bytes) => write!(f, "ResponseBody({bytes} bytes)"),
            None => f.write_str("ResponseBody"),
        }
    }
}

impl From<Bytes> for ResponseBody {
    fn from(bytes: Bytes) -> Self {
        Self(Content::Memory(bytes))
    }
}

impl From<&'static str> for ResponseBody {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl From<String> for ResponseBody {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<Vec<u8>> for ResponseBody {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use http_body_util::StreamBody;

    use super::*;

    /// What is read of a response that comes in these pieces, and then breaks off or ends.
    async fn read(
        pieces: &[&'static str],
        breaks: bool,
        limit: usize,
    ) -> Result<Bytes, TransportError> {
        let status = StatusCode::ACCEPTED;
        let broken = || TransportError::new(Phase::Body { status }, TransportErrorKind::Other);
        let frame = |piece: &&'static str| Ok(Frame::data(Bytes::from_static(piece.as_bytes())));
        let frames: Vec<_> = pieces
            .iter()
            .map(frame)
            .chain(breaks.then(|| Err(broken())))
            .collect();
        let body = StreamBody::new(futures_util::stream::iter(frames));
        let mut response = Response::new(ResponseBody::streaming(body));
        *response.status_mut() = status;
        read_whole(response, limit)
            .await
            .map(http::Response::into_body)
    }

    #[tokio::test]
    async fn a_body_within_the_limit_is_whole() {
        for (pieces, limit, expect) in [
            (&[][..], 0, ""),
            (&["", ""], 0, ""),
            (&["abcd"], 4, "abcd"),
            (&["ab", "", "cd"], 4, "abcd"),
            (&["ab", "c", "d"], 9, "abcd"),
        ] {
            assert_eq!(
                read(pieces, false, limit).await.unwrap(),
                expect,
                "{pieces:?}"
            );
        }
    }

    #[tokio::test]
    async fn of_a_body_beyond_the_limit_the_error_has_as_much_as_may_be_read() {
        for (pieces, limit, expect) in [
            (&["abcd"][..], 0, ""),
            (&["abcd"], 3, "abc"),
            (&["ab", "cd"], 3, "abc"),
            (&["ab", "cd"], 2, "ab"),
            (&["ab", "cd", "ef"], 4, "abcd"),
        ] {
            let error = read(pieces, false, limit).await.unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::BodyTooLarge, "{pieces:?}");
            assert_eq!(error.status(), Some(StatusCode::ACCEPTED));
            assert_eq!(error.body().unwrap(), expect, "{pieces:?}");
        }
    }

    #[tokio::test]
    async fn of_a_body_that_breaks_off_the_error_has_what_came() {
        for (pieces, expect) in [(&[][..], ""), (&["ab"], "ab"), (&["ab", "cd"], "abcd")] {
            let error = read(pieces, true, 9).await.unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::Other);
            assert_eq!(error.body().unwrap(), expect, "{pieces:?}");
        }
    }
}
