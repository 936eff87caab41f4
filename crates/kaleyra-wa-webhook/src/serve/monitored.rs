//! A stream that fails when nobody reads its responses.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// hyper has time limits for reading and none for writing: who asks and asks and reads no response
/// would keep its connection for ever, once the buffers between are full.
pub(super) struct Monitored<S> {
    stream: S,
    write_timeout: Duration,
    /// Set from when a write had to wait until all is written: who takes a little now and then gets no more time.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<S> Monitored<S> {
    pub(super) const fn new(stream: S, write_timeout: Duration) -> Self {
        Self {
            stream,
            write_timeout,
            deadline: None,
        }
    }

    /// Passes on what a write came to, unless it waits for too long.
    fn in_time<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            return written;
        }
        let timeout = self.write_timeout;
        let deadline = self
            .deadline
            .get_or_insert_with(|| Box::pin(sleep(timeout)));
        match deadline.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Monitored<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Monitored<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.in_time(written, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.in_time(written, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        // hyper flushes when its own buffer is written.
        if flushed.is_ready() {
            self.deadline = None;
        }
        self.in_time(flushed, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio::time::Instant;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn who_takes_a_little_now_and_then_gets_no_more_time() {
        let (ours, mut theirs) = duplex(1);
        let mut stream = Monitored::new(ours, 5 * SECOND);
        let begun = Instant::now();
        let writing = async { while stream.write_u8(0).await.is_ok() {} };
        let reading = async {
            loop {
                sleep(2 * SECOND).await;
                theirs.read_u8().await.unwrap();
            }
        };
        tokio::select! {
            () = writing => assert_eq!(begun.elapsed(), 5 * SECOND),
            () = reading => {}
        }
    }

    #[tokio::test(start_paused = true)]
    async fn each_answer_has_time_of_its_own() {
        let (ours, mut theirs) = duplex(1);
        let mut stream = Monitored::new(ours, 5 * SECOND);
        let writing = async {
            for _ in 0..3 {
                stream.write_all(&[0; 2]).await.unwrap();
                stream.flush().await.unwrap();
            }
        };
        let reading = async {
            loop {
                sleep(2 * SECOND).await;
                theirs.read_u8().await.unwrap();
            }
        };
        tokio::select! {
            () = writing => {}
            () = reading => {}
        }
    }
}
