//! Large bodies: the response reaches a client that is still sending.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::process::Command;

use kaleyra_wa_webhook::Server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::server::{Answer, PATIENCE, Running, SECRET, collecting, post};

const LARGE: usize = 10 * 1024 * 1024;
const TOO_LARGE: &str = "the body is too large: at most 3145728 bytes\n";

fn head(secret: &str, framing: &str) -> String {
    format!("POST / HTTP/1.1\r\nhost: localhost\r\nx-kaleyra-secret: {secret}\r\n{framing}\r\n\r\n")
}

/// A client that sends everything before it reads anything.
fn stubborn(address: SocketAddr, head: &str, body: &[u8]) -> Answer {
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    Answer::parse(&text)
}

fn chunked(body: &[u8]) -> Vec<u8> {
    let mut chunks = Vec::with_capacity(body.len() + body.len() / 1024);
    for chunk in body.chunks(16 * 1024) {
        chunks.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        chunks.extend_from_slice(chunk);
        chunks.extend_from_slice(b"\r\n");
    }
    chunks.extend_from_slice(b"0\r\n\r\n");
    chunks
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_megabytes_are_a_413_that_arrives() {
    let (server, mut deliveries) = Running::collecting().await;
    let address = server.address;
    for _ in 0..5 {
        let (by_length, by_chunks) = spawn_blocking(move || {
            let body = vec![b' '; LARGE];
            let by_length = stubborn(
                address,
                &head(SECRET, &format!("content-length: {LARGE}")),
                &body,
            );
            let by_chunks = stubborn(
                address,
                &head(SECRET, "transfer-encoding: chunked"),
                &chunked(&body),
            );
            (by_length, by_chunks)
        })
        .await
        .unwrap();
        for response in [by_length, by_chunks] {
            assert_eq!((response.status, response.body.as_str()), (413, TOO_LARGE));
            assert_eq!(response.header("connection"), Some("close"));
        }
        server.assert_alive().await;
        assert_eq!(deliveries.try_recv().unwrap().raw, "{}");
        assert!(deliveries.try_recv().is_err());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_secret_with_a_large_body_is_a_401_that_arrives() {
    let (server, _deliveries) = Running::collecting().await;
    let address = server.address;
    for _ in 0..5 {
        let response = spawn_blocking(move || {
            let head = head("wrong", &format!("content-length: {LARGE}"));
            stubborn(address, &head, &vec![b' '; LARGE])
        })
        .await
        .unwrap();
        assert_eq!(
            (response.status, response.body.as_str()),
            (401, "unauthorized\n")
        );
    }
    server.assert_alive().await;
}

#[tokio::test]
async fn a_client_that_asks_first_is_told_before_it_sends() {
    let (server, mut deliveries) = Running::collecting().await;
    for (secret, length, status) in [(SECRET, LARGE, 413), ("wrong", 2, 401)] {
        let framing = format!("content-length: {length}\r\nexpect: 100-continue");
        let response = server.exchange(&head(secret, &framing)).await;
        assert_eq!(response.status, status);
    }

    let mut stream = server.connect().await;
    let asking = post(SECRET, "").replace(
        "content-length: 0",
        "content-length: 2\r\nexpect: 100-continue",
    );
    stream.write_all(asking.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    timeout(PATIENCE, stream.read_exact(&mut go_on))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"{}").await.unwrap();
    assert_eq!(Answer::read_to_end(&mut stream).await.status, 200);
    assert!(deliveries.try_recv().is_ok());
}

#[tokio::test]
async fn the_cap_is_the_last_size_that_passes() {
    let (service, _deliveries) = collecting();
    let server = Running::start(Server::new(service.body_limit(64))).await;
    let body = |size: usize| format!("{{{}}}", " ".repeat(size - 2));
    let as_chunks = |body: &str| {
        let body = String::from_utf8(chunked(body.as_bytes())).unwrap();
        head(SECRET, "transfer-encoding: chunked\r\nconnection: close") + &body
    };
    for (size, status) in [(64, 200), (65, 413)] {
        let response = server.exchange(&post(SECRET, &body(size))).await;
        assert_eq!(response.status, status, "{size} bytes by length");
        let response = server.exchange(&as_chunks(&body(size))).await;
        assert_eq!(response.status, status, "{size} bytes by chunks");
    }
}

/// curl is what people will try it with; where it is missing, the tests above stand for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn curl_sees_the_status_each_time() {
    if Command::new("curl").arg("--version").output().is_err() {
        return;
    }
    let (server, _deliveries) = Running::collecting().await;
    let url = format!("http://{}/", server.address);
    let body = std::env::temp_dir().join(format!("kaleyra-wa-webhook-{}", std::process::id()));
    std::fs::write(&body, vec![b' '; LARGE]).unwrap();
    let data = format!("@{}", body.display());

    let statuses = spawn_blocking(move || {
        let status = |secret: &str, headers: &[&str]| {
            let mut curl = Command::new("curl");
            curl.args([
                "--silent",
                "--noproxy",
                "*",
                "--max-time",
                "20",
                "--output",
                "-",
            ]);
            curl.args(["--write-out", "%{http_code}", "--data-binary", &data]);
            curl.args(["--header", &format!("x-kaleyra-secret: {secret}")]);
            for header in headers {
                curl.args(["--header", header]);
            }
            let output = curl.arg(&url).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        let mut statuses = Vec::new();
        for _ in 0..3 {
            for headers in [
                &[][..],
                &["expect:"][..],
                &["expect:", "transfer-encoding: chunked"][..],
            ] {
                statuses.push((
                    status(SECRET, headers),
                    format!("{TOO_LARGE}413"),
                    headers.len(),
                ));
                statuses.push((
                    status("wrong", headers),
                    "unauthorized\n401".to_owned(),
                    headers.len(),
                ));
            }
        }
        statuses
    })
    .await
    .unwrap();
    std::fs::remove_file(&body).unwrap();
    for (seen, expected, headers) in statuses {
        assert_eq!(seen, expected, "with {headers} headers more");
    }
    server.assert_alive().await;
}
