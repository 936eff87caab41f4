//! Downloads that work.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use kaleyra_wa_client::types::inbound::Callback;
use kaleyra_wa_client::{DownloadMedia, MediaLink, RetryPolicy};
use serde_json::json;
use tokio::io::AsyncWrite;

use super::server::{Server, Then, answer};

/// The SHA-256 of `abc`, as callbacks write it and as look-ups do.
pub(super) const BASE64: &str = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
pub(super) const HEXADECIMAL: &str =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

async fn abc() -> Server {
    Server::start(answer("200 OK", "content-type: image/jpeg\r\n", b"abc")).await
}

#[tokio::test]
async fn the_key_does_not_go_along() {
    let server = abc().await;
    let url = server.url("/bucket/1.jpg?X-Signature=a%2Fb#fragment");
    let file = server.client().download(&url).await.unwrap();
    assert_eq!(file.bytes(), "abc");
    assert_eq!(file.content_type(), Some("image/jpeg"));
    assert_eq!(file.into_bytes(), "abc");

    let [request] = &server.received()[..] else {
        panic!("not one request")
    };
    let line = "GET /bucket/1.jpg?X-Signature=a%2Fb HTTP/1.1";
    assert_eq!(request.head.lines().next(), Some(line));
    assert_eq!(request.header("accept"), Some("*/*"));
    for absent in ["api-key", "authorization", "cookie", "referer"] {
        assert_eq!(request.header(absent), None, "{absent}");
    }
    assert_eq!(request.length, 0);
}

#[tokio::test]
async fn a_digest_may_be_written_in_two_ways() {
    let server = abc().await;
    let client = server.client();
    let url = server.url("/1");
    for digest in [BASE64, BASE64.trim_end_matches('='), HEXADECIMAL] {
        client.download(&url).sha256(digest).await.unwrap();
        let link = MediaLink::new(&url).sha256(digest);
        client.download(link).await.unwrap();
    }
}

#[tokio::test]
async fn a_file_on_the_limit_is_not_above_it() {
    let server = abc().await;
    server
        .client()
        .download(server.url("/"))
        .limit(3)
        .await
        .unwrap();
    let no_limit = server.client().download(server.url("/")).limit(u64::MAX);
    no_limit.await.unwrap();
}

fn callback(media_url: &str, digests: &[&str]) -> Callback {
    let message = |digest| {
        json!({
            "from": "919800000001", "id": "wamid.A", "timestamp": "1722863329",
            "type": "image", "image": {"id": "1", "mime_type": "image/jpeg", "sha256": digest},
        })
    };
    let messages: Vec<_> = digests.iter().map(message).collect();
    let callback = json!({
        "meta_object": {"field": "messages", "value": {"messages": messages}},
        "extra_info": {"media_url": media_url},
    });
    Callback::from_value(callback).unwrap()
}

#[tokio::test]
async fn a_callback_gives_the_link_and_the_digest() {
    let server = abc().await;
    let client = server.client();
    let url = server.url("/1");
    let link = MediaLink::from_callback(&callback(&url, &[BASE64])).unwrap();
    assert_eq!(link, MediaLink::new(&url).sha256(BASE64));
    client.download(link).await.unwrap();

    // Which of the two the URL is of is not known.
    let link = MediaLink::from_callback(&callback(&url, &["x", "y"]));
    assert_eq!(link, Some(MediaLink::new(&url)));
    let link = MediaLink::from_callback(&callback(&url, &[]));
    assert_eq!(link, Some(MediaLink::new(&url)));
    assert_eq!(MediaLink::from_callback(&callback("", &[BASE64])), None);
}

#[tokio::test]
async fn a_file_is_read_piece_by_piece() {
    let server = abc().await;
    let download = server.client().download(server.url("/")).sha256(BASE64);
    let mut reader = download.open().await.unwrap();
    assert_eq!(reader.content_length(), Some(3));
    assert_eq!(reader.content_type(), Some("image/jpeg"));
    let mut file = Vec::new();
    while let Some(piece) = reader.chunk().await.unwrap() {
        file.extend_from_slice(&piece);
    }
    assert_eq!(file, b"abc");
    assert_eq!(reader.chunk().await.unwrap(), None);
}

/// The last that progress told.
async fn progress(server: &Server) -> (u64, Option<u64>) {
    let seen = Arc::new(Mutex::new((0, None)));
    let last = seen.clone();
    let download: DownloadMedia = server.client().download(server.url("/"));
    let download = download.on_progress(move |read, total| *last.lock().unwrap() = (read, total));
    download.await.unwrap();
    *seen.lock().unwrap()
}

#[tokio::test]
async fn progress_tells_the_size_if_it_is_known() {
    assert_eq!(progress(&abc().await).await, (3, Some(3)));
    let in_chunks =
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n";
    let server = Server::start(Then::Respond(in_chunks.into())).await;
    assert_eq!(progress(&server).await, (3, None));
    let until_closed = "HTTP/1.1 200 OK\r\n\r\nabc";
    let server = Server::start(Then::Respond(until_closed.into())).await;
    assert_eq!(progress(&server).await, (3, None));
}

#[tokio::test]
async fn up_to_its_head_it_is_tried_again() {
    let busy = answer("503 Service Unavailable", "", b"busy");
    let turns = vec![
        busy,
        Then::Respond(Vec::new()),
        answer("200 OK", "", b"abc"),
    ];
    let server = Server::in_turn(turns).await;
    let brief = RetryPolicy::default().longest_wait(Duration::from_millis(1));
    let client = server.client().with_retry(brief);
    let file = client.download(server.url("/")).await.unwrap();
    assert_eq!(file.bytes(), "abc");
    assert_eq!(server.received().len(), 3);
}

/// Counts what it is given, and notes the most at once.
#[derive(Default)]
struct Sink {
    bytes: usize,
    most: usize,
}

impl AsyncWrite for Sink {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        self.bytes += bytes.len();
        self.most = self.most.max(bytes.len());
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn the_largest_file_comes_in_small_pieces() {
    const LARGEST: usize = DownloadMedia::LIMIT as usize;
    let server = Server::start(Then::Zeros(LARGEST)).await;
    let mut sink = Sink::default();
    let download = server.client().download(server.url("/"));
    let written = download.write_to(&mut sink).await.unwrap();
    assert_eq!((written, sink.bytes), (LARGEST as u64, LARGEST));
    assert!(sink.most <= 1024 * 1024, "{} bytes at once", sink.most);
}
