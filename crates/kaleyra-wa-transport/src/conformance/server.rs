//! A server on raw sockets that fails as a check wants it, on threads of its own.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// How long a server waits for the other end. It is longer than any check takes that goes well.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Bodies up to this size are kept, for checks that look at them.
const KEPT: usize = 64 * 1024;

/// What the server does with each connection.
pub(super) enum Fault {
    /// Reads the request, sends these bytes and closes.
    Respond(Vec<u8>),
    /// Reads the request, sends these bytes and then nothing more, with the connection open.
    RespondThenHang(Vec<u8>),
    /// Reads the request and responds with its body.
    Echo,
    /// Reads the first bytes of the request and drops the connection.
    ResetMidUpload,
    /// Reads the headers, waits this long before reading the rest, and responds with 200.
    SlowReader(Duration),
    /// Reads the request and responds with this many zeros.
    Zeros(usize),
    /// Takes whatever comes first for a request and responds with 400, as a plain server does to TLS.
    BadRequest,
}

/// A request that was read.
#[derive(Clone, Default)]
pub(super) struct Received {
    /// Request line and headers.
    pub(super) head: String,
    /// The first part of the body, up to 64 KiB.
    pub(super) body: Vec<u8>,
    /// How long the body was.
    pub(super) len: usize,
    /// Whether it was there to its end.
    pub(super) is_whole: bool,
}

/// A server whose connections all meet the same fault. It stops when dropped.
pub(super) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    fault: Fault,
    received: Mutex<Vec<Received>>,
    /// The first bytes of each connection.
    touched: AtomicUsize,
    /// How many bytes of responses the other end's system has accepted.
    written: AtomicUsize,
    stopped: AtomicBool,
}

impl Server {
    pub(super) fn start(fault: Fault) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            fault,
            received: Mutex::default(),
            touched: AtomicUsize::new(0),
            written: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
        });
        let state = Arc::clone(&shared);
        thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if state.stopped.load(Ordering::Acquire) {
                    return;
                }
                let state = Arc::clone(&state);
                thread::spawn(move || {
                    // What breaks here is what the check is about.
                    let _ = serve(&state, stream);
                });
            }
        });
        Ok(Self { address, shared })
    }

    pub(super) fn responding(response: impl Into<Vec<u8>>) -> io::Result<Self> {
        Self::start(Fault::Respond(response.into()))
    }

    pub(super) fn authority(&self) -> String {
        self.address.to_string()
    }

    /// The requests that came, whole or not.
    pub(super) fn received(&self) -> Vec<Received> {
        self.shared.received().clone()
    }

    /// How many whole requests came.
    pub(super) fn copies(&self) -> usize {
        let received = self.shared.received();
        received.iter().filter(|request| request.is_whole).count()
    }

    /// How many connections brought at least a byte.
    pub(super) fn touched(&self) -> usize {
        self.shared.touched.load(Ordering::Acquire)
    }

    /// How many bytes of responses have left.
    pub(super) fn written(&self) -> usize {
        self.shared.written.load(Ordering::Acquire)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::Release);
        // Wakes the thread that accepts, so that it sees it.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn received(&self) -> MutexGuard<'_, Vec<Received>> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self, time: Duration) {
        let step = Duration::from_millis(10);
        let mut waited = Duration::ZERO;
        while waited < time && !self.stopped.load(Ordering::Acquire) {
            thread::sleep(step);
            waited += step;
        }
    }
}

fn serve(state: &Shared, mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let mut first = [0; 16];
    stream.read_exact(&mut first)?;
    state.touched.fetch_add(1, Ordering::AcqRel);
    match &state.fault {
        // Dropped with most of the request unread: the system resets the connection.
        Fault::ResetMidUpload => return Ok(()),
        Fault::BadRequest => {
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")?;
            let mut rest = first.to_vec();
            stream.take(KEPT as u64).read_to_end(&mut rest)?;
            state.received().push(Received {
                head: String::from_utf8_lossy(&rest).into_owned(),
                ..Received::default()
            });
            return Ok(());
        }
        _ => {}
    }
    let body = read_request(state, &mut stream, &first)?;
    match &state.fault {
        Fault::Respond(bytes) => stream.write_all(bytes),
        Fault::RespondThenHang(bytes) => {
            stream.write_all(bytes)?;
            state.wait(TIMEOUT);
            Ok(())
        }
        Fault::SlowReader(_) => stream.write_all(&head(0)),
        Fault::Echo => {
            stream.write_all(&head(body.len()))?;
            stream.write_all(&body)
        }
        Fault::Zeros(len) => {
            stream.write_all(&head(*len))?;
            let zeros = [0; 16 * 1024];
            let mut left = *len;
            while left > 0 {
                let written = stream.write(&zeros[..left.min(zeros.len())])?;
                state.written.fetch_add(written, Ordering::AcqRel);
                left -= written;
            }
            Ok(())
        }
        Fault::ResetMidUpload | Fault::BadRequest => Ok(()),
    }
}

fn head(len: usize) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {len}\r\nconnection: close\r\n\r\n").into_bytes()
}

/// Reads one request to its end, notes it, and returns the part of its body that is kept.
fn read_request(state: &Shared, stream: &mut TcpStream, first: &[u8]) -> io::Result<Vec<u8>> {
    let mut read = first.to_vec();
    let end = loop {
        if let Some(end) = read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break end;
        }
        more(stream, &mut read)?;
    };
    let head = String::from_utf8_lossy(&read[..end]).into_owned();
    let mut body = read.split_off(end + 4);
    if let Fault::SlowReader(pause) = state.fault {
        state.wait(pause);
    }
    let mut request = Received {
        head,
        ..Received::default()
    };
    let outcome = read_body(stream, &request.head, &mut body, &mut request.len);
    request.is_whole = outcome.is_ok();
    request.body = body.clone();
    state.received().push(request);
    outcome.map(|()| body)
}

/// Reads a body to its end; `body` has what was read already, and in the end its first part.
fn read_body(
    stream: &mut TcpStream,
    head: &str,
    body: &mut Vec<u8>,
    len: &mut usize,
) -> io::Result<()> {
    let header = |name: &str| {
        head.lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    };
    if header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
        return read_chunks(stream, body, len);
    }
    let expected = header("content-length").map_or(Ok(0), str::parse);
    let expected: usize = expected.map_err(|_| io::ErrorKind::InvalidData)?;
    *len = body.len();
    let mut piece = Vec::new();
    while *len < expected {
        piece.clear();
        more(stream, &mut piece)?;
        *len += piece.len();
        let room = KEPT.saturating_sub(body.len());
        body.extend_from_slice(&piece[..piece.len().min(room)]);
    }
    Ok(())
}

/// The same for a body in chunks.
fn read_chunks(stream: &mut TcpStream, body: &mut Vec<u8>, len: &mut usize) -> io::Result<()> {
    let mut read = std::mem::take(body);
    loop {
        let line = loop {
            if let Some(end) = read.windows(2).position(|bytes| bytes == b"\r\n") {
                break end;
            }
            more(stream, &mut read)?;
        };
        let size = String::from_utf8_lossy(&read[..line]).into_owned();
        let size = size.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).map_err(|_| io::ErrorKind::InvalidData)?;
        while read.len() < line + 2 + size + 2 {
            more(stream, &mut read)?;
        }
        let chunk = &read[line + 2..line + 2 + size];
        let room = KEPT.saturating_sub(body.len());
        body.extend_from_slice(&chunk[..size.min(room)]);
        *len += size;
        read.drain(..line + 2 + size + 2);
        if size == 0 {
            return Ok(());
        }
    }
}

fn more(stream: &mut TcpStream, read: &mut Vec<u8>) -> io::Result<()> {
    let mut piece = [0; 16 * 1024];
    match stream.read(&mut piece)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        count => {
            read.extend_from_slice(&piece[..count]);
            Ok(())
        }
    }
}
