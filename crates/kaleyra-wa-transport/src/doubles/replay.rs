//! A transport that replays a cassette.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use http_body::Frame;
use serde_json::Value;

use super::cassette::{
    Cassette, Exchange, RecordedBody, RecordedOutcome, RecordedResponse, kind_of, phase_of,
};
use super::recording::asked;
use super::scrubber::{Numbers, Scrubber};
use super::{named, unscripted};
use crate::{Phase, Request, Response, ResponseBody, Transport, TransportError};

/// So much at most is made up for a body whose contents were not kept.
const MADE_UP: u64 = 16 * 1024 * 1024;

/// Replays a [`Cassette`], each exchange once.
///
/// A request is scrubbed as the recorded ones were, and gets the first exchange left whose method, path, query and body
/// are the same then. The host and the headers may differ. If there is none, it fails with
/// [`TransportErrorKind::Unscripted`](crate::TransportErrorKind::Unscripted), and the error's source says what differs:
/// never with its values.
///
/// Clones share the cassette. An example is at [`Recording`](super::Recording).
///
/// ```
/// use kaleyra_wa_transport::{Body, Cassette, Replay, Scrubber, Transport, TransportErrorKind, http};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cassette = Cassette::from_json(r#"{"version": 1, "exchanges": [
///     {"method": "POST", "target": "/v2/SID/whatsapp/900000000001/messages", "body": {"json": {"to": "+900000000002"}},
///      "outcome": {"response": {"status": 202, "body": {"json": {"code": "WA202"}}}}}
/// ]}"#)?;
/// let replay = Replay::new(cassette).scrubber(Scrubber::new()).ignore_bodies();
/// assert_eq!(replay.remaining(), 1);
///
/// let request = || http::Request::post("https://api.example/v2/HX1/whatsapp/918000000001/messages").body(Body::empty());
/// assert_eq!(replay.execute(request()?).await?.status(), 202);
/// replay.assert_finished();
///
/// // Each exchange is there once.
/// let error = replay.execute(request()?).await.unwrap_err();
/// assert_eq!(error.kind(), TransportErrorKind::Unscripted);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Replay {
    scrubber: Scrubber,
    compares_bodies: bool,
    left: Arc<Mutex<Vec<Exchange>>>,
}

impl Replay {
    /// Replays this cassette.
    pub fn new(cassette: Cassette) -> Self {
        Self {
            scrubber: Scrubber::new(),
            compares_bodies: true,
            left: Arc::new(Mutex::new(cassette.exchanges)),
        }
    }

    /// Scrubs requests as the recording did, if it had a scrubber of its own.
    #[must_use]
    pub fn scrubber(mut self, scrubber: Scrubber) -> Self {
        self.scrubber = scrubber;
        self
    }

    /// Takes any body for the recorded one, if method, path and query are the same.
    #[must_use]
    pub const fn ignore_bodies(mut self) -> Self {
        self.compares_bodies = false;
        self
    }

    /// How many exchanges are left.
    pub fn remaining(&self) -> usize {
        self.left().len()
    }

    /// For the end of a test.
    ///
    /// # Panics
    ///
    /// When exchanges are left.
    #[track_caller]
    pub fn assert_finished(&self) {
        let left = self.remaining();
        assert!(left == 0, "{left} exchanges of the cassette are left");
    }

    fn left(&self) -> MutexGuard<'_, Vec<Exchange>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the exchange for this request, or says why there is none.
    fn take(&self, request: &Request) -> Result<Exchange, String> {
        let mut asked = asked(&self.scrubber, &mut Numbers::default(), request);
        self.scrubber.finish(&mut asked);
        let mut left = self.left();
        let mut nearest = None;
        for (place, exchange) in left.iter().enumerate() {
            if (&exchange.method, &exchange.target) != (&asked.method, &asked.target) {
                continue;
            }
            match difference(&exchange.body, &asked.body) {
                Some(place) if self.compares_bodies => nearest = nearest.or(Some(place)),
                _ => return Ok(left.remove(place)),
            }
        }
        let why = match nearest {
            Some(place) => format!("its body differs from the recorded one at {place}"),
            None => "nothing is left in the cassette with its method, path and query".to_owned(),
        };
        Err(format!("{}: {why}", named(request)))
    }
}

#[async_trait]
impl Transport for Replay {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        match self.take(&request).map_err(unscripted)?.outcome {
            Some(RecordedOutcome::Response(recorded)) => Ok(replayed(recorded)),
            Some(RecordedOutcome::Failure { phase, kind }) => {
                Err(TransportError::new(phase_of(&phase), kind_of(&kind)))
            }
            None => Err(unscripted(format!(
                "{}: it was cancelled while recording, so it has no outcome",
                named(&request)
            ))),
        }
    }
}

fn replayed(recorded: RecordedResponse) -> Response {
    let bytes = match recorded.body {
        RecordedBody::Json(json) => Bytes::from(json.to_string()),
        RecordedBody::Text(text) => text.into(),
        RecordedBody::Bytes(len) => vec![b' '; len.min(MADE_UP) as usize].into(),
    };
    let status = StatusCode::from_u16(recorded.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = match recorded.broken {
        None => ResponseBody::from(bytes),
        Some(kind) => {
            let error = TransportError::new(Phase::Body { status }, kind_of(&kind));
            ResponseBody::streaming(Broken(Some(bytes), Some(error)))
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in recorded.headers {
        // The length may be another than that of the recorded body.
        if let (Ok(name), Ok(value)) = (
            HeaderName::try_from(name.as_str()),
            HeaderValue::try_from(value),
        ) && name != http::header::CONTENT_LENGTH
        {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// Some bytes, and then an error.
struct Broken(Option<Bytes>, Option<TransportError>);

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let next = match self.0.take() {
            Some(bytes) => Some(Ok(Frame::data(bytes))),
            None => self.1.take().map(Err),
        };
        std::task::Poll::Ready(next)
    }
}

/// Where two bodies differ, in words that hold nothing of them.
fn difference(recorded: &RecordedBody, asked: &RecordedBody) -> Option<String> {
    match (recorded, asked) {
        (RecordedBody::Json(recorded), RecordedBody::Json(asked)) => {
            value_difference(recorded, asked, "$")
        }
        (recorded, asked) if recorded == asked => None,
        (RecordedBody::Bytes(_), RecordedBody::Bytes(_)) => Some("its size".to_owned()),
        _ => Some("its kind".to_owned()),
    }
}

fn value_difference(recorded: &Value, asked: &Value, path: &str) -> Option<String> {
    match (recorded, asked) {
        (Value::Object(recorded), Value::Object(asked)) => {
            let names = recorded.keys().chain(asked.keys());
            names
                .map(|name| {
                    let path = format!("{path}.{name}");
                    match (recorded.get(name), asked.get(name)) {
                        (Some(recorded), Some(asked)) => value_difference(recorded, asked, &path),
                        _ => Some(path),
                    }
                })
                .find_map(|difference| difference)
        }
        (Value::Array(recorded), Value::Array(asked)) if recorded.len() == asked.len() => recorded
            .iter()
            .zip(asked)
            .enumerate()
            .find_map(|(index, (recorded, asked))| {
                value_difference(recorded, asked, &format!("{path}[{index}]"))
            }),
        _ => (recorded != asked).then(|| path.to_owned()),
    }
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay")
            .field("remaining", &self.remaining())
            .finish_non_exhaustive()
    }
}
