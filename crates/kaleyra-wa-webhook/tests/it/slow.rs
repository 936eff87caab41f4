//! Clients that are slow, silent or many.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kaleyra_wa_webhook::{ReceivedCallback, Server, WebhookService, sink_fn};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;

use crate::server::{Answer, PATIENCE, Running, SECRET, collecting, post, receiver};

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
    let server = Running::start(Server::new(service).idle_timeout(SHORT)).await;
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
    let response = Answer::read_to_end(&mut stream).await;
    assert_eq!(response.status, 400);
    assert_eq!(
        response.body,
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

/// Sends a byte now and then until the connection is closed.
async fn drip(stream: TcpStream, bytes: &[u8]) -> (Duration, Vec<u8>) {
    let begun = Instant::now();
    let (mut reading, mut writing) = stream.into_split();
    let bytes = bytes.to_vec();
    let dripping = tokio::spawn(async move {
        for byte in bytes {
            if writing.write_u8(byte).await.is_err() {
                return;
            }
            tokio::time::sleep(SHORT / 8).await;
        }
    });
    let mut response = Vec::new();
    let closed = timeout(PATIENCE, reading.read_to_end(&mut response)).await;
    closed.expect("still open").ok();
    dripping.abort();
    (begun.elapsed(), response)
}

#[tokio::test]
async fn a_header_byte_by_byte_gets_no_more_time() {
    let (service, mut deliveries) = collecting();
    let server = Running::start(Server::new(service).header_timeout(SHORT)).await;
    let request = post(SECRET, "{}");
    let stream = server.connect().await;
    let (closed, response) = tokio::join!(drip(stream, request.as_bytes()), async {
        server.assert_alive().await;
    })
    .0;
    assert!(closed >= SHORT && closed < SHORT * 8, "{closed:?}");
    assert!(!response.starts_with(b"HTTP/1.1 200"));
    assert_eq!(deliveries.try_recv().unwrap().raw, "{}");
    assert!(deliveries.try_recv().is_err());
}

#[tokio::test]
async fn a_body_byte_by_byte_gets_no_more_time() {
    let (service, mut deliveries) = collecting();
    let server = Running::start(Server::new(service.body_timeout(SHORT))).await;
    let body = format!("{{{}}}", " ".repeat(100));
    let request = post(SECRET, &body);
    let (head, body) = request.split_at(request.len() - body.len());
    let mut stream = server.connect().await;
    stream.write_all(head.as_bytes()).await.unwrap();
    let (closed, response) = drip(stream, body.as_bytes()).await;
    assert!(response.starts_with(b"HTTP/1.1 408"), "{response:?}");
    // The rest of the body is read away for as long as it comes, up to five seconds.
    assert!(
        closed >= SHORT && closed < Duration::from_secs(8),
        "{closed:?}"
    );
    assert!(deliveries.try_recv().is_err());
    server.assert_alive().await;
}

#[tokio::test]
async fn who_reads_no_answers_is_let_go() {
    let (service, _deliveries) = collecting();
    let server = Running::start(Server::new(service).write_timeout(SHORT)).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(server.address).await.unwrap();
    let request = "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(1000);
    // Until all buffers between are full, and the connection is closed for it.
    let flood = async { while stream.write_all(request.as_bytes()).await.is_ok() {} };
    timeout(PATIENCE, flood).await.expect("still open");
    server.assert_alive().await;
}

/// Asks for answers, and takes some of them only now and then, until the connection is closed.
async fn nibble(server: &Running) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let stream = socket.connect(server.address).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let asking = tokio::spawn(async move {
        let requests = "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(100);
        while writing.write_all(requests.as_bytes()).await.is_ok() {}
    });
    let mut some = [0; 4096];
    while !asking.is_finished() {
        tokio::time::sleep(SHORT / 2).await;
        let _ = reading.read(&mut some).await;
    }
}

#[tokio::test]
async fn who_reads_answers_slowly_makes_room() {
    let (service, _deliveries) = collecting();
    // Nothing but the wish of others closes it in time.
    let server = Server::new(service).write_timeout(PATIENCE * 2);
    let server = Running::start(server.max_connections(1)).await;
    let others = async {
        // By then it has the only place, and all buffers are full.
        tokio::time::sleep(SHORT).await;
        server.assert_alive().await;
    };
    let nibbling = timeout(PATIENCE, nibble(&server));
    let (nibbling, ()) = tokio::join!(nibbling, others);
    nibbling.expect("still open");
}

#[tokio::test]
async fn who_asks_again_and_again_makes_room() {
    let (service, _deliveries) = collecting();
    let server = Running::start(Server::new(service).max_connections(1)).await;
    let mut eager = server.connect().await;
    let request = post(SECRET, "{}").replace("connection: close\r\n", "");
    // Until it is closed: by a response that says so, and not by a reset.
    let asking = async {
        let mut answers = String::new();
        let mut some = [0; 1024];
        loop {
            eager.write_all(request.as_bytes()).await.unwrap();
            let read = eager.read(&mut some).await.unwrap();
            answers += str::from_utf8(&some[..read]).unwrap();
            if answers.contains("connection: close") {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    let others = async {
        tokio::time::sleep(SHORT).await;
        server.assert_alive().await;
    };
    let (asked, ()) = tokio::join!(timeout(PATIENCE, asking), others);
    asked.expect("the others never had a turn");
}

#[tokio::test]
async fn an_idle_connection_makes_room_and_a_busy_one_does_not() {
    let (entered, mut in_sink) = mpsc::unbounded_channel();
    let release = Arc::new(Notify::new());
    let gate = Arc::clone(&release);
    let sink = sink_fn(move |delivery: ReceivedCallback| {
        let (entered, gate) = (entered.clone(), Arc::clone(&gate));
        async move {
            if delivery.raw == "{\"slow\":1}" {
                entered.send(()).unwrap();
                gate.notified().await;
            }
            Ok(())
        }
    });
    let server = Server::new(WebhookService::new(receiver(), sink)).max_connections(2);
    let server = Running::start(server).await;
    let mut busy = server.connect().await;
    let slow = post(SECRET, "{\"slow\":1}");
    busy.write_all(slow.as_bytes()).await.unwrap();
    in_sink.recv().await.unwrap();
    let mut idle = server.connect().await;
    idle.write_all(b"POST / HTTP/1.1\r\n").await.unwrap();

    let begun = Instant::now();
    server.assert_alive().await;
    assert!(begun.elapsed() < Server::DEFAULT_HEADER_TIMEOUT / 2);
    let mut rest = Vec::new();
    timeout(PATIENCE, idle.read_to_end(&mut rest))
        .await
        .unwrap()
        .ok();
    assert!(rest.is_empty());
    release.notify_one();
    assert_eq!(Answer::read_to_end(&mut busy).await.status, 200);
}

/// Sends a callback over a connection that is to be kept, and reads the head of its response.
async fn post_and_keep(stream: &mut TcpStream) {
    let request = post(SECRET, "{}").replace("connection: close\r\n", "");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut response = Vec::new();
    while !response.ends_with(b"accepted\n") {
        let read = timeout(PATIENCE, stream.read_buf(&mut response)).await;
        assert_ne!(read.unwrap().unwrap(), 0, "closed");
    }
    assert!(response.starts_with(b"HTTP/1.1 200"));
}

#[tokio::test]
async fn a_kept_connection_outlives_the_time_for_a_header() {
    let (service, _deliveries) = collecting();
    let server = Running::start(Server::new(service).header_timeout(SHORT)).await;
    let mut stream = server.connect().await;
    for _ in 0..2 {
        post_and_keep(&mut stream).await;
        tokio::time::sleep(SHORT * 2).await;
    }
    post_and_keep(&mut stream).await;
    // Once it has begun, a header has no more time than any other.
    stream.write_all(b"POST / HT").await.unwrap();
    let mut rest = Vec::new();
    let closed = timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
    closed.expect("still open").ok();
    assert!(
        Server::DEFAULT_IDLE_TIMEOUT > Duration::from_secs(120),
        "Caddy's"
    );
}

#[tokio::test]
async fn settings_at_their_extremes_let_callbacks_in_all_the_same() {
    for time in [
        Duration::MAX,
        Duration::MAX / 2,
        Duration::from_secs(u64::MAX / 4),
    ] {
        let (service, _deliveries) = collecting();
        let service = service
            .body_timeout(time)
            .sink_timeout(time)
            .body_limit(usize::MAX);
        let server = Server::new(service)
            .header_timeout(time)
            .idle_timeout(time)
            .write_timeout(time)
            .drain_deadline(time)
            .max_connections(usize::MAX);
        let mut server = Running::start(server).await;
        let mut stream = server.connect().await;
        post_and_keep(&mut stream).await;
        post_and_keep(&mut stream).await;
        server.assert_alive().await;
        server.stop();
        server.stopped().await;
    }
    // Zero is a little more than that.
    let (service, _deliveries) = collecting();
    let service = service
        .body_timeout(Duration::ZERO)
        .sink_timeout(Duration::ZERO);
    let server = Server::new(service)
        .idle_timeout(Duration::ZERO)
        .write_timeout(Duration::ZERO)
        .max_connections(0);
    Running::start(server).await.assert_alive().await;
}
