//! A transport that records what goes through another.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::cassette::{Cassette, Exchange, RecordedOutcome, RecordedResponse, kind_name};
use super::scrubber::{Numbers, Scrubber};
use super::tee::Tee;
use crate::{Operation, Phase, Request, Response, ResponseBody, Transport, TransportError};

/// Sends through another transport and records requests and responses in a [`Cassette`]. Secrets and personal data are
/// removed before anything is kept, see [`Scrubber`].
///
/// A response is complete in the cassette when its body was read or dropped. Bodies are streamed; of those above 1 MiB
/// only the size is kept.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_transport::{Body, Cassette, Recording, Replay, Scripted, Transport, http, read_whole};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let request = || {
///     http::Request::post("https://api.example/v2/HX1/whatsapp/918000000001/messages")
///         .header("api-key", "secret")
///         .body(Body::from(r#"{"to":"+919800000001","text":{"body":"Hello"}}"#.to_owned()))
/// };
///
/// // In place of the scripted one, use the transport to the real server.
/// let recording = Recording::new(Scripted::new().respond(202, r#"{"code":"WA202"}"#));
/// let response = recording.execute(request()?).await?;
/// read_whole(response, 1024).await?;
///
/// let json = recording.cassette().to_json()?;
/// for secret in ["secret", "918000000001", "919800000001", "Hello"] {
///     assert!(!json.contains(secret));
/// }
///
/// // `Cassette::save` and `load` keep it in a file between the two.
/// let replay = Replay::new(Cassette::from_json(&json)?);
/// let response = replay.execute(request()?).await?;
/// assert_eq!(read_whole(response, 1024).await?.body(), r#"{"code":"WA202"}"#);
/// # Ok(())
/// # }
/// ```
pub struct Recording<T> {
    inner: T,
    scrubber: Scrubber,
    exchanges: Arc<Mutex<Vec<Exchange>>>,
}

impl<T> Recording<T> {
    /// Records what goes through this transport.
    pub fn new(inner: T) -> Self {
        Self {
            inner,
            scrubber: Scrubber::new(),
            exchanges: Arc::default(),
        }
    }

    /// Decides what is kept.
    ///
    /// For an example see [`Scrubber`].
    #[must_use]
    pub fn scrubber(mut self, scrubber: Scrubber) -> Self {
        self.scrubber = scrubber;
        self
    }

    /// What was recorded so far.
    pub fn cassette(&self) -> Cassette {
        let mut exchanges = exchanges(&self.exchanges).clone();
        for exchange in &mut exchanges {
            self.scrubber.finish(exchange);
        }
        Cassette { exchanges }
    }

    /// Notes the request, and returns its place.
    fn note(&self, exchange: Exchange) -> usize {
        let mut exchanges = exchanges(&self.exchanges);
        exchanges.push(exchange);
        exchanges.len() - 1
    }
}

#[async_trait]
impl<T: Transport> Transport for Recording<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let mut numbers = Numbers::default();
        let place = self.note(asked(&self.scrubber, &mut numbers, &request));
        let response = match self.inner.execute(request).await {
            Ok(response) => response,
            Err(error) => {
                let outcome = match error.phase() {
                    Phase::Body { status } => RecordedOutcome::Response(RecordedResponse {
                        status: status.as_u16(),
                        headers: Vec::new(),
                        body: self.scrubber.body(
                            &mut numbers,
                            error.body().map(|body| &body[..]),
                            error.body().map_or(0, |body| body.len() as u64),
                            true,
                        ),
                        broken: Some(kind_name(error.kind())),
                    }),
                    phase => RecordedOutcome::failure(phase, error.kind()),
                };
                settle(&self.exchanges, place, outcome);
                return Err(error);
            }
        };
        let status = response.status().as_u16();
        let headers = self.scrubber.headers(response.headers());
        let exchanges = Arc::clone(&self.exchanges);
        let scrubber = self.scrubber.clone();
        let finish = move |passed: super::tee::Passed| {
            let body = scrubber.body(&mut numbers, passed.bytes(), passed.len, true);
            let outcome = RecordedOutcome::Response(RecordedResponse {
                status,
                headers,
                body,
                broken: passed.broken.map(kind_name),
            });
            settle(&exchanges, place, outcome);
        };
        Ok(response.map(|body| ResponseBody::streaming(Tee::new(body, finish))))
    }
}

/// The request's side of an exchange. Of a body that is not in memory, the size alone.
pub(super) fn asked(scrubber: &Scrubber, numbers: &mut Numbers, request: &Request) -> Exchange {
    let operation = request.extensions().get::<Operation>();
    let bytes = request.body().as_bytes().map(|bytes| &bytes[..]);
    Exchange {
        method: request.method().as_str().to_owned(),
        target: scrubber.target(numbers, request.uri()),
        operation: operation.map(|operation| operation.name.to_owned()),
        headers: scrubber.headers(request.headers()),
        body: scrubber.body(numbers, bytes, request.body().len(), false),
        outcome: None,
    }
}

fn settle(all: &Mutex<Vec<Exchange>>, place: usize, outcome: RecordedOutcome) {
    if let Some(exchange) = exchanges(all).get_mut(place) {
        exchange.outcome = Some(outcome);
    }
}

fn exchanges(all: &Mutex<Vec<Exchange>>) -> MutexGuard<'_, Vec<Exchange>> {
    all.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> fmt::Debug for Recording<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording")
            .field("exchanges", &exchanges(&self.exchanges).len())
            .finish_non_exhaustive()
    }
}
