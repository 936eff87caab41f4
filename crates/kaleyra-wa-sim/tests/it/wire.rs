//! A raw client and a raw webhook: what these tests see is what is on the wire.

use std::time::Duration;

use kaleyra_wa_sim::{Builder, SimEvent, Simulator};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tokio::sync::mpsc;
use tokio::time::timeout;

pub(crate) const SID: &str = "HXIN0000000000IN";
pub(crate) const KEY: &str = "A-canary-key-7c2e";
pub(crate) const SENDER: &str = "+918000000001";
/// Long enough for a busy machine; nothing waits for it unless a test fails.
pub(crate) const SOON: Duration = Duration::from_secs(10);

pub(crate) fn builder() -> Builder {
    Simulator::builder(SID, KEY, SENDER)
}

pub(crate) async fn simulator() -> Simulator {
    builder().bind("127.0.0.1:0").await.unwrap()
}

/// What came back on a connection that was closed afterwards.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// Sends a request; gives all bytes until the connection closes.
pub(crate) async fn raw(
    sim: &Simulator,
    line: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Vec<u8> {
    let mut head = format!(
        "{line} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n",
        sim.addr()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    exchange(sim.addr(), &[head.as_bytes(), body].concat()).await
}

/// Writes these bytes; gives all that come until the connection closes.
pub(crate) async fn exchange(addr: impl ToSocketAddrs, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut bytes = Vec::new();
    timeout(SOON, stream.read_to_end(&mut bytes))
        .await
        .unwrap()
        .unwrap();
    bytes
}

pub(crate) async fn request(
    sim: &Simulator,
    line: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    parse(raw(sim, line, headers, body.as_bytes()).await)
}

/// A send to the right account with the right key.
pub(crate) async fn send(sim: &Simulator, body: &str) -> Answer {
    let line = format!("POST /v2/{SID}/whatsapp/{SENDER}/messages");
    request(
        sim,
        &line,
        &[("api-key", KEY), ("content-type", "application/json")],
        body,
    )
    .await
}

/// A request to another endpoint of the right account with the right key.
pub(crate) async fn call(sim: &Simulator, method: &str, endpoint: &str, body: &str) -> Answer {
    let line = format!("{method} /v2/{SID}/whatsapp/{SENDER}/{endpoint}");
    let headers = [("api-key", KEY), ("content-type", "application/json")];
    request(sim, &line, &headers, body).await
}

/// The response, and why the simulator refused.
pub(crate) async fn why(sim: &Simulator, answer: impl Future<Output = Answer>) -> (Answer, String) {
    let mut events = sim.observe();
    let answer = answer.await;
    match events.next().await.unwrap() {
        SimEvent::Rejected { status, why, .. } => {
            assert_eq!(status, answer.status());
            (answer, why)
        }
        other => panic!("{other:?}"),
    }
}

pub(crate) fn wrong_payload() -> Value {
    json!({
        "code": "WA400",
        "message": "Refer to correct payload format",
        "data": {},
        "error": {"payload": "Incorrect payload format"},
    })
}

/// The same request as one text, on a connection that stays open.
pub(crate) fn kept_alive(body: &str) -> String {
    let length = body.len();
    format!(
        "POST /v2/{SID}/whatsapp/{SENDER}/messages HTTP/1.1\r\nhost: localhost\r\napi-key: {KEY}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

/// A text that is as the pages document it.
pub(crate) fn text_to(number: &str) -> String {
    format!(
        r#"{{"messaging_object":{{"messaging_product":"whatsapp","recipient_type":"individual","to":"{number}",
        "type":"text","text":{{"preview_url":false,"body":"Your order is on its way."}}}},
        "extra_info":{{"ref":"customer1","ref1":"marketing","ref2":"dictionary","wa_source":"api"}}}}"#
    )
}

pub(crate) fn parse(bytes: Vec<u8>) -> Answer {
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    Answer {
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

/// A webhook that shows what it was posted and responds with the statuses it is given, the last of them for good.
pub(crate) struct Webhook {
    pub(crate) url: String,
    received: mpsc::UnboundedReceiver<Answer>,
}

impl Webhook {
    pub(crate) async fn answering(statuses: &'static [u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!(
            "http://{}/callbacks?from=sim",
            listener.local_addr().unwrap()
        );
        let (sender, received) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            for turn in 0.. {
                let (mut stream, _) = listener.accept().await.unwrap();
                let request = read_request(&mut stream).await;
                let status = statuses[turn.min(statuses.len() - 1)];
                let answer = format!(
                    "HTTP/1.1 {status} Any\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                );
                stream.write_all(answer.as_bytes()).await.unwrap();
                if sender.send(request).is_err() {
                    return;
                }
            }
        });
        Self { url, received }
    }

    pub(crate) async fn next(&mut self) -> Answer {
        timeout(SOON, self.received.recv()).await.unwrap().unwrap()
    }
}

async fn read_request(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    loop {
        assert_ne!(stream.read_buf(&mut bytes).await.unwrap(), 0);
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let request = Answer {
                head: head.to_owned(),
                body: body.to_owned(),
            };
            // A GET has none.
            let length = request.header("content-length").unwrap_or("0");
            let length: usize = length.parse().unwrap();
            if body.len() == length {
                return request;
            }
        }
    }
}
