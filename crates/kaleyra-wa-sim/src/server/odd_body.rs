//! Bodies that do not come as they should.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame};
use tokio::time::{Sleep, sleep};

/// The body ends before its end, as asked for, or because the simulator stops.
#[derive(Debug, thiserror::Error)]
#[error("the body is cut as the fault asks for")]
pub(super) struct Interrupted;

/// A body that breaks off, and with it the connection.
pub(super) enum CutBody {
    Unsent(Bytes),
    Sent,
    Flushed,
}

impl Body for CutBody {
    type Data = Bytes;
    type Error = Interrupted;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Interrupted>>> {
        match std::mem::replace(&mut *self, Self::Flushed) {
            Self::Unsent(half) => {
                *self = Self::Sent;
                Poll::Ready(Some(Ok(Frame::data(half))))
            }
            // hyper writes what it has when the body makes it wait, and throws it away when the body fails.
            Self::Sent => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Flushed => Poll::Ready(Some(Err(Interrupted))),
        }
    }
}

/// A body that comes byte by byte.
pub(super) struct TrickledBody {
    left: Bytes,
    pause: Duration,
    next: Pin<Box<Sleep>>,
}

impl TrickledBody {
    pub(super) fn new(body: Bytes, pause: Duration) -> Self {
        Self {
            left: body,
            pause,
            next: Box::pin(sleep(pause)),
        }
    }
}

impl Body for TrickledBody {
    type Data = Bytes;
    type Error = Interrupted;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Interrupted>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        ready!(self.next.as_mut().poll(context));
        self.next = Box::pin(sleep(self.pause));
        let byte = self.left.split_to(1);
        Poll::Ready(Some(Ok(Frame::data(byte))))
    }
}
