//! What has to wait until a response has left.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

type Task = Box<dyn FnOnce() + Send>;

/// Tasks that run when the responses before them have been written, or the connection has ended.
#[derive(Clone, Default)]
pub(super) struct AfterFlush(Arc<Inner>);

#[derive(Default)]
struct Inner {
    tasks: Mutex<Vec<Task>>,
    is_reset: AtomicBool,
}

impl AfterFlush {
    /// Adds a task. To be called while hyper waits for the response: all that it flushes from then on holds the response.
    pub(super) fn push(&self, task: impl FnOnce() + Send + 'static) {
        self.lock().push(Box::new(task));
    }

    /// Has the connection reset instead of closed.
    pub(super) fn reset(&self) {
        self.0.is_reset.store(true, Ordering::Relaxed);
    }

    fn run(&self) {
        let tasks = std::mem::take(&mut *self.lock());
        tasks.into_iter().for_each(|task| task());
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Task>> {
        self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream that runs the tasks after each flush, and the rest of them when it is dropped.
pub(super) struct Flushing<S> {
    stream: S,
    after: AfterFlush,
    reset: fn(&S),
}

impl<S> Flushing<S> {
    /// `reset` prepares the stream for being reset when it is dropped.
    pub(super) fn new(stream: S, after: AfterFlush, reset: fn(&S)) -> Self {
        Self {
            stream,
            after,
            reset,
        }
    }
}

impl<S> Drop for Flushing<S> {
    fn drop(&mut self) {
        if self.after.0.is_reset.load(Ordering::Relaxed) {
            (self.reset)(&self.stream);
        }
        self.after.run();
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Flushing<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Flushing<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // hyper asks for a flush only once it has written all that it holds.
        ready!(Pin::new(&mut self.stream).poll_flush(context))?;
        self.after.run();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::AtomicU32;

    use bytes::Bytes;
    use http::Response;
    use http_body_util::Full;
    use hyper::server::conn::http1;
    use hyper::service::service_fn;
    use hyper_util::rt::TokioIo;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio::sync::Notify;

    use super::*;

    const ANSWER: &str =
        "a response that is longer than the pipe is wide, so that it needs a reader";

    #[tokio::test]
    async fn tasks_wait_until_the_answer_has_been_written() {
        let (near, mut far) = duplex(16);
        let after = AfterFlush::default();
        let runs = Arc::new(AtomicU32::new(0));
        let asked = Arc::new(Notify::new());

        let service = {
            let (after, runs, asked) = (after.clone(), runs.clone(), asked.clone());
            service_fn(move |_| {
                let runs = runs.clone();
                after.push(move || {
                    runs.fetch_add(1, Ordering::Relaxed);
                });
                asked.notify_one();
                async { Ok::<_, Infallible>(Response::new(Full::<Bytes>::from(ANSWER))) }
            })
        };
        let io = TokioIo::new(Flushing::new(near, after, |_| {}));
        let connection = tokio::spawn(http1::Builder::new().serve_connection(io, service));

        far.write_all(b"GET / HTTP/1.1\r\nhost: sim\r\n\r\n")
            .await
            .unwrap();
        asked.notified().await;
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert_eq!(runs.load(Ordering::Relaxed), 0, "the response is stuck");

        let mut response = Vec::new();
        while !response.ends_with(ANSWER.as_bytes()) {
            far.read_buf(&mut response).await.unwrap();
        }
        drop(far);
        let _ = connection.await.unwrap();
        assert_eq!(runs.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn they_run_once_after_a_flush_or_at_the_end() {
        let runs = Arc::new(AtomicU32::new(0));
        let after = AfterFlush::default();
        let push = || {
            let runs = runs.clone();
            after.push(move || {
                runs.fetch_add(1, Ordering::Relaxed);
            });
        };
        let (near, _far) = duplex(16);
        let mut stream = Flushing::new(near, after.clone(), |_| {});

        push();
        stream.write_all(b"answer").await.unwrap();
        assert_eq!(runs.load(Ordering::Relaxed), 0);
        stream.flush().await.unwrap();
        stream.flush().await.unwrap();
        assert_eq!(runs.load(Ordering::Relaxed), 1);

        push();
        drop(stream);
        assert_eq!(runs.load(Ordering::Relaxed), 2);
    }
}
