//! A crowd of senders on kept connections, as a provider's workers are.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::payloads::{ID, USER};

/// Posts callbacks over so many connections at a time, no two with the same ids.
pub struct Crowd {
    connections: Vec<TcpStream>,
    requests: Arc<[Numbered]>,
    /// How many were posted.
    posted: Arc<AtomicU64>,
}

/// What a round took.
pub struct Round {
    /// From the first request to the last response.
    pub time: Duration,
    /// Of each request, from its first byte to the last of its response; in no order.
    pub latencies: Vec<Duration>,
}

impl Crowd {
    /// Opens the connections.
    ///
    /// # Errors
    ///
    /// When the server is not there.
    pub async fn connect(
        server: SocketAddr,
        connections: usize,
        bodies: &[Vec<u8>],
    ) -> io::Result<Self> {
        let requests = bodies.iter().map(|body| Numbered::new(body)).collect();
        let mut open = Vec::with_capacity(connections);
        for _ in 0..connections {
            let stream = TcpStream::connect(server).await?;
            stream.set_nodelay(true)?;
            open.push(stream);
        }
        Ok(Self {
            connections: open,
            requests,
            posted: Arc::default(),
        })
    }

    /// Has every connection post so many requests, one after the other.
    ///
    /// # Errors
    ///
    /// When a response is not 200, or there is none.
    pub async fn post(&mut self, each: usize) -> io::Result<Round> {
        let start = Instant::now();
        let mut running = JoinSet::new();
        for stream in self.connections.drain(..) {
            let requests = Arc::clone(&self.requests);
            running.spawn(one(stream, requests, Arc::clone(&self.posted), each));
        }
        let mut latencies = Vec::new();
        while let Some(ended) = running.join_next().await {
            let (stream, mut seen) = ended.map_err(io::Error::from)??;
            self.connections.push(stream);
            latencies.append(&mut seen);
        }
        Ok(Round {
            time: start.elapsed(),
            latencies,
        })
    }
}

async fn one(
    mut stream: TcpStream,
    requests: Arc<[Numbered]>,
    posted: Arc<AtomicU64>,
    count: usize,
) -> io::Result<(TcpStream, Vec<Duration>)> {
    let mut latencies = Vec::with_capacity(count);
    let mut buffer = Vec::with_capacity(1024);
    let mut bytes = Vec::with_capacity(4096);
    for request in requests.iter().cycle().take(count) {
        request.write(posted.fetch_add(1, Ordering::Relaxed), &mut bytes);
        let start = Instant::now();
        stream.write_all(&bytes).await?;
        read_response(&mut stream, &mut buffer).await?;
        latencies.push(start.elapsed());
    }
    Ok((stream, latencies))
}

/// A request, and where its numbers stand.
struct Numbered {
    bytes: Vec<u8>,
    ids: Vec<usize>,
    users: Vec<usize>,
}

impl Numbered {
    fn new(body: &[u8]) -> Self {
        let bytes = request(body);
        let after = |mark: &str| {
            let windows = bytes.windows(mark.len()).enumerate();
            windows
                .filter(|(_, window)| *window == mark.as_bytes())
                .map(|(start, _)| start + mark.len())
                .collect()
        };
        Self {
            ids: after(ID),
            users: after(USER),
            bytes,
        }
    }

    /// Writes the request with this number.
    fn write(&self, number: u64, into: &mut Vec<u8>) {
        into.clear();
        into.extend_from_slice(&self.bytes);
        for at in &self.ids {
            into[*at..at + 10].copy_from_slice(format!("{number:010}").as_bytes());
        }
        for at in &self.users {
            into[*at..at + 4].copy_from_slice(format!("{:04}", number % 1000).as_bytes());
        }
    }
}

async fn read_response(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.clear();
    loop {
        if let Some(end) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            if !buffer.starts_with(b"HTTP/1.1 200") {
                let first = String::from_utf8_lossy(&buffer[..end.min(40)]).into_owned();
                return Err(io::Error::other(format!("answered {first}")));
            }
            if buffer.len() >= end + 4 + crate::server::length(&buffer[..end]) {
                return Ok(());
            }
        }
        if stream.read_buf(buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

fn request(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nx-kaleyra-secret: s3cret\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}
