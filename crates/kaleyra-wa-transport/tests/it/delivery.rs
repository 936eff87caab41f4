//! Each way in which a request can fail, and what the error says about its delivery.

use std::error::Error;
use std::time::Duration;

use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_transport::http::{self, StatusCode};
use kaleyra_wa_transport::{
    Phase, Request, ReqwestTransport, Transport, TransportError, TransportErrorKind, read_whole,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::server::{Fault, KEY, Server, Untouched, post};

const ACCEPTED: Phase = Phase::Body {
    status: StatusCode::ACCEPTED,
};

/// Limits short enough for tests that wait for them.
pub(crate) fn impatient() -> ReqwestTransport {
    ReqwestTransport::builder()
        .timeout(Duration::from_millis(300))
        .build()
        .unwrap()
}

async fn execute(request: Request) -> Result<http::Response<Bytes>, TransportError> {
    exchange(&ReqwestTransport::new().unwrap(), request, 1024).await
}

/// Sends a request and reads the whole response.
async fn exchange(
    transport: &ReqwestTransport,
    request: Request,
    limit: usize,
) -> Result<http::Response<Bytes>, TransportError> {
    read_whole(transport.execute(request).await?, limit).await
}

/// The causes below an error, outermost first.
fn causes(error: &TransportError) -> Vec<String> {
    let mut causes = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    causes
}

fn check(error: &TransportError, phase: Phase, kind: TransportErrorKind) {
    assert_eq!((error.phase(), error.kind()), (phase, kind), "{error:?}");
}

#[tokio::test]
async fn a_whole_answer_is_handed_over_with_its_status_and_headers() {
    let server = Server::responding(
        "HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\nx-request-id: r1\r\n\r\n{}",
    )
    .await;
    let response = execute(post(&server.url(), "hello".to_owned()))
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::ACCEPTED);
    assert_eq!(response.headers()["x-request-id"], "r1");
    assert_eq!(response.body(), "{}");

    let received = server.received();
    assert_eq!(received.len(), 1);
    let request = received[0].to_ascii_lowercase();
    assert!(
        request.starts_with("post /v2/sid/messages http/1.1\r\n"),
        "{request}"
    );
    assert!(
        request.contains(&format!("\r\napi-key: {KEY}\r\n")),
        "{request}"
    );
    assert!(
        request.contains(concat!(
            "\r\nuser-agent: kaleyra-wa/",
            env!("CARGO_PKG_VERSION"),
            "\r\n"
        )),
        "{request}"
    );
    assert!(request.ends_with("\r\n\r\nhello"), "{request}");
    for unasked in ["accept-encoding", "cookie", "referer"] {
        assert!(!request.contains(unasked), "{request}");
    }
}

#[tokio::test]
async fn an_error_status_is_an_answer() {
    let server =
        Server::responding("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\nbusy")
            .await;
    let response = execute(post(&server.url(), "{}".to_owned())).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.body().as_ref()),
        (503, &b"busy"[..])
    );
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_closed_port_means_that_nothing_was_sent() {
    // The port of a service that went out of use: one that was free a moment ago may be another test's by now.
    let url = "http://127.0.0.1:9/";
    let error = execute(post(url, "{}".to_owned())).await.unwrap_err();
    check(&error, Phase::Connect, TransportErrorKind::Connect);
    assert_eq!(causes(&error)[0], "tcp connect error");
    let refused = error.source().and_then(Error::source).unwrap();
    let refused = refused.downcast_ref::<std::io::Error>().unwrap();
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn an_unknown_name_means_that_nothing_was_sent() {
    let error = execute(post("https://name.invalid/", "{}".to_owned()))
        .await
        .unwrap_err();
    check(&error, Phase::Connect, TransportErrorKind::Connect);
    let causes = causes(&error);
    assert_eq!(causes[0], "dns error");
    assert!(causes.len() > 1, "why the name is not known: {causes:?}");
}

#[tokio::test]
async fn tls_to_a_plain_server_means_that_nothing_was_sent() {
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", plain.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = plain.accept().await.unwrap();
        let mut seen = Vec::new();
        stream.read_buf(&mut seen).await.unwrap();
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .await
            .unwrap();
        // Whatever else the transport sends before it gives up.
        let _ = stream.read_to_end(&mut seen).await;
        seen
    });
    let error = execute(post(&url, "{}".to_owned())).await.unwrap_err();
    check(&error, Phase::Connect, TransportErrorKind::Connect);
    assert_eq!(
        causes(&error),
        ["received corrupt message of type InvalidContentType"]
    );
    let seen = server.await.unwrap();
    assert_eq!(seen[0], 0x16, "a TLS handshake record");
    assert!(!String::from_utf8_lossy(&seen).contains(KEY));
}

#[tokio::test]
async fn a_tls_handshake_that_hangs_times_out_before_anything_was_sent() {
    let silent = Untouched::listen("127.0.0.1");
    let transport = ReqwestTransport::builder()
        .connect_timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let url = format!("https://127.0.0.1:{}/", silent.port());
    let error = transport
        .execute(post(&url, "{}".to_owned()))
        .await
        .unwrap_err();
    check(&error, Phase::Connect, TransportErrorKind::Timeout);
}

/// Else the total would pass first, and the verdict would be that it may have arrived.
#[tokio::test]
async fn connecting_gives_up_before_a_short_total_does() {
    let silent = Untouched::listen("127.0.0.1");
    let transport = ReqwestTransport::builder()
        .timeout(Duration::from_millis(600))
        .build()
        .unwrap();
    let url = format!("https://127.0.0.1:{}/", silent.port());
    let error = transport
        .execute(post(&url, "{}".to_owned()))
        .await
        .unwrap_err();
    check(&error, Phase::Connect, TransportErrorKind::Timeout);
}

#[tokio::test]
async fn a_url_without_host_is_refused() {
    for url in ["/v2/SID/messages", "*"] {
        let error = execute(post(url, "{}".to_owned())).await.unwrap_err();
        check(&error, Phase::Connect, TransportErrorKind::InvalidRequest);
    }
}

#[tokio::test]
async fn a_connection_closed_after_the_request_leaves_delivery_open_and_is_not_repeated() {
    let server = Server::responding("").await;
    let error = execute(post(&server.url(), "{}".to_owned()))
        .await
        .unwrap_err();
    check(&error, Phase::InFlight, TransportErrorKind::Interrupted);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_server_that_hangs_times_out_in_flight_and_is_not_asked_again() {
    let server = Server::start(Fault::RespondThenHang(Vec::new())).await;
    let error = impatient()
        .execute(post(&server.url(), "{}".to_owned()))
        .await
        .unwrap_err();
    check(&error, Phase::InFlight, TransportErrorKind::Timeout);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_reset_in_the_middle_of_an_upload_leaves_delivery_open() {
    let server = Server::start(Fault::ResetMidUpload).await;
    let error = execute(post(&server.url(), vec![b'x'; 8 * 1024 * 1024]))
        .await
        .unwrap_err();
    check(&error, Phase::InFlight, TransportErrorKind::Interrupted);
}

#[tokio::test]
async fn an_answer_that_is_not_http_leaves_delivery_open() {
    let server = Server::responding("SSH-2.0-OpenSSH_9.9\r\n").await;
    let error = execute(post(&server.url(), "{}".to_owned()))
        .await
        .unwrap_err();
    check(&error, Phase::InFlight, TransportErrorKind::InvalidResponse);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_cut_body_keeps_the_status_and_what_was_read() {
    let server =
        Server::responding("HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\n{\"code\":\"WA2")
            .await;
    let error = execute(post(&server.url(), "{}".to_owned()))
        .await
        .unwrap_err();
    check(&error, ACCEPTED, TransportErrorKind::Interrupted);
    assert_eq!(error.status(), Some(StatusCode::ACCEPTED));
    assert_eq!(error.body().unwrap(), "{\"code\":\"WA2");
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_broken_chunk_keeps_the_status_and_what_was_read() {
    let answer =
        "HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\nnonsense\r\n";
    let server = Server::responding(answer).await;
    let error = execute(post(&server.url(), "{}".to_owned()))
        .await
        .unwrap_err();
    check(&error, ACCEPTED, TransportErrorKind::InvalidResponse);
    assert_eq!(error.body().unwrap(), "{}");
}

#[tokio::test]
async fn a_body_that_stops_half_way_times_out_with_what_was_read() {
    let head = b"HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\n{".to_vec();
    let server = Server::start(Fault::RespondThenHang(head)).await;
    let error = exchange(&impatient(), post(&server.url(), "{}".to_owned()), 1024)
        .await
        .unwrap_err();
    check(&error, ACCEPTED, TransportErrorKind::Timeout);
    assert_eq!(error.body().unwrap(), "{");
}

#[tokio::test]
async fn an_answer_over_the_limit_keeps_the_status_and_the_bytes_up_to_it() {
    let transport = ReqwestTransport::new().unwrap();
    for head in ["content-length: 10\r\n\r\n", "\r\n"] {
        let server = Server::responding(format!("HTTP/1.1 202 Accepted\r\n{head}0123456789")).await;
        let error = exchange(&transport, post(&server.url(), "{}".to_owned()), 4)
            .await
            .unwrap_err();
        check(&error, ACCEPTED, TransportErrorKind::BodyTooLarge);
        assert_eq!(error.body().unwrap(), "0123");
    }
}

#[tokio::test]
async fn an_answer_at_the_limit_passes() {
    let transport = ReqwestTransport::new().unwrap();
    let server = Server::responding("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n0123").await;
    let response = exchange(&transport, post(&server.url(), "{}".to_owned()), 4)
        .await
        .unwrap();
    assert_eq!(response.body(), "0123");
}

#[tokio::test]
async fn a_request_after_the_server_closed_the_connection_takes_a_new_one() {
    // No `connection: close`: the transport keeps the connection, and finds it gone.
    let server = Server::responding("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let transport = ReqwestTransport::new().unwrap();
    for sent in 1..=3 {
        transport
            .execute(post(&server.url(), "{}".to_owned()))
            .await
            .unwrap();
        assert_eq!(server.received().len(), sent);
    }
}
