//! Failures, and what the error says about delivery.

use http::StatusCode;

use super::super::exchange::{Findings, KEY, SHORT, exchange, message, message_to, send};
use super::super::server::{Fault, Server};
use super::unfit;
use crate::{Phase, Transport};

type Found = Result<(), Vec<String>>;

const ACCEPTED: Phase = Phase::Body {
    status: StatusCode::ACCEPTED,
};

pub(super) async fn refused_connection(transport: &dyn Transport) -> Found {
    // The port of a service that went out of use: one that was free a moment ago may be another test's by now.
    let request = message_to("http://127.0.0.1:9");
    let mut findings = Findings::default();
    let outcome = exchange(transport, request).await;
    findings.expect_phase(&outcome, Phase::Connect, "a closed port");
    findings.outcome()
}

pub(super) async fn unknown_name(transport: &dyn Transport) -> Found {
    let mut findings = Findings::default();
    let outcome = exchange(transport, message_to("https://name.invalid")).await;
    findings.expect_phase(&outcome, Phase::Connect, "the name `name.invalid`");
    findings.outcome()
}

pub(super) async fn tls_to_plain_server(transport: &dyn Transport) -> Found {
    let server = Server::start(Fault::BadRequest).map_err(unfit)?;
    let mut findings = Findings::default();
    let request = message_to(&format!("https://{}", server.authority()));
    let outcome = exchange(transport, request).await;
    findings.expect_phase(
        &outcome,
        Phase::Connect,
        "an https URL of a server without TLS",
    );
    let leaked = |received: &super::super::server::Received| received.head.contains(KEY);
    if server.received().iter().any(leaked) {
        findings.add("the key went over the wire in clear text, to an https URL");
    }
    findings.outcome()
}

pub(super) async fn closed_without_response(transport: &dyn Transport) -> Found {
    let server = Server::responding("").map_err(unfit)?;
    let mut findings = Findings::default();
    let outcome = exchange(transport, message(&server)).await;
    findings.expect_phase(&outcome, Phase::InFlight, "closed after the request");
    findings.expect_one_copy(&server, "closed after the request");
    findings.outcome()
}

pub(super) async fn reset_mid_upload(transport: &dyn Transport) -> Found {
    let server = Server::start(Fault::ResetMidUpload).map_err(unfit)?;
    let mut findings = Findings::default();
    let request = message(&server).map(|_| vec![b'x'; 8 * 1024 * 1024].into());
    let outcome = exchange(transport, request).await;
    findings.expect_phase(&outcome, Phase::InFlight, "a reset in the request");
    if server.touched() > 1 {
        findings.add(format!(
            "{} connections after one call: send it once, and leave retries to the caller",
            server.touched()
        ));
    }
    findings.outcome()
}

pub(super) async fn not_http(transport: &dyn Transport) -> Found {
    let server = Server::responding("SSH-2.0-OpenSSH_9.9\r\n").map_err(unfit)?;
    let mut findings = Findings::default();
    let outcome = exchange(transport, message(&server)).await;
    findings.expect_phase(&outcome, Phase::InFlight, "a response that is not HTTP");
    findings.expect_one_copy(&server, "a response that is not HTTP");
    findings.outcome()
}

pub(super) async fn hang(transport: &dyn Transport) -> Found {
    let server = Server::start(Fault::RespondThenHang(Vec::new())).map_err(unfit)?;
    let mut findings = Findings::default();
    let origin = format!("http://{}", server.authority());
    let outcome = exchange(transport, send(&origin, "{}".to_owned(), SHORT)).await;
    findings.expect_phase(&outcome, Phase::InFlight, "a server that hangs");
    findings.expect_timeout(&outcome, "a server that hangs");
    findings.expect_one_copy(&server, "a server that hangs");
    findings.outcome()
}

pub(super) async fn cut_response(transport: &dyn Transport) -> Found {
    let cut = "{\"code\":\"WA2";
    let response = format!("HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\n{cut}");
    let server = Server::responding(response).map_err(unfit)?;
    let mut findings = Findings::default();
    let outcome = exchange(transport, message(&server)).await;
    findings.expect_phase(&outcome, ACCEPTED, "a response that breaks off");
    if let Err(error) = &outcome
        && error.body().is_none_or(|body| body != cut)
    {
        findings.add(
            "the part of the response that was read is lost: return it, or attach it to the error",
        );
    }
    findings.expect_one_copy(&server, "a response that breaks off");
    findings.outcome()
}

pub(super) async fn hanging_response(transport: &dyn Transport) -> Found {
    let head = b"HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\n{".to_vec();
    let server = Server::start(Fault::RespondThenHang(head)).map_err(unfit)?;
    let mut findings = Findings::default();
    let origin = format!("http://{}", server.authority());
    let outcome = exchange(transport, send(&origin, "{}".to_owned(), SHORT)).await;
    findings.expect_phase(&outcome, ACCEPTED, "a response that hangs");
    findings.expect_timeout(&outcome, "a response that hangs");
    findings.outcome()
}
