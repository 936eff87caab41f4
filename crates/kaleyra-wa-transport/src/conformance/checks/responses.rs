//! Responses of every status, and that nothing is changed on the way.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use http::{HeaderValue, Method};

use super::super::exchange::{Findings, KEY, PATH, TEXT, exchange, message, message_to};
use super::super::server::{Fault, Server};
use super::unfit;
use crate::Transport;

type Found = Result<(), Vec<String>>;

pub(super) async fn statuses(transport: &dyn Transport) -> Found {
    let mut findings = Findings::default();
    for status in [200, 202, 400, 401, 404, 429, 500, 502, 503, 504] {
        let response = format!(
            "HTTP/1.1 {status} Whatever\r\ncontent-length: 4\r\nretry-after: 1\r\n\r\nbody"
        );
        let server = Server::responding(response).map_err(unfit)?;
        let what = format!("status {status}");
        match exchange(transport, message(&server)).await {
            Ok(response) if response.status().as_u16() != status => {
                findings.add(format!("{what}: it came back as {}", response.status()));
            }
            Ok(response) if response.body() != "body" => {
                findings.add(format!("{what}: its body did not come back"));
            }
            Ok(_) => {}
            Err(error) => findings.add(format!(
                "{what}: it came back as an error of {:?}; return it as Ok",
                error.phase()
            )),
        }
        findings.expect_one_copy(&server, &what);
    }
    findings.outcome()
}

pub(super) async fn redirects(transport: &dyn Transport) -> Found {
    let mut findings = Findings::default();
    for status in [301, 302, 303, 307, 308] {
        let elsewhere =
            Server::responding("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").map_err(unfit)?;
        let response = format!(
            "HTTP/1.1 {status} Elsewhere\r\nlocation: http://{}/\r\ncontent-length: 0\r\n\r\n",
            elsewhere.authority()
        );
        let server = Server::responding(response).map_err(unfit)?;
        let what = format!("status {status}");
        match exchange(transport, message(&server)).await {
            Ok(response) if response.status().as_u16() == status => {}
            Ok(response) => findings.add(format!("{what}: it came back as {}", response.status())),
            Err(error) => findings.add(format!(
                "{what}: it came back as an error of {:?}; return it as Ok",
                error.phase()
            )),
        }
        if elsewhere.touched() > 0 {
            findings.add(format!(
                "{what}: it was followed, so another host received the key: turn redirects off"
            ));
        }
        findings.expect_one_copy(&server, &what);
    }
    findings.outcome()
}

pub(super) async fn unchanged_request(transport: &dyn Transport) -> Found {
    let server = Server::start(Fault::Echo).map_err(unfit)?;
    let mut findings = Findings::default();
    let origin = format!("http://{}", server.authority());
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let mut request = message_to(&origin);
        *request.method_mut() = method.clone();
        let url = format!("{origin}/v2/{PATH}/%2B91?after=a%20b&limit=2");
        if let Ok(uri) = url.parse() {
            *request.uri_mut() = uri;
        }
        let headers = request.headers_mut();
        headers.append("x-twice", HeaderValue::from_static("one"));
        headers.append("x-twice", HeaderValue::from_static("two, three"));
        if let Err(error) = exchange(transport, request).await {
            findings.add(format!("{method}: an error of {:?}", error.phase()));
            continue;
        }
        let Some(received) = server.received().pop() else {
            findings.add(format!("{method}: nothing arrived"));
            continue;
        };
        let line = format!("{method} /v2/{PATH}/%2B91?after=a%20b&limit=2 HTTP/1.1");
        let mut lines = received.head.lines();
        let first = lines.next().unwrap_or_default();
        if first != line {
            findings.add(format!(
                "{method}: `{first}` arrived instead of `{line}`: send the URL as it is"
            ));
        }
        let headers: Vec<(String, &str)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
            .collect();
        let expected = [
            ("api-key", KEY),
            ("content-type", "application/json"),
            ("x-twice", "one"),
            ("x-twice", "two, three"),
        ];
        for (name, value) in expected {
            let count = headers
                .iter()
                .filter(|(found, content)| found == name && *content == value)
                .count();
            if count != 1 {
                findings.add(format!(
                    "{method}: the header `{name}` arrived {count} times with its value instead of once"
                ));
            }
        }
        if received.body != TEXT.as_bytes() {
            findings.add(format!("{method}: the body did not arrive as it is"));
        }
    }
    findings.outcome()
}

pub(super) async fn whole_response(transport: &dyn Transport) -> Found {
    let body = "{\"code\":\"WA202\"}";
    let bodies = [
        format!("content-length: {}\r\n\r\n{body}", body.len()),
        format!("transfer-encoding: chunked\r\n\r\n10\r\n{body}\r\n0\r\n\r\n"),
        format!("connection: close\r\n\r\n{body}"),
    ];
    let mut findings = Findings::default();
    for framed in bodies {
        let response = format!("HTTP/1.1 202 Accepted\r\nx-request-id: r 1\r\n{framed}");
        let server = Server::responding(response).map_err(unfit)?;
        let framing = framed.split(':').next().unwrap_or_default();
        let what = format!("a body framed by `{framing}`");
        match exchange(transport, message(&server)).await {
            Ok(response) => {
                let id = response.headers().get("x-request-id");
                if id.is_none_or(|id| id != "r 1") {
                    findings.add(format!("{what}: a header is lost or changed"));
                }
                if response.body() != body {
                    findings.add(format!("{what}: the body is lost or changed"));
                }
            }
            Err(error) => findings.add(format!("{what}: an error of {:?}", error.phase())),
        }
    }
    findings.outcome()
}

pub(super) async fn concurrency(transport: &dyn Transport) -> Found {
    const MANY: usize = 24;
    let server = Server::start(Fault::Echo).map_err(unfit)?;
    let mut findings = Findings::default();
    let requests = (0..MANY).map(|number| {
        let body = format!("message {number}");
        let request = message(&server).map(|_| body.clone().into());
        async move {
            let response = exchange(transport, request).await;
            response.is_ok_and(|response| response.body() == body.as_bytes())
        }
    });
    let right = together(requests).await;
    let right = right.into_iter().filter(|right| *right).count();
    if right != MANY {
        findings.add(format!(
            "of {MANY} requests, {right} got their own response"
        ));
    }
    if server.copies() != MANY {
        let copies = server.copies();
        findings.add(format!("of {MANY} requests, {copies} copies arrived"));
    }
    findings.outcome()
}

/// Runs futures side by side.
async fn together<T>(futures: impl Iterator<Item = impl Future<Output = T> + Send>) -> Vec<T> {
    let mut running: Vec<Pin<Box<_>>> = futures.map(Box::pin).collect();
    let mut outputs = Vec::new();
    poll_fn(|cx| {
        running.retain_mut(|future| match future.as_mut().poll(cx) {
            Poll::Ready(output) => {
                outputs.push(output);
                false
            }
            Poll::Pending => true,
        });
        if running.is_empty() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    outputs
}
