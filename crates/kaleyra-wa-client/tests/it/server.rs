//! A server on raw sockets that responds to each request with the bytes that a test gives it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kaleyra_wa_client::transport::ReqwestTransport;
use kaleyra_wa_client::{BaseUrl, Client};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::fixtures::account;

/// What the server does once it has read a request whole.
#[derive(Clone)]
pub(crate) enum Then {
    /// Sends these bytes and closes.
    Respond(String),
    /// Sends the next of these and closes; the last one for ever.
    InTurn(Arc<Mutex<VecDeque<String>>>),
    /// Never responds.
    Hang,
}

/// It stops when dropped.
pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(then: Then) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = requests.clone();
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, then.clone(), log.clone()));
            }
        });
        Self {
            address,
            requests,
            task,
        }
    }

    pub(crate) async fn responding(status: &str, headers: &str, body: &str) -> Self {
        let length = body.len();
        Self::start(Then::Respond(format!(
            "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n{body}"
        )))
        .await
    }

    /// Answers each request with the next of these, as JSON.
    pub(crate) async fn in_turn(answers: impl IntoIterator<Item = (u16, Value)>) -> Self {
        let answers = answers.into_iter().map(|(status, body)| {
            let body = body.to_string();
            let length = body.len();
            format!(
                "HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
            )
        });
        Self::start(Then::InTurn(Arc::new(Mutex::new(answers.collect())))).await
    }

    pub(crate) fn client(&self) -> Client {
        client_of(self.address)
    }

    /// Every request that arrived whole.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Each request that has arrived whole, as they come.
    pub(crate) fn log(&self) -> Arc<Mutex<Vec<String>>> {
        Arc::clone(&self.requests)
    }

    pub(crate) fn base_url(&self) -> BaseUrl {
        BaseUrl::parse(&format!("http://{}", self.address)).unwrap()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A client that waits for no response longer than a test can.
pub(crate) fn client_of(server: SocketAddr) -> Client {
    let transport = ReqwestTransport::builder()
        .timeout(Duration::from_millis(300))
        .build()
        .unwrap();
    let base_url = BaseUrl::parse(&format!("http://{server}")).unwrap();
    Client::with_transport(account(base_url), transport)
}

/// An address where nobody listens: the port of a service that went out of use. One that was free a moment ago may be
/// another test's by now.
pub(crate) fn nobody() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 9))
}

async fn serve(mut stream: TcpStream, then: Then, log: Arc<Mutex<Vec<String>>>) {
    let Some(request) = read_request(&mut stream).await else {
        return;
    };
    log.lock().unwrap().push(request);
    match then {
        Then::Respond(bytes) => stream.write_all(bytes.as_bytes()).await.unwrap(),
        Then::InTurn(answers) => {
            let response = {
                let mut answers = answers.lock().unwrap();
                match answers.len() {
                    1 => answers[0].clone(),
                    _ => answers.pop_front().unwrap(),
                }
            };
            stream.write_all(response.as_bytes()).await.unwrap();
        }
        Then::Hang => std::future::pending().await,
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut received = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&received);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length: usize = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase()
                        .strip_prefix("content-length: ")?
                        .parse()
                        .ok()
                })
                .unwrap_or(0);
            if body.len() >= length {
                return Some(text.into_owned());
            }
        }
        if stream.read_buf(&mut received).await.ok()? == 0 {
            return None;
        }
    }
}
