//! Whether a body has begun to leave, and who may still begin to read it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;

use super::ChunkStream;

/// Whether any copy of the body was begun to be read. Once it is closed, no further copy can be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Begun(Arc<AtomicU8>);

const BEGUN: u8 = 1;
const CLOSED: u8 = 2;

impl Begun {
    /// Notes that a copy is read from now on.
    #[cfg(any(feature = "reqwest", feature = "tower"))]
    pub(crate) fn set(&self) {
        self.0.fetch_or(BEGUN, Ordering::AcqRel);
    }

    #[cfg(feature = "reqwest")]
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire) & BEGUN != 0
    }

    /// Lets no further copy begin; returns whether none had.
    #[cfg(feature = "tower")]
    pub(crate) fn close(&self) -> bool {
        self.0.fetch_or(CLOSED, Ordering::AcqRel) & BEGUN == 0
    }
}

/// The stream, or an error if the note was closed before it is read or, where it may leave `once`, another copy was
/// begun before.
pub(super) fn noted(stream: ChunkStream, begun: Begun, once: bool) -> ChunkStream {
    Box::pin(Noted {
        stream,
        begun,
        refused: if once { BEGUN | CLOSED } else { CLOSED },
        is_mine: false,
    })
}

struct Noted {
    stream: ChunkStream,
    begun: Begun,
    /// In which of these states nobody may begin.
    refused: u8,
    is_mine: bool,
}

impl http_body::Body for Noted {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        // Claimed when it is read, not when it is opened: what was never read has not left.
        if !self.is_mine {
            let refused = self.refused;
            let begin = |state: u8| (state & refused == 0).then_some(state | BEGUN);
            let state = &self.begun.0;
            if state
                .fetch_update(Ordering::AcqRel, Ordering::Acquire, begin)
                .is_err()
            {
                return Poll::Ready(Some(Err(io::Error::new(
                    io::ErrorKind::PermissionDenied,
                    "a copy of this body was read before, or the attempt is over: does a layer in between repeat requests?",
                ))));
            }
            self.is_mine = true;
        }
        self.stream.as_mut().poll_frame(cx)
    }
}
