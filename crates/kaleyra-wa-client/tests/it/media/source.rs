//! A file of any size that is made while it is read, and knows how much of it is held at once.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use http_body::Frame;
use kaleyra_wa_client::transport::bytes::Bytes;
use kaleyra_wa_client::transport::{Body, ChunkStream, Source};

const PIECE: usize = 64 * 1024;

/// Zeros.
#[derive(Clone, Default)]
pub(crate) struct Zeros {
    len: usize,
    held: Arc<AtomicUsize>,
    most_held: Arc<AtomicUsize>,
}

impl Zeros {
    pub(crate) fn new(len: u64) -> Self {
        Self {
            len: usize::try_from(len).unwrap(),
            ..Self::default()
        }
    }

    pub(crate) fn body(&self) -> Body {
        Body::from_source(self.clone())
    }

    /// The most bytes of it that were held in memory at one time.
    pub(crate) fn most_held(&self) -> usize {
        self.most_held.load(Ordering::Relaxed)
    }
}

impl Source for Zeros {
    fn len(&self) -> u64 {
        self.len as u64
    }

    fn open(&self) -> ChunkStream {
        Box::pin(Reading {
            zeros: self.clone(),
            left: self.len,
        })
    }
}

struct Reading {
    zeros: Zeros,
    left: usize,
}

impl http_body::Body for Reading {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let len = self.left.min(PIECE);
        if len == 0 {
            return Poll::Ready(None);
        }
        self.left -= len;
        let held = self.zeros.held.fetch_add(len, Ordering::Relaxed) + len;
        self.zeros.most_held.fetch_max(held, Ordering::Relaxed);
        let piece = Piece {
            bytes: vec![0; len],
            held: self.zeros.held.clone(),
        };
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_owner(piece)))))
    }
}

struct Piece {
    bytes: Vec<u8>,
    held: Arc<AtomicUsize>,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.held.fetch_sub(self.bytes.len(), Ordering::Relaxed);
    }
}
