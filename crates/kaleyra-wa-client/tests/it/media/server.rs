//! A server on raw sockets that takes files and gives some, and can do both badly.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use kaleyra_wa_client::transport::ReqwestTransport;
use kaleyra_wa_client::{BaseUrl, Client};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::fixtures::account;

/// Larger bodies are counted and thrown away.
const KEPT: usize = 8 * 1024 * 1024;

/// What it does once a request is there.
#[derive(Clone)]
pub(crate) enum Then {
    /// Sends these bytes and closes.
    Respond(Vec<u8>),
    /// Sends these bytes as soon as it has seen the head, and reads the rest all the same.
    RespondEarly(Vec<u8>),
    /// Responds with this many zeros.
    Zeros(usize),
    /// Sends these bytes and keeps the connection open.
    Stall(Vec<u8>),
    /// Closes when this much of the body was read, whatever is still to come.
    Reset(usize),
}

/// A response with this status line, these header lines and this body.
pub(crate) fn answer(status: &str, headers: &str, body: &[u8]) -> Then {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}connection: close\r\ncontent-length: {length}\r\n\r\n"
    );
    Then::Respond([head.as_bytes(), body].concat())
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) head: String,
    /// Empty if it is larger than what is kept.
    pub(crate) body: Vec<u8>,
    pub(crate) length: usize,
}

impl Received {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// It stops when dropped.
pub(crate) struct Server {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(then: Then) -> Self {
        Self::in_turn(vec![then]).await
    }

    /// Does one of these for each connection, the last for all that come later.
    pub(crate) async fn in_turn(mut turns: Vec<Then>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let log = received.clone();
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let then = match turns.len() {
                    1 => turns[0].clone(),
                    _ => turns.remove(0),
                };
                tokio::spawn(serve(stream, then, log.clone()));
            }
        });
        Self {
            address,
            received,
            task,
        }
    }

    pub(crate) fn client(&self) -> Client {
        let base_url = BaseUrl::parse(&self.url("")).unwrap();
        Client::with_transport(account(base_url), ReqwestTransport::new().unwrap())
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// All that came so far, whole or not.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, then: Then, log: Arc<Mutex<Vec<Received>>>) {
    let limit = match then {
        Then::Reset(limit) => limit,
        Then::RespondEarly(_) => 0,
        _ => usize::MAX,
    };
    let Some(request) = read_request(&mut stream, limit).await else {
        return;
    };
    log.lock().unwrap().push(request);
    match then {
        // The client may have gone away by then.
        Then::Respond(bytes) => drop(stream.write_all(&bytes).await),
        Then::RespondEarly(bytes) => {
            drop(stream.write_all(&bytes).await);
            let mut rest = vec![0; 64 * 1024];
            while stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
        }
        Then::Zeros(count) => {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {count}\r\n\r\n");
            stream.write_all(head.as_bytes()).await.unwrap();
            let piece = [0; 64 * 1024];
            for start in (0..count).step_by(piece.len()) {
                let piece = &piece[..piece.len().min(count - start)];
                if stream.write_all(piece).await.is_err() {
                    return;
                }
            }
        }
        Then::Stall(bytes) => {
            drop(stream.write_all(&bytes).await);
            std::future::pending::<()>().await;
        }
        Then::Reset(_) => stream.set_zero_linger().unwrap(),
    }
}

/// Reads a request, but no more than about so many bytes of its body.
async fn read_request(stream: &mut TcpStream, limit: usize) -> Option<Received> {
    let mut body = Vec::new();
    let head = loop {
        if let Some(end) = body.windows(4).position(|window| window == b"\r\n\r\n") {
            let rest = body.split_off(end + 4);
            let head = std::mem::replace(&mut body, rest);
            break String::from_utf8(head).unwrap();
        }
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    };
    let mut received = Received {
        head,
        length: body.len(),
        body,
    };
    let length = received.header("content-length").unwrap_or("0");
    let length: usize = length.parse().unwrap();
    let mut buffer = vec![0; 64 * 1024];
    while received.length < length.min(limit) {
        let read = stream.read(&mut buffer).await.ok()?;
        if read == 0 {
            break;
        }
        received.length += read;
        if length <= KEPT {
            received.body.extend_from_slice(&buffer[..read]);
        }
    }
    Some(received)
}
