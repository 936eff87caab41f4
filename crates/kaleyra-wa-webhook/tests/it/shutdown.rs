//! How it ends: deliveries under way finish, nothing else holds it up.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kaleyra_wa_webhook::{ReceivedCallback, Server, SinkError, WebhookService, sink_fn};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};

use crate::server::{Answer, PATIENCE, Running, SECRET, post, receiver};

/// A service whose sink says when it is called and accepts when it is let.
fn gated() -> (WebhookService, mpsc::UnboundedReceiver<()>, Arc<Notify>) {
    let (entered, in_sink) = mpsc::unbounded_channel();
    let release = Arc::new(Notify::new());
    let gate = Arc::clone(&release);
    let sink = sink_fn(move |_: ReceivedCallback| {
        let (entered, gate) = (entered.clone(), Arc::clone(&gate));
        async move {
            entered.send(()).unwrap();
            gate.notified().await;
            Ok::<_, SinkError>(())
        }
    });
    (WebhookService::new(receiver(), sink), in_sink, release)
}

/// Waits until nothing listens there any more.
async fn refused(address: std::net::SocketAddr) {
    let deadline = Instant::now() + PATIENCE;
    while TcpStream::connect(address).await.is_ok() {
        assert!(Instant::now() < deadline, "still listening");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_delivery_under_way_is_finished() {
    let (service, mut in_sink, release) = gated();
    let mut server = Running::start(Server::new(service)).await;
    let mut stream = server.connect().await;
    stream
        .write_all(post(SECRET, "{}").as_bytes())
        .await
        .unwrap();
    in_sink.recv().await.unwrap();

    server.stop();
    refused(server.address).await;
    release.notify_one();
    assert_eq!(Answer::read_to_end(&mut stream).await.status, 200);
    server.stopped().await;
}

#[tokio::test]
async fn idle_connections_are_closed_at_once() {
    let (mut server, _deliveries) = Running::collecting().await;
    let mut stream = server.connect().await;
    let request = post(SECRET, "{}").replace("connection: close\r\n", "");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");

    let begun = Instant::now();
    server.stop();
    server.stopped().await;
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_stuck_sink_is_dropped_at_the_deadline() {
    let deadline = Duration::from_millis(300);
    let (service, mut in_sink, _release) = gated();
    let mut server = Running::start(Server::new(service).drain_deadline(deadline)).await;
    let mut stream = server.connect().await;
    stream
        .write_all(post(SECRET, "{}").as_bytes())
        .await
        .unwrap();
    in_sink.recv().await.unwrap();

    let begun = Instant::now();
    server.stop();
    server.stopped().await;
    assert!(begun.elapsed() >= deadline, "not given its time");
    assert!(begun.elapsed() < PATIENCE / 2);

    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.ok();
    assert!(rest.is_empty(), "answered though it was not accepted");
}

#[tokio::test]
async fn half_a_header_does_not_hold_it_up() {
    let (mut server, _deliveries) = Running::collecting().await;
    let mut stream = server.connect().await;
    stream.write_all(b"POST / HTTP/1.1\r\n").await.unwrap();
    // Connections are accepted in order: once this one is served, the first is being read.
    server.assert_alive().await;

    let begun = Instant::now();
    server.stop();
    server.stopped().await;
    assert!(begun.elapsed() < Server::DEFAULT_HEADER_TIMEOUT / 2);
}

#[tokio::test]
async fn dropping_the_server_drops_its_connections() {
    let (service, mut in_sink, _release) = gated();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = kaleyra_wa_webhook::serve(listener, service, std::future::pending());
    let task = tokio::spawn(serving);

    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(post(SECRET, "{}").as_bytes())
        .await
        .unwrap();
    in_sink.recv().await.unwrap();
    task.abort();
    let mut rest = Vec::new();
    let closed = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
    closed.expect("still open").ok();
    assert!(rest.is_empty());
}

#[cfg(unix)]
#[tokio::test]
async fn a_socket_that_does_not_listen_is_an_error() {
    // One end of a connection, whose other end is gone, so that it is ready at once.
    let peer = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let socket = std::net::TcpStream::connect(peer.local_addr().unwrap()).unwrap();
    drop(peer.accept().unwrap());
    let listener = std::net::TcpListener::from(std::os::fd::OwnedFd::from(socket));
    listener.set_nonblocking(true).unwrap();
    let listener = TcpListener::from_std(listener).unwrap();
    let (service, _in_sink, _release) = gated();
    let serving = kaleyra_wa_webhook::serve(listener, service, std::future::pending());
    let ended = tokio::time::timeout(PATIENCE, serving).await;
    ended.expect("it goes on").unwrap_err();
}
