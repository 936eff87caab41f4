//! Copies that a layer in between makes of one request.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use super::super::exchange::{ExchangeOutcome, Findings, exchange, message, message_to};
use super::super::server::Server;
use super::unfit;
use crate::{Phase, Request, SendOnce, Transport, TransportErrorKind};

type Found = Result<(), Vec<String>>;

const ADVICE: &str =
    "claim the request's `SendOnce` before any I/O, and settle the claim with the outcome";
const RESPONSE: &str = "HTTP/1.1 500 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

pub(super) async fn send_once(transport: &dyn Transport) -> Found {
    let mut findings = Findings::default();

    // One after the other, as a layer repeats that does not like the response.
    let server = Server::responding(RESPONSE).map_err(unfit)?;
    let request = message(&server);
    if let Err(error) = exchange(transport, request.clone()).await {
        findings.add(format!("the first copy: an error of {:?}", error.phase()));
    }
    let second = exchange(transport, request).await;
    expect_refusal(&mut findings, &second, "a second copy");
    expect_one(&mut findings, &server, "a copy after the other");

    // At once, as a layer hedges.
    let server = Server::responding(RESPONSE).map_err(unfit)?;
    let request = message(&server);
    let (first, second) = both(
        exchange(transport, request.clone()),
        exchange(transport, request),
    )
    .await;
    let refused = if first.is_err() { first } else { second };
    expect_refusal(&mut findings, &refused, "one of two copies at once");
    expect_one(&mut findings, &server, "two copies at once");

    // Left behind by a layer, after whoever asked has given the attempt up.
    let server = Server::responding(RESPONSE).map_err(unfit)?;
    let request = message(&server);
    permission(&request).revoke();
    let late = exchange(transport, request).await;
    expect_refusal(&mut findings, &late, "a copy whose permission was revoked");
    if server.copies() > 0 {
        findings.add(format!(
            "a copy whose permission was revoked: it arrived; {ADVICE}"
        ));
    }

    // What provably was not sent may be tried again.
    let request = message_to("http://127.0.0.1:9");
    let outcome = exchange(transport, request.clone()).await;
    findings.expect_phase(&outcome, Phase::Connect, "a closed port");
    if permission(&request).is_claimed() {
        findings.add(
            "a closed port: the permission was not given back, so that nobody may try again; \
             settle the claim with the outcome",
        );
    }
    findings.outcome()
}

fn permission(request: &Request) -> SendOnce {
    let permission = request.extensions().get::<SendOnce>();
    permission.cloned().unwrap_or_default()
}

fn expect_one(findings: &mut Findings, server: &Server, what: &str) {
    let copies = server.copies();
    if copies != 1 {
        findings.add(format!(
            "{what}: {copies} copies arrived instead of 1; {ADVICE}"
        ));
    }
}

fn expect_refusal(findings: &mut Findings, outcome: &ExchangeOutcome, what: &str) {
    match outcome {
        Ok(response) => findings.add(format!(
            "{what}: it returned status {} instead of an error; {ADVICE}",
            response.status()
        )),
        Err(error)
            if error.phase() == Phase::InFlight && error.kind() == TransportErrorKind::Repeated => {
        }
        Err(error) => findings.add(format!(
            "{what}: the error is of {:?} ({:?}) instead of InFlight (Repeated); \
             hand on the one that `SendOnce::claim` returns",
            error.phase(),
            error.kind()
        )),
    }
}

/// Runs both at the same time.
async fn both<T>(first: impl Future<Output = T>, second: impl Future<Output = T>) -> (T, T) {
    let (mut first, mut second) = (pin!(first), pin!(second));
    let (mut one, mut other) = (None, None);
    poll_fn(|cx| {
        if one.is_none()
            && let Poll::Ready(output) = first.as_mut().poll(cx)
        {
            one = Some(output);
        }
        if other.is_none()
            && let Poll::Ready(output) = second.as_mut().poll(cx)
        {
            other = Some(output);
        }
        match (one.take(), other.take()) {
            (Some(first), Some(second)) => Poll::Ready((first, second)),
            (first, second) => {
                (one, other) = (first, second);
                Poll::Pending
            }
        }
    })
    .await
}
