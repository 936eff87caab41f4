//! A time limit that holds from the call to the end of the answer's body, on any runtime.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Buf, Bytes};
use futures_timer::Delay;
use http::StatusCode;
use http_body::{Body, Frame, SizeHint};

use crate::{Phase, TransportError, TransportErrorKind};

/// What is left of a time limit.
pub(super) struct Limit(Delay);

impl Limit {
    pub(super) fn of(duration: Duration) -> Self {
        Self(Delay::new(duration))
    }

    /// Runs the future; `None` if the time is over first.
    pub(super) async fn run<T>(&mut self, future: impl Future<Output = T>) -> Option<T> {
        let mut future = pin!(future);
        poll_fn(|cx| match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => Pin::new(&mut self.0).poll(cx).map(|()| None),
        })
        .await
    }
}

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
            Poll::Pending => Pin::new(&mut self.limit.0).poll(cx).map(|()| {
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
