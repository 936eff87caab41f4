//! Odd and hostile requests: the right answer to each, and the server lives on.

use std::time::Duration;

use kaleyra_wa_webhook::Server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::fixtures::BUTTON;
use crate::server::{Answer, Running, SECRET, collecting, post};

async fn exchange(server: &Running, request: &[u8]) -> Answer {
    let mut stream = server.connect().await;
    stream.write_all(request).await.unwrap();
    Answer::read_to_end(&mut stream).await
}

#[tokio::test]
async fn json_is_read_however_odd() {
    let (server, mut deliveries) = Running::collecting().await;
    let deep = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    let wide = format!("{{\"a\":[{}0]}}", "0,".repeat(1_000_000));
    let numbers = "{\"a\":1e999999,\"b\":-0.0,\"c\":123456789012345678901234567890}";
    for (body, status) in [
        (deep(100), 200),
        // What can't be read is kept as it came; only a body that is cut off is refused.
        (deep(100_000), 200),
        (format!("{}1", "{\"a\":".repeat(500_000)), 400),
        (wide, 200),
        (
            "{\"a\":1,\"a\":2,\"extra_info\":{},\"extra_info\":{}}".to_owned(),
            200,
        ),
        (numbers.to_owned(), 200),
        (numbers.replace("1e999999", "1e99"), 200),
        ("\u{feff}{}".to_owned(), 200),
        ("{\"\\u0000\":\"\\ud800\"}".to_owned(), 200),
        (" \r\n\t{} \r\n".to_owned(), 200),
    ] {
        let start = body.chars().take(40).collect::<String>();
        let response = server.exchange(&post(SECRET, &body)).await;
        assert_eq!(response.status, status, "{start} {response:?}");
        match status {
            200 => assert_eq!(deliveries.try_recv().unwrap().raw, body, "{start}"),
            _ => assert!(deliveries.try_recv().is_err(), "{start}"),
        }
    }
    server.assert_alive().await;
}

#[tokio::test]
async fn bytes_that_are_no_json_are_a_400() {
    let (server, mut deliveries) = Running::collecting().await;
    for bytes in [&b"\x1f\x8b\x08\x00"[..], b"\x00", b"{}\0"] {
        let request = post(SECRET, "").replace(
            "content-length: 0",
            &format!("content-length: {}", bytes.len()),
        );
        let response = exchange(&server, &[request.as_bytes(), bytes].concat()).await;
        assert_eq!(response.status, 400, "{bytes:?}");
    }
    assert!(deliveries.try_recv().is_err());
    server.assert_alive().await;
}

#[tokio::test]
async fn framing_that_makes_no_sense_is_refused() {
    let (server, mut deliveries) = Running::collecting().await;
    let length = format!("content-length: {}", BUTTON.len());
    for (framing, body) in [
        ("content-length: -1", BUTTON),
        ("content-length: 0x10", BUTTON),
        ("content-length: 99999999999999999999", BUTTON),
        ("content-length: 2\r\ncontent-length: 3", "{}"),
        ("transfer-encoding: chunked", "zz\r\n{}\r\n0\r\n\r\n"),
        ("transfer-encoding: chunked", "2\r\n{}garbage"),
        ("transfer-encoding: gzip", BUTTON),
        ("transfer-encoding: gzip, identity", BUTTON),
    ] {
        let request = post(SECRET, BUTTON).replace(&length, framing);
        let request = request.replace(BUTTON, body);
        let response = exchange(&server, request.as_bytes()).await;
        assert_eq!(response.status, 400, "{framing}");
        assert!(deliveries.try_recv().is_err(), "{framing}");
    }
    for garbage in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"nonsense\r\n\r\n",
    ] {
        let mut stream = server.connect().await;
        stream.write_all(garbage).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.ok();
        assert!(!rest.starts_with(b"HTTP/1.1 2"));
    }
    server.assert_alive().await;
}

#[tokio::test]
async fn a_length_that_is_too_short_cuts_and_too_long_waits() {
    let (service, mut deliveries) = collecting();
    let service = service.body_timeout(Duration::from_millis(200));
    let server = Running::start(Server::new(service)).await;
    // What follows is taken for another request, which makes no sense.
    let short = post(SECRET, "{}{}").replace("content-length: 4", "content-length: 2");
    assert_eq!(server.exchange(&short).await.status, 200);
    assert_eq!(deliveries.try_recv().unwrap().raw, "{}");

    let long = post(SECRET, "{}").replace("content-length: 2", "content-length: 3");
    assert_eq!(server.exchange(&long).await.status, 408);
    assert!(deliveries.try_recv().is_err());
    server.assert_alive().await;
}

#[tokio::test]
async fn chunks_of_one_byte_are_one_body() {
    let (server, mut deliveries) = Running::collecting().await;
    let chunks: String = BUTTON
        .bytes()
        .map(|byte| format!("1;a=b\r\n{}\r\n", char::from(byte)))
        .collect();
    let length = format!("content-length: {}", BUTTON.len());
    let request = post(SECRET, BUTTON).replace(&length, "transfer-encoding: chunked");
    let request = request.replace(BUTTON, &format!("{chunks}0\r\nx-trailer: 1\r\n\r\n"));
    assert_eq!(server.exchange(&request).await.status, 200);
    assert_eq!(deliveries.try_recv().unwrap().raw, BUTTON);
}

#[tokio::test]
async fn only_what_surely_is_no_json_is_a_415() {
    let (server, mut deliveries) = Running::collecting().await;
    let json = "content-type: application/json\r\n";
    for (headers, status) in [
        ("", 200),
        ("content-type: text/plain\r\n", 200),
        ("content-type: application/x-www-form-urlencoded\r\n", 200),
        ("content-type: application/problem+json\r\n", 200),
        ("content-type: \r\n", 200),
        ("content-type: multipart/form-data; boundary=a\r\n", 415),
        ("content-type: image/png\r\n", 415),
        (
            "content-type: application/json\r\ncontent-encoding: gzip\r\n",
            415,
        ),
    ] {
        let request = post(SECRET, BUTTON).replace(json, headers);
        let response = server.exchange(&request).await;
        assert_eq!(response.status, status, "{headers} {response:?}");
        assert_eq!(deliveries.try_recv().is_ok(), status == 200, "{headers}");
    }
    // An unauthenticated caller doesn't learn what is read here.
    let request = post("wrong", BUTTON).replace("application/json", "image/png");
    assert_eq!(server.exchange(&request).await.status, 401);
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let (server, _deliveries) = Running::collecting().await;
    let many: String = (0..200).map(|n| format!("x-{n}: a\r\n")).collect();
    let long = |length| format!("x-long: {}\r\n", "a".repeat(length));
    // What a connection may keep of them is bounded well below what many of them would fill the memory with.
    for headers in [many, long(200_000), long(1_000_000)] {
        let request = post(SECRET, "{}").replace("content-type", &format!("{headers}content-type"));
        let mut stream = server.connect().await;
        // The response may come, and the connection end, before all is sent.
        stream.write_all(request.as_bytes()).await.ok();
        let mut head = [0; 12];
        if stream.read_exact(&mut head).await.is_ok() {
            assert_eq!(&head, b"HTTP/1.1 431");
        }
    }
    server.assert_alive().await;
}
