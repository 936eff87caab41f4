//! Bodies that are large, or can't be read.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::Frame;

use super::super::exchange::{Findings, exchange, message};
use super::super::server::{Fault, Server};
use super::unfit;
use crate::limit::Limit;
use crate::{Body, ChunkStream, Source, Transport};

type Found = Result<(), Vec<String>>;

/// More than the system's buffers between two sockets hold.
const LARGE: usize = 32 * 1024 * 1024;
/// How much of it may have left the one end while the other does not read.
const BUFFERED: usize = LARGE / 2;
/// How long the other end does not read. A transport that takes everything at once has done so by then.
const PAUSE: Duration = Duration::from_millis(250);

pub(super) async fn unreadable_body(transport: &dyn Transport) -> Found {
    let server =
        Server::responding("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").map_err(unfit)?;
    let mut findings = Findings::default();
    let source = Zeros {
        len: 200_000,
        fails_after: Some(100_000),
        given: Arc::default(),
    };
    let request = message(&server).map(|_| Body::from_source(source));
    if exchange(transport, request).await.is_ok() {
        findings
            .add("it returned a response as if the request had been sent: a body that can't be read is an error");
    }
    if server.copies() > 0 {
        findings
            .add("a request arrived that looks whole and is not: break the connection off instead");
    }
    findings.outcome()
}

pub(super) async fn flat_upload(transport: &dyn Transport) -> Found {
    let server = Server::start(Fault::SlowReader(PAUSE)).map_err(unfit)?;
    let mut findings = Findings::default();
    let given = Arc::new(AtomicUsize::new(0));
    let source = Zeros {
        len: LARGE,
        fails_after: None,
        given: Arc::clone(&given),
    };
    let request = message(&server).map(|_| Body::from_source(source));
    let mut sending = Box::pin(exchange(transport, request));
    // The server does not read yet: what is read by now is in memory, or in the system's buffers.
    let early = Limit::of(PAUSE * 3 / 4).run(&mut sending).await;
    let read = given.load(Ordering::Acquire);
    if read > BUFFERED {
        findings.add(format!(
            "{read} of {LARGE} bytes were read before the server took any: read the body while it is sent"
        ));
    }
    let outcome = match early {
        Some(outcome) => outcome,
        None => sending.await,
    };
    if let Err(error) = outcome {
        findings.add(format!("an error of {:?}", error.phase()));
    }
    let whole =
        |received: &super::super::server::Received| received.is_whole && received.len == LARGE;
    if !server.received().iter().any(whole) {
        findings.add("it did not arrive whole");
    }
    findings.expect_one_copy(&server, "a large body");
    findings.outcome()
}

pub(super) async fn flat_response(transport: &dyn Transport) -> Found {
    let server = Server::start(Fault::Zeros(LARGE)).map_err(unfit)?;
    let mut findings = Findings::default();
    let mut response = match transport.execute(message(&server)).await {
        Ok(response) => response,
        Err(error) => {
            findings.add(format!("an error of {:?}", error.phase()));
            return findings.outcome();
        }
    };
    Limit::of(PAUSE).run(std::future::pending::<()>()).await;
    let written = server.written();
    if written > BUFFERED {
        findings.add(format!(
            "{written} of {LARGE} bytes were read before the caller read the response: stream the response"
        ));
    }
    let mut read = 0;
    loop {
        match response.body_mut().chunk().await {
            Ok(Some(chunk)) => read += chunk.len(),
            Ok(None) => break,
            Err(error) => {
                findings.add(format!("an error of {:?}", error.phase()));
                break;
            }
        }
    }
    if read != LARGE {
        findings.add(format!("{read} of {LARGE} bytes came back"));
    }
    findings.outcome()
}

/// Zeros that are made as they are read, and may fail half way.
struct Zeros {
    len: usize,
    fails_after: Option<usize>,
    given: Arc<AtomicUsize>,
}

impl Source for Zeros {
    fn len(&self) -> u64 {
        self.len as u64
    }

    fn open(&self) -> ChunkStream {
        Box::pin(Reading {
            left: self.fails_after.unwrap_or(self.len),
            fails: self.fails_after.is_some(),
            given: Arc::clone(&self.given),
        })
    }
}

struct Reading {
    left: usize,
    fails: bool,
    given: Arc<AtomicUsize>,
}

impl http_body::Body for Reading {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        static PIECE: [u8; 32 * 1024] = [0; 32 * 1024];
        if self.left == 0 {
            let failure = || io::Error::from(io::ErrorKind::PermissionDenied);
            return Poll::Ready(self.fails.then(|| Err(failure())));
        }
        let piece = Bytes::from_static(&PIECE[..PIECE.len().min(self.left)]);
        self.left -= piece.len();
        self.given.fetch_add(piece.len(), Ordering::AcqRel);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}
