//! Clients that are slow, silent or many.

use std::time::{Duration, Instant};

use kaleyra_wa_webhook::Server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use crate::server::{Answer, PATIENCE, Running, SECRET, collecting, post};

const SHORT: Duration = Duration::from_millis(200);

#[tokio::test]
async fn silence_and_half_a_header_are_closed_in_time() {
    let (service, _deliveries) = collecting();
    let server = Running::start(Server::new(service).header_timeout(SHORT)).await;
    let begun = Instant::now();
    let mut streams = Vec::new();
    for sent in ["", "POST / HTTP/1.1\r\nhost: loc"] {
        let mut stream = server.connect().await;
        stream.write_all(sent.as_bytes()).await.unwrap();
        streams.push(stream);
    }
    server.assert_alive().await;
    for stream in &mut streams {
        let mut rest = Vec::new();
        let closed = timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
        closed.expect("still open").ok();
        assert!(begun.elapsed() >= SHORT, "closed too early");
    }
    server.assert_alive().await;
}

#[tokio::test]
async fn an_idle_connection_is_closed_in_time() {
    let (service, _deliveries) = collecting();
    let server = Running::start(Server::new(service).header_timeout(SHORT)).await;
    let mut stream = server.connect().await;
    let request = post(SECRET, "{}").replace("connection: close\r\n", "");
    stream.write_all(request.as_bytes()).await.unwrap();
    assert_eq!(Answer::read_to_end(&mut stream).await.status, 200);
}

#[tokio::test]
async fn half_a_body_is_a_408() {
    let (service, mut deliveries) = collecting();
    let server = Running::start(Server::new(service.body_timeout(SHORT))).await;
    let whole = post(SECRET, "{\"half\": 1}");
    let mut stream = server.connect().await;
    stream
        .write_all(&whole.as_bytes()[..whole.len() - 3])
        .await
        .unwrap();
    let mut head = [0; 12];
    timeout(PATIENCE, stream.read_exact(&mut head))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(&head, b"HTTP/1.1 408");
    assert!(deliveries.try_recv().is_err());
    server.assert_alive().await;
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_delivery() {
    let (server, mut deliveries) = Running::collecting().await;
    // The first bytes are a whole callback; what was announced is more.
    let request = post(SECRET, "{}").replace("content-length: 2", "content-length: 20");
    let mut stream = server.connect().await;
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let answer = Answer::read_to_end(&mut stream).await;
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.body,
        "the body broke off before its end: send it whole\n"
    );

    server.assert_alive().await;
    assert_eq!(deliveries.try_recv().unwrap().raw, "{}");
    assert!(deliveries.try_recv().is_err());
}

#[tokio::test]
async fn more_connections_than_allowed_wait_for_their_turn() {
    let (service, _deliveries) = collecting();
    let server = Running::start(Server::new(service).max_connections(1)).await;
    let mut first = server.connect().await;
    let request = post(SECRET, "{}").replace("connection: close\r\n", "");
    first.write_all(request.as_bytes()).await.unwrap();
    let mut head = [0; 12];
    first.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");

    let mut second = server.connect().await;
    second
        .write_all(post(SECRET, "{}").as_bytes())
        .await
        .unwrap();
    let early = timeout(Duration::from_millis(100), second.read_u8()).await;
    assert!(early.is_err(), "served beside the first");
    drop(first);
    assert_eq!(Answer::read_to_end(&mut second).await.status, 200);
}
