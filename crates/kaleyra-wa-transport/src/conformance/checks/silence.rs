//! Errors of every phase say nothing of what was sent.

use super::super::exchange::{
    Findings, KEY, PATH, RESPONSE, SHORT, TEXT, exchange, message_to, send, texts,
};
use super::super::server::{Fault, Server};
use super::unfit;
use crate::Transport;

pub(super) async fn silence(transport: &dyn Transport) -> Result<(), Vec<String>> {
    let hanging = Server::start(Fault::RespondThenHang(Vec::new())).map_err(unfit)?;
    let closing = Server::responding("").map_err(unfit)?;
    let garbled = Server::responding(format!("{RESPONSE}\r\n\r\n")).map_err(unfit)?;
    let cut = Server::responding(format!(
        "HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\n{RESPONSE}"
    ))
    .map_err(unfit)?;
    let plain = Server::start(Fault::BadRequest).map_err(unfit)?;
    let of = |server: &Server| format!("http://{}", server.authority());
    let closed = {
        let gone = Server::responding("").map_err(unfit)?;
        of(&gone)
    };

    let mut findings = Findings::default();
    let requests = [
        ("a closed port", message_to(&closed)),
        ("an unknown scheme", message_to("ftp://127.0.0.1")),
        (
            "TLS to a plain server",
            message_to(&format!("https://{}", plain.authority())),
        ),
        (
            "a server that hangs",
            send(&of(&hanging), TEXT.to_owned(), SHORT),
        ),
        ("closed after the request", message_to(&of(&closing))),
        ("a response that is not HTTP", message_to(&of(&garbled))),
        ("a response that breaks off", message_to(&of(&cut))),
    ];
    for (what, request) in requests {
        let Err(error) = exchange(transport, request).await else {
            findings.add(format!("{what}: it did not fail"));
            continue;
        };
        let texts = texts(&error);
        let secrets = [
            (KEY, "the key"),
            (TEXT, "the request's body"),
            (PATH, "the URL"),
            (RESPONSE, "the response's body"),
        ];
        for (canary, secret) in secrets {
            if texts.contains(canary) {
                findings.add(format!(
                    "{what}: {secret} is in the error's texts; strip it from the cause, or leave the cause out"
                ));
            }
        }
        if error.to_string().lines().count() > 1 {
            findings.add(format!("{what}: the error's text is more than one line"));
        }
    }
    findings.outcome()
}
