//! Faults of a real network: each has its verdict, and none makes a second copy of a message.

use std::error::Error as _;

use kaleyra_wa_client::transport::TransportErrorKind;
use kaleyra_wa_client::{Delivery, Error, ErrorKind};

use crate::fixtures::{ACCEPTED, KEY, SENDER, SID, USER};
use crate::server::{Server, Then, client_of, nobody};

/// Sends one message; the server must have seen exactly one copy.
async fn send(server: &Server) -> Error {
    let error = server.client().send(USER, "Hello").await.unwrap_err();
    assert_eq!(server.requests().len(), 1);
    assert_eq!(error.attempts(), 1);
    error
}

#[tokio::test]
async fn accepted() {
    let server = Server::responding("202 Accepted", "", ACCEPTED).await;
    let sent = server.client().send(USER, "Hello").await.unwrap();
    assert_eq!(sent.message_id().as_str(), "AX1");

    let [request] = server.requests().try_into().unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    assert_eq!(
        lines.next(),
        Some(format!("POST /v2/{SID}/whatsapp/{SENDER}/messages HTTP/1.1").as_str())
    );
    let headers: Vec<String> = lines.map(str::to_ascii_lowercase).collect();
    for header in [
        &format!("api-key: {KEY}"),
        "accept: application/json",
        "content-type: application/json",
    ] {
        assert!(headers.iter().any(|line| line == header), "{head}");
    }
    assert!(body.contains(r#""text":{"body":"Hello"}"#), "{body}");
}

#[tokio::test]
async fn closed_port() {
    let error = client_of(nobody()).send(USER, "Hello").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!(
        error.to_string(),
        "could not connect: check the base URL, the network and the proxy; nothing was sent"
    );
    let cause = error.source().unwrap();
    assert_eq!(cause.to_string(), "tcp connect error");
    assert!(cause.source().is_some(), "the system's own words");
}

#[tokio::test]
async fn closed_without_a_response() {
    let server = Server::start(Then::Respond(String::new())).await;
    let error = send(&server).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(error.delivery(), Delivery::Indeterminate);
    let below = error.transport_error().unwrap();
    assert_eq!(below.kind(), TransportErrorKind::Interrupted);
}

#[tokio::test]
async fn no_response_in_time() {
    let server = Server::start(Then::Hang).await;
    let error = send(&server).await;
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.delivery(), Delivery::Indeterminate);
    let below = error.transport_error().unwrap();
    assert_eq!(below.kind(), TransportErrorKind::Timeout);
}

#[tokio::test]
async fn accepted_and_cut() {
    let server = Server::start(Then::Respond(format!(
        "HTTP/1.1 202 Accepted\r\ncontent-length: 500\r\n\r\n{}",
        &ACCEPTED[..40]
    )))
    .await;
    let error = send(&server).await;
    assert_eq!(error.kind(), ErrorKind::UnreadableResponse);
    assert_eq!(error.delivery(), Delivery::Accepted);
    assert_eq!(error.status().unwrap().as_u16(), 202);
    assert_eq!(error.body().unwrap(), &ACCEPTED[..40]);
}

#[tokio::test]
async fn accepted_as_the_documentation_prints_it() {
    // Two commas are missing there.
    let printed = "{\n\"code\":\"WA202\"\n\"message\":\"Request Accepted\",\n\"data\":{\n\"message_id\":\"AX1\"\n}\n\"error\":{}\n}";
    let server = Server::responding("202 Accepted", "", printed).await;
    let error = send(&server).await;
    assert_eq!(error.kind(), ErrorKind::UnreadableResponse);
    assert_eq!(error.delivery(), Delivery::Accepted);
    assert_eq!(error.body().unwrap(), printed);
    assert!(
        error.to_string().ends_with("don't send it again"),
        "{error}"
    );
}

#[tokio::test]
async fn rejected_and_cut() {
    let response = "HTTP/1.1 400 Bad Request\r\ncontent-length: 500\r\n\r\n{\"code\":";
    let server = Server::start(Then::Respond(response.to_owned())).await;
    let error = send(&server).await;
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert_eq!(error.delivery(), Delivery::Rejected);
}

#[tokio::test]
async fn redirected() {
    let elsewhere = Server::responding("202 Accepted", "", ACCEPTED).await;
    let location = format!("location: http://{}/\r\n", elsewhere.address());
    let server = Server::responding("307 Temporary Redirect", &location, "").await;
    let error = send(&server).await;
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert_eq!(error.delivery(), Delivery::Rejected);
    assert!(elsewhere.requests().is_empty());
}
