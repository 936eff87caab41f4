//! One request of a check, and what is said about its outcome.

use std::fmt::Write;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;

use super::server::Server;
use crate::causes::causes;
use crate::{
    Body, Operation, OperationClass, Phase, Request, SendOnce, Transport, TransportError,
    TransportErrorKind, read_whole,
};

/// What must appear on the wire, and in no error text.
pub(super) const KEY: &str = "canary-key-7b31";
pub(super) const TEXT: &str = "canary-text-19ce";
pub(super) const PATH: &str = "canary-path-40fd";
pub(super) const RESPONSE: &str = "canary-response-82aa";

/// The limit of checks that wait until it has passed.
pub(super) const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(15);

/// What a check found; nothing if the promise was kept.
#[derive(Default)]
pub(super) struct Findings(Vec<String>);

impl Findings {
    pub(super) fn add(&mut self, finding: impl Into<String>) {
        self.0.push(finding.into());
    }

    pub(super) fn outcome(self) -> Result<(), Vec<String>> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(self.0)
        }
    }

    /// Adds a finding unless exactly one copy arrived.
    pub(super) fn expect_one_copy(&mut self, server: &Server, what: &str) {
        let copies = server.copies();
        if copies != 1 {
            self.add(format!(
                "{what}: {copies} copies arrived instead of 1; send it once, and leave retries to the caller"
            ));
        }
    }

    /// Adds a finding unless it failed in this phase.
    pub(super) fn expect_phase(&mut self, outcome: &ExchangeOutcome, phase: Phase, what: &str) {
        match outcome {
            Ok(response) => self.add(format!(
                "{what}: it returned status {} instead of an error of {phase:?}",
                response.status()
            )),
            Err(error) if error.phase() == phase => {}
            Err(error) => self.add(format!(
                "{what}: the error is of {:?} ({:?}) instead of {phase:?}; {}",
                error.phase(),
                error.kind(),
                advice(phase)
            )),
        }
    }

    /// Adds a finding unless it failed because a timeout had passed.
    pub(super) fn expect_timeout(&mut self, outcome: &ExchangeOutcome, what: &str) {
        if let Err(error) = outcome
            && error.kind() != TransportErrorKind::Timeout
        {
            self.add(format!(
                "{what}: the error is of kind {:?} instead of Timeout; respect the operation's timeout",
                error.kind()
            ));
        }
    }
}

const fn advice(phase: Phase) -> &'static str {
    match phase {
        Phase::Connect => "say that nothing was sent when connecting fails",
        Phase::InFlight => {
            "only a request that provably never left may be Connect, and only a response whose headers arrived may be Body"
        }
        Phase::Body { .. } => "once the headers have arrived, every failure is of this phase",
    }
}

pub(super) type ExchangeOutcome = Result<http::Response<Bytes>, TransportError>;

/// A send to this server, as the client makes it.
pub(super) fn send(origin: &str, body: impl Into<Body>, limit: Duration) -> Request {
    let mut request = Request::new(body.into());
    *request.method_mut() = http::Method::POST;
    // What can't be parsed is sent to no host, and so told as broken by the check.
    if let Ok(uri) = format!("{origin}/v2/{PATH}/messages").parse() {
        *request.uri_mut() = uri;
    }
    let mut key = HeaderValue::from_static(KEY);
    key.set_sensitive(true);
    let headers = request.headers_mut();
    headers.insert("api-key", key);
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    let operation = Operation::new("conformance", OperationClass::Send, 1).with_timeout(limit);
    request.extensions_mut().insert(operation);
    request.extensions_mut().insert(SendOnce::new());
    request
}

/// A small send with plenty of time.
pub(super) fn message(server: &Server) -> Request {
    let origin = format!("http://{}", server.authority());
    send(&origin, TEXT.to_owned(), LONG)
}

/// The same to any origin.
pub(super) fn message_to(origin: &str) -> Request {
    send(origin, TEXT.to_owned(), LONG)
}

/// Sends it and reads the whole response.
pub(super) async fn exchange(transport: &dyn Transport, request: Request) -> ExchangeOutcome {
    read_whole(transport.execute(request).await?, 1024 * 1024).await
}

/// Everything that an error can be made to say.
pub(super) fn texts(error: &TransportError) -> String {
    let mut texts = format!("{error} {error:?} {error:#?}");
    for cause in causes(error) {
        // Writing to a string does not fail.
        let _ = write!(texts, " {cause} {cause:?} {cause:#?}");
    }
    texts
}
