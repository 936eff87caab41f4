//! Downloads that come to nothing: each has an error of its own kind.

use std::pin::Pin;
use std::task::{Context, Poll};

use http_body::Frame;
use kaleyra_wa_client::transport::bytes::Bytes;
use kaleyra_wa_client::transport::http::StatusCode;
use kaleyra_wa_client::transport::{
    MockTransport, Request, Response, ResponseBody, Transport, TransportError, TransportErrorKind,
    async_trait,
};
use kaleyra_wa_client::{Delivery, DownloadMedia, Error, ErrorKind, MediaLink, RetryPolicy};

use super::clock::Held;
use super::downloads::{BASE64, HEXADECIMAL};
use super::server::{Server, Then, answer};
use crate::fixtures::{Recording, client};

/// What the server makes of it, asked once.
async fn fail(then: Then, change: impl FnOnce(DownloadMedia) -> DownloadMedia) -> Error {
    let server = Server::start(then).await;
    let client = server.client().with_retry(RetryPolicy::never());
    let download = client.download(server.url("/1"));
    let error = change(download).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(server.received().len(), 1);
    error
}

fn found(error: &Error) -> (ErrorKind, Delivery, String) {
    (error.kind(), error.delivery(), error.to_string())
}

#[tokio::test]
async fn what_may_not_be_asked_is_not() {
    let at = MediaLink::new;
    let no_url = "not downloaded: the media URL must be https://, a host, and the file's path";
    let no_digest = "not downloaded: the SHA-256 is neither base64 of 32 bytes nor 64 hexadecimal digits; \
         leave it out to download the file unchecked";
    for (link, text) in [
        (at(""), no_url),
        (at("/canary.jpg"), no_url),
        (at("file:///etc/canary"), no_url),
        (
            at("http://canary.example/1.jpg"),
            "not downloaded: plain http would expose the file to anyone on the network: \
             the media URL must be https (http works for localhost, 127.0.0.1 and [::1])",
        ),
        (
            at("https://user:canary@a.example/1.jpg"),
            "not downloaded: the media URL must not contain a username or password",
        ),
        (at("https://a.example/1.jpg").sha256("aGFzaA=="), no_digest),
        (at("https://a.example/1.jpg").sha256(""), no_digest),
        (
            at("https://a.example/1.jpg").sha256(&HEXADECIMAL[2..]),
            no_digest,
        ),
    ] {
        let transport = Recording::default();
        let error = client(transport.clone()).download(link).await.unwrap_err();
        let kind = ErrorKind::InvalidRequest;
        assert_eq!(found(&error), (kind, Delivery::NotSent, text.to_owned()));
        assert_eq!(error.attempts(), 0);
        assert!(error.status().is_none());
        assert!(transport.requests().is_empty());
    }
}

#[tokio::test]
async fn a_refusal_says_what_to_do() {
    use Delivery::{Accepted, Indeterminate, Rejected};
    let expired = "the server refused the file; its link may have expired: fetch files soon after their callback";
    for (status, kind, delivery, text) in [
        (
            400,
            ErrorKind::Rejected,
            Rejected,
            "the server refused the file; check the media URL",
        ),
        (401, ErrorKind::Rejected, Rejected, expired),
        (403, ErrorKind::Rejected, Rejected, expired),
        (404, ErrorKind::Rejected, Rejected, expired),
        (410, ErrorKind::Rejected, Rejected, expired),
        (
            429,
            ErrorKind::Rejected,
            Rejected,
            "too many requests; wait 7 s before trying again",
        ),
        (
            500,
            ErrorKind::Server,
            Indeterminate,
            "the server failed; try again later",
        ),
        (
            204,
            ErrorKind::UnreadableResponse,
            Accepted,
            "the response is not a file; check the media URL",
        ),
        (
            206,
            ErrorKind::UnreadableResponse,
            Accepted,
            "the response is not a file; check the media URL",
        ),
    ] {
        let line = format!("{status} Whatever");
        let body: &[u8] = if status == 204 {
            b""
        } else {
            b"<Error>canary</Error>"
        };
        let then = answer(&line, "retry-after: 7\r\n", body);
        let error = fail(then, |download| download).await;
        let text = format!("HTTP status {status}: {text}");
        assert_eq!(found(&error), (kind, delivery, text));
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.body().unwrap(), body);
        assert_eq!(error.retry_after().unwrap().as_secs(), 7);
        assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::start(answer("200 OK", "", b"abc")).await;
    let location = format!("location: {}\r\n", elsewhere.url("/"));
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "307 Temporary Redirect",
    ] {
        let error = fail(answer(status, &location, b""), |download| download).await;
        let text = format!(
            "HTTP status {}: a redirect, which is not followed because it may lead anywhere; check the media URL",
            &status[..3]
        );
        assert_eq!(
            found(&error),
            (ErrorKind::Redirect, Delivery::Rejected, text)
        );
    }
    assert!(elsewhere.received().is_empty());
}

#[tokio::test]
async fn a_file_that_is_said_to_be_too_large_is_not_read() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 104857601\r\n\r\n".to_vec();
    let error = fail(Then::Stall(head), |download| download).await;
    let text = "the file is too large: it has 104857601 bytes, the limit is 104857600; raise it with .limit(..)";
    let expected = (ErrorKind::FileTooLarge, Delivery::Accepted, text.to_owned());
    assert_eq!(found(&error), expected);
    assert_eq!(error.status().unwrap(), 200);
}

#[tokio::test]
async fn a_file_that_turns_out_too_large_is_given_up() {
    for answer in [
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n",
        "HTTP/1.1 200 OK\r\n\r\nabcd",
    ] {
        // It would go on for ever.
        let error = fail(Then::Stall(answer.into()), |download| download.limit(3)).await;
        let text =
            "the file is too large: it has more than 3 bytes, the limit; raise it with .limit(..)";
        let expected = (ErrorKind::FileTooLarge, Delivery::Accepted, text.to_owned());
        assert_eq!(found(&error), expected);
    }
}

#[tokio::test]
async fn another_file_than_was_announced() {
    for digest in [BASE64, HEXADECIMAL] {
        let then = answer("200 OK", "", b"abd");
        let error = fail(then, |download| download.sha256(digest)).await;
        let text = "the file is not the announced one: its SHA-256 differs; download it again";
        let expected = (ErrorKind::WrongDigest, Delivery::Accepted, text.to_owned());
        assert_eq!(found(&error), expected);
    }
}

const BROKEN: &str = "the connection broke off before the file's end; download it again";

#[tokio::test]
async fn a_file_that_is_cut_off() {
    for answer in [
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ] {
        // The digest is right so far: the cut alone is the fault.
        let error = fail(Then::Respond(answer.into()), |download| {
            download.sha256(BASE64)
        })
        .await;
        let expected = (
            ErrorKind::UnreadableResponse,
            Delivery::Accepted,
            BROKEN.to_owned(),
        );
        assert_eq!(found(&error), expected);
        let below = error.transport_error().unwrap();
        assert_eq!(below.kind(), TransportErrorKind::Interrupted);
    }
}

#[tokio::test]
async fn a_transport_that_hides_the_cut_is_found_out() {
    let mut transport = MockTransport::new();
    transport.expect_execute().returning(|_| {
        let mut answer = Response::new("abc".into());
        answer
            .headers_mut()
            .insert("content-length", "100".parse().unwrap());
        Ok(answer)
    });
    let download = client(transport).download("https://a.example/1.jpg");
    let error = download.await.unwrap_err();
    let expected = (
        ErrorKind::UnreadableResponse,
        Delivery::Accepted,
        BROKEN.to_owned(),
    );
    assert_eq!(found(&error), expected);
}

#[tokio::test]
async fn after_an_error_there_is_no_more() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc";
    let server = Server::start(Then::Respond(cut.into())).await;
    let download = server.client().download(server.url("/"));
    let mut reader = download.open().await.unwrap();
    while reader.chunk().await.is_ok_and(|piece| piece.is_some()) {}
    assert_eq!(reader.chunk().await.unwrap(), None);
}

const TOO_SLOW: &str = "the server sends too slowly, or has stopped sending; try again later";

#[tokio::test]
async fn a_server_that_stalls_in_the_middle() {
    let begun = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc".to_vec();
    let server = Server::start(Then::Stall(begun)).await;
    let clock = Held::new();
    let client = server.client().with_clock(clock.clone());
    let download = client
        .download(server.url("/"))
        .on_progress(move |_, _| clock.let_go());
    let error = download.await.unwrap_err();
    let expected = (ErrorKind::Timeout, Delivery::Accepted, TOO_SLOW.to_owned());
    assert_eq!(found(&error), expected);
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn a_server_that_never_answers() {
    let server = Server::start(Then::Stall(Vec::new())).await;
    let clock = Held::new();
    clock.let_go();
    let client = server.client().with_clock(clock);
    let error = client.download(server.url("/")).await.unwrap_err();
    let text = "a time limit passed; try again later";
    let expected = (ErrorKind::Timeout, Delivery::Indeterminate, text.to_owned());
    assert_eq!(found(&error), expected);
    assert!(error.attempts() > 1, "a question is asked again");
}

/// Says no, and never comes to the end of why.
struct Endless(Held);

#[async_trait]
impl Transport for Endless {
    async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
        self.0.let_go();
        let mut answer = Response::new(ResponseBody::streaming(Pending));
        *answer.status_mut() = StatusCode::FORBIDDEN;
        Ok(answer)
    }
}

struct Pending;

impl http_body::Body for Pending {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        Poll::Pending
    }
}

#[tokio::test]
async fn a_refusal_that_never_ends_is_one_all_the_same() {
    let clock = Held::new();
    let client = client(Endless(clock.clone())).with_clock(clock);
    let download = client.download("https://a.example/1.jpg");
    let error = download.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert_eq!(error.status().unwrap(), 403);
    let below = error.transport_error().unwrap();
    assert_eq!(below.kind(), TransportErrorKind::Timeout);
}
