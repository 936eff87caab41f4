//! A body that leaves once, however many copies of it there are.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;

use super::ChunkStream;

/// Whether any copy of the body was begun to be read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Begun(Arc<AtomicBool>);

#[cfg(feature = "tower")]
impl Begun {
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// The stream, or an error if another copy was begun before it.
pub(super) fn once(stream: ChunkStream, begun: Begun) -> ChunkStream {
    Box::pin(Once {
        stream,
        begun,
        is_mine: false,
    })
}

struct Once {
    stream: ChunkStream,
    begun: Begun,
    is_mine: bool,
}

impl http_body::Body for Once {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        // Claimed when it is read, not when it is opened: what was never read has not left.
        if !self.is_mine && self.begun.0.swap(true, Ordering::AcqRel) {
            return Poll::Ready(Some(Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "a copy of this body was read before: does a layer in between repeat sends?",
            ))));
        }
        self.is_mine = true;
        self.stream.as_mut().poll_frame(cx)
    }
}
