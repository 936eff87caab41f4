//! A server on raw sockets that fails in the way a test asks for.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::{Arc, Mutex};

use kaleyra_wa_transport::{Body, Request, http};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The key in every request of these tests; it must turn up on the wire and nowhere else.
pub(crate) const KEY: &str = "canary-key-5f1d";

/// What the server does with a connection.
#[derive(Clone)]
pub(crate) enum Fault {
    /// Reads the request, sends these bytes and closes.
    Respond(Vec<u8>),
    /// Reads the request, sends these bytes and then nothing more, with the connection open.
    RespondThenHang(Vec<u8>),
    /// Reads the first bytes of the request and drops the connection.
    ResetMidUpload,
}

/// A server whose connections all meet the same fault. It stops when dropped.
pub(crate) struct Server {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Vec<u8>>>>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let log = received.clone();
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, fault.clone(), log.clone()));
            }
        });
        Self {
            address,
            received,
            task,
        }
    }

    pub(crate) async fn responding(answer: impl Into<Vec<u8>>) -> Self {
        Self::start(Fault::Respond(answer.into())).await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/v2/SID/messages", self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests that were read whole, in order.
    pub(crate) fn received(&self) -> Vec<String> {
        let received = self.received.lock().unwrap();
        received
            .iter()
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
            .collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, fault: Fault, log: Arc<Mutex<Vec<Vec<u8>>>>) {
    if let Fault::ResetMidUpload = fault {
        // Dropped with most of the request unread, so the kernel responses the rest with a reset.
        stream.read_exact(&mut [0; 16]).await.unwrap();
        return;
    }
    let Some(request) = read_request(&mut stream).await else {
        return;
    };
    log.lock().unwrap().push(request);
    match fault {
        Fault::Respond(bytes) => stream.write_all(&bytes).await.unwrap(),
        Fault::RespondThenHang(bytes) => {
            stream.write_all(&bytes).await.unwrap();
            std::future::pending::<()>().await;
        }
        Fault::ResetMidUpload => unreachable!("handled above"),
    }
}

/// Head and body of one request; `None` when the peer goes before its end.
pub(crate) async fn read_request(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    loop {
        if let Some(end) = request.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .map_or(0, |length| length.trim().parse::<usize>().unwrap());
            if request.len() >= end + 4 + length {
                return Some(request);
            }
        }
        if stream.read_buf(&mut request).await.ok()? == 0 {
            return None;
        }
    }
}

/// A port that must stay untouched: the kernel takes a connection at once, so `assert_untouched`
/// sees each one.
pub(crate) struct Untouched(StdListener);

impl Untouched {
    pub(crate) fn listen(host: &str) -> Self {
        let listener = StdListener::bind((host, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    pub(crate) fn assert_untouched(&self) {
        assert_eq!(self.0.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
    }
}

/// A send as the client makes it, but for the mark on its key.
pub(crate) fn post(url: &str, body: impl Into<Body>) -> Request {
    http::Request::post(url)
        .header("api-key", KEY)
        .header("content-type", "application/json")
        .body(body.into())
        .unwrap()
}
