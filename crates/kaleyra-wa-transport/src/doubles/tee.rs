//! A body that is kept while it passes.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::{ResponseBody, TransportError, TransportErrorKind};

/// How much of a response is kept; of larger ones the size alone.
const KEPT: usize = 1024 * 1024;

/// What passed of a body.
#[derive(Default)]
pub(super) struct Passed {
    bytes: Vec<u8>,
    pub(super) len: u64,
    pub(super) broken: Option<TransportErrorKind>,
}

impl Passed {
    /// The bytes, unless there were too many.
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        (self.bytes.len() as u64 == self.len).then_some(&self.bytes)
    }

    fn add(&mut self, bytes: &[u8]) {
        self.len += bytes.len() as u64;
        if self.len <= KEPT as u64 {
            self.bytes.extend_from_slice(bytes);
        } else {
            self.bytes = Vec::new();
        }
    }
}

/// Hands a body on, and in the end what passed of it, also when nobody reads it to its end.
pub(super) struct Tee<F: FnOnce(Passed) + Unpin> {
    body: ResponseBody,
    passed: Passed,
    finish: Option<F>,
}

impl<F: FnOnce(Passed) + Unpin> Tee<F> {
    pub(super) fn new(body: ResponseBody, finish: F) -> Self {
        Self {
            body,
            passed: Passed::default(),
            finish: Some(finish),
        }
    }

    fn finish(&mut self) {
        if let Some(finish) = self.finish.take() {
            finish(std::mem::take(&mut self.passed));
        }
    }
}

impl<F: FnOnce(Passed) + Unpin> Body for Tee<F> {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    self.passed.add(data);
                }
            }
            Some(Err(error)) => {
                self.passed.broken = Some(error.kind());
                self.finish();
            }
            None => self.finish(),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl<F: FnOnce(Passed) + Unpin> Drop for Tee<F> {
    fn drop(&mut self) {
        self.finish();
    }
}
