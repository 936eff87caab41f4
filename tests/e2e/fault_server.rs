//! A server on raw sockets that goes wrong in one way, and counts how many copies of a request reach it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What it does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// Reads it whole, sends this and closes.
    Respond(String),
    /// Reads its head alone, sends this and reads no further.
    RespondEarly(String),
    /// Reads it whole and closes.
    Close,
    /// Reads it whole and never answers.
    Hang,
    /// Reads its first bytes and resets the connection.
    Reset,
    /// Accepts the first request on a connection, and does that to the second.
    ResetSecond,
}

/// It stops when dropped.
pub(crate) struct FaultServer {
    address: SocketAddr,
    copies: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl FaultServer {
    pub(crate) async fn start(fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let copies = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&copies);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, fault.clone(), Arc::clone(&counter)));
            }
        });
        Self {
            address,
            copies,
            task,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many requests began to arrive, whole or not.
    pub(crate) fn copies(&self) -> usize {
        self.copies.load(Ordering::SeqCst)
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, fault: Fault, copies: Arc<AtomicUsize>) {
    let mut is_first = true;
    loop {
        let mut first = [0; 4];
        if stream.read_exact(&mut first).await.is_err() || first != *b"POST" {
            return; // a connection that was opened and not used, or a TLS handshake
        }
        copies.fetch_add(1, Ordering::SeqCst);
        match &fault {
            // Dropped with most of the request unread, so the kernel answers the rest with a reset.
            Fault::Reset => return,
            Fault::ResetSecond if !is_first => return,
            Fault::RespondEarly(answer) => {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    match stream.read_u8().await {
                        Ok(byte) => head.push(byte),
                        Err(_) => return,
                    }
                }
                stream.write_all(answer.as_bytes()).await.unwrap();
                return std::future::pending().await;
            }
            _ => {}
        }
        if read_rest(&mut stream).await.is_none() {
            return;
        }
        is_first = false;
        match &fault {
            Fault::ResetSecond => {
                let accepted = "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n";
                stream.write_all(accepted.as_bytes()).await.unwrap();
            }
            // A connection that stays open: a client that sends again may do so on the same one.
            Fault::Respond(answer) if answer.contains("content-length: 0") => {
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
            Fault::Respond(answer) => {
                // Whoever has read enough of it hangs up.
                let _ = stream.write_all(answer.as_bytes()).await;
                return;
            }
            Fault::Hang => return std::future::pending().await,
            Fault::RespondEarly(_) | Fault::Close | Fault::Reset => return,
        }
    }
}

/// The rest of a request, of which the method was read; `None` if the client goes before its end.
async fn read_rest(stream: &mut TcpStream) -> Option<()> {
    let mut request = Vec::new();
    loop {
        if let Some(end) = request.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok())
                .unwrap_or(0);
            if request.len() >= end + 4 + length {
                return Some(());
            }
        }
        if stream.read_buf(&mut request).await.ok()? == 0 {
            return None;
        }
    }
}
