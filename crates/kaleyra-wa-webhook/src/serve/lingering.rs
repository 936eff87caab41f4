//! A connection that closes so that its last response arrives.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// How long a client may go on sending after it was answered.
const TIME: Duration = Duration::from_secs(5);
/// How many bytes it may go on sending.
const BYTES: usize = 64 * 1024 * 1024;

/// A TCP stream that on shutdown, if there may be unread input, closes its writing half and reads
/// the rest away.
///
/// To close a socket that has unread input resets the connection, and the reset takes a response that
/// is under way with it: a client in the middle of a large body would see "connection reset"
/// instead of the 413 or 401 that tells it why.
pub(crate) struct Lingering {
    stream: TcpStream,
    unread: Arc<AtomicBool>,
    /// Set once the writing half is closed.
    deadline: Option<Pin<Box<Sleep>>>,
    bytes_left: usize,
}

impl Lingering {
    /// `unread` is set by whoever answers a request without having read all of it.
    pub(crate) const fn new(stream: TcpStream, unread: Arc<AtomicBool>) -> Self {
        Self {
            stream,
            unread,
            deadline: None,
            bytes_left: BYTES,
        }
    }
}

impl AsyncRead for Lingering {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Lingering {
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

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.deadline.is_none() {
            ready!(Pin::new(&mut this.stream).poll_shutdown(cx))?;
            if !this.unread.load(Ordering::Relaxed) {
                return Poll::Ready(Ok(()));
            }
        }
        let deadline = this.deadline.get_or_insert_with(|| Box::pin(sleep(TIME)));

        let mut scratch = [0; 16 * 1024];
        while this.bytes_left > 0 && deadline.as_mut().poll(cx).is_pending() {
            let mut buf = ReadBuf::new(&mut scratch);
            // A reset ends the wait as well as an orderly end does.
            let read = ready!(Pin::new(&mut this.stream).poll_read(cx, &mut buf));
            if read.is_err() || buf.filled().is_empty() {
                break;
            }
            this.bytes_left = this.bytes_left.saturating_sub(buf.filled().len());
        }
        Poll::Ready(Ok(()))
    }
}
