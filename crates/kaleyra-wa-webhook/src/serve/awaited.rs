//! A stream that ends when the head of a request does not come in time.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use super::activity::Activity;

/// How long a connection waits for a head.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waits {
    /// For the whole of it, from its first byte; for the first one of a connection, from the connection's start.
    pub(super) header: Duration,
    /// For the first byte of the next.
    pub(super) idle: Duration,
}

/// hyper has one time limit for both, from the response before: too short for a connection that is kept for later, or too
/// long for half a head.
pub(super) struct Awaited<S> {
    stream: S,
    activity: Arc<Activity>,
    waits: Waits,
    /// The head that is waited for: the first, the second, … of the connection.
    head: u64,
    /// Whether some of it is there.
    has_begun: bool,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<S> Awaited<S> {
    pub(super) const fn new(stream: S, activity: Arc<Activity>, waits: Waits) -> Self {
        Self {
            stream,
            activity,
            waits,
            head: 0,
            has_begun: false,
            deadline: None,
        }
    }

    /// Begins to wait for this head.
    fn wait_for(&mut self, head: u64) {
        if self.head != head {
            self.head = head;
            self.has_begun = false;
            self.deadline = None;
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Awaited<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        let Some(head) = self.activity.head() else {
            return read;
        };
        self.wait_for(head);
        let is_kept = head > 0;
        if read.is_ready() {
            if buf.filled().len() > before && !self.has_begun {
                self.has_begun = true;
                if is_kept {
                    self.deadline = None;
                }
            }
            return read;
        }
        let limit = match is_kept && !self.has_begun {
            true => self.waits.idle,
            false => self.waits.header,
        };
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(limit)));
        match deadline.as_mut().poll(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(()) if self.has_begun => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            // As if the client had closed it.
            Poll::Ready(()) => Poll::Ready(Ok(())),
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Awaited<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
