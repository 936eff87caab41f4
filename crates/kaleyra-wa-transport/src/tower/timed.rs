//! A timeout that holds up to the end of the response body.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use http::StatusCode;
use http_body::{Body, Frame, SizeHint};

use crate::limit::Limit;
use crate::{Phase, TransportError, TransportErrorKind};

/// A body that has to be whole within the limit, with its errors as the transport's.
pub(super) struct Timed<B, F> {
    pub(super) body: Pin<Box<B>>,
    pub(super) limit: Limit,
    pub(super) status: StatusCode,
    /// Makes a transport's error of the body's.
    pub(super) failed: F,
}

impl<B, F> Body for Timed<B, F>
where
    B: Body,
    F: Fn(B::Error) -> TransportError + Unpin,
{
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        match self.body.as_mut().poll_frame(cx) {
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Ready(Some(Ok(frame))) => {
                let frame = frame.map_data(|mut data| data.copy_to_bytes(data.remaining()));
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err((self.failed)(error)))),
            Poll::Pending => self.limit.poll_over(cx).map(|()| {
                let phase = Phase::Body {
                    status: self.status,
                };
                let late = TransportError::new(phase, TransportErrorKind::Timeout);
                Some(Err(late))
            }),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
