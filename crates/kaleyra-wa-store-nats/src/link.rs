//! The connection to the server, and what is asked of JetStream.

use std::time::Duration;

use async_nats::client::{Request, RequestErrorKind};
use async_nats::datetime::{DateTime, parse_rfc3339};
use async_nats::jetstream::Context;
use async_nats::{Client, HeaderMap, Message, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, stream};
use kaleyra_wa_store::StoreError;
use serde::Deserialize;
use serde_json::json;

use crate::failure::{Failure, Outcome, unreadable};
use crate::names::Names;
use crate::random;

/// Where the record of an event is.
pub(crate) const META: &str = "Kwa-Meta";
/// Where it is what became of an event in the store that it comes from.
pub(crate) const MOVED: &str = "Kwa-Moved";
/// How many messages an atomic batch may have at most.
pub(crate) const BATCH: usize = 1_000;
/// How many messages are asked for at the same time.
const READS: usize = 64;

/// What the server is asked by.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) client: Client,
    pub(crate) js: Context,
    pub(crate) names: Names,
    pub(crate) timeout: Duration,
    /// There is one copy of each stream: whoever has it, has the last word.
    pub(crate) is_single: bool,
}

/// A message on its way into a stream.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    pub(crate) subject: String,
    pub(crate) headers: HeaderMap,
    pub(crate) payload: Bytes,
}

/// A message in a stream.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) sequence: u64,
    pub(crate) subject: String,
    pub(crate) meta: Option<String>,
    pub(crate) moved: Option<String>,
    pub(crate) payload: Bytes,
    /// When the server took it.
    pub(crate) time: DateTime,
}

impl Stored {
    /// Whether this, which is about an event, is about an earlier one of the same id: where a server lost its last messages in a
    /// power cut, their sequences are given again.
    pub(crate) fn is_before(&self, event: &DateTime) -> bool {
        self.time < *event
    }
}

impl Outgoing {
    pub(crate) fn new(subject: String, payload: impl Into<Bytes>) -> Self {
        Self {
            subject,
            headers: HeaderMap::new(),
            payload: payload.into(),
        }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.insert(name, value.into());
        self
    }

    /// To be refused unless the last message of this subject is that one; 0 where there must be none.
    pub(crate) fn after(self, sequence: u64) -> Self {
        self.header("Nats-Expected-Last-Subject-Sequence", sequence.to_string())
    }

    /// The same by another subject.
    pub(crate) fn while_last(self, subject: String, sequence: u64) -> Self {
        self.after(sequence)
            .header("Nats-Expected-Last-Subject-Sequence-Subject", subject)
    }
}

/// What came of asking for a sign of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Probe {
    Responds,
    /// It is connected, and does not respond.
    Silent,
    /// Nobody is connected who would respond.
    Gone,
    Unknown,
}

/// How much is in a stream.
#[derive(Default, Deserialize)]
pub(crate) struct Extent {
    #[serde(default)]
    pub(crate) messages: u64,
    #[serde(default)]
    pub(crate) bytes: u64,
    #[serde(default)]
    pub(crate) last_seq: u64,
    #[serde(default)]
    subjects: std::collections::HashMap<String, u64>,
}

#[derive(Deserialize)]
struct Response {
    #[serde(default)]
    state: Extent,
    #[serde(default)]
    error: Option<ErrorResponse>,
    #[serde(default)]
    seq: u64,
    #[serde(default)]
    message: Option<RawMessage>,
}

#[derive(Deserialize)]
struct ErrorResponse {
    #[serde(default)]
    err_code: u64,
    #[serde(default)]
    description: String,
}

#[derive(Deserialize)]
struct RawMessage {
    subject: String,
    seq: u64,
    #[serde(default)]
    hdrs: String,
    #[serde(default)]
    data: String,
    #[serde(default)]
    time: String,
}

impl Link {
    /// Publishes all of them or none, and gives the sequence of the last one.
    pub(crate) async fn publish(&self, mut messages: Vec<Outgoing>) -> Outcome<u64> {
        let Some(mut last) = messages.pop() else {
            return Ok(0);
        };
        if !messages.is_empty() {
            let id = random::token();
            let number = |message: Outgoing, number: usize| {
                let message = message.header("Nats-Batch-Id", id.as_str());
                message.header("Nats-Batch-Sequence", number.to_string())
            };
            let total = messages.len() + 1;
            for (nth, message) in messages.into_iter().enumerate() {
                let message = number(message, nth + 1);
                let sent = self
                    .client
                    .publish_with_headers(message.subject, message.headers, message.payload)
                    .await;
                sent.map_err(|error| Failure::io(error.kind().to_string()))?;
            }
            last = number(last, total).header("Nats-Batch-Commit", "1");
        }
        let request = Request::new().headers(last.headers).payload(last.payload);
        let message = self.request(last.subject, request).await?;
        let response = response(&message)?;
        Ok(response.seq)
    }

    /// The last message of a subject, as whoever leads the stream has it.
    pub(crate) async fn last(&self, stream: &str, subject: &str) -> Outcome<Option<Stored>> {
        if self.is_single {
            let subject = format!("$JS.API.DIRECT.GET.{stream}.{subject}");
            return self.direct(subject, Bytes::new()).await;
        }
        self.leader(stream, &json!({ "last_by_subj": subject }))
            .await
    }

    /// The message of this sequence.
    pub(crate) async fn get(&self, stream: &str, sequence: i64) -> Outcome<Option<Stored>> {
        let question = json!({ "seq": sequence });
        let subject = format!("$JS.API.DIRECT.GET.{stream}");
        let found = self.direct(subject, question.to_string().into()).await?;
        if found.is_some() || self.is_single {
            return Ok(found);
        }
        // A copy may not have it yet.
        self.leader(stream, &question).await
    }

    /// The messages of these sequences, in their order.
    pub(crate) async fn get_all(
        &self,
        stream: &str,
        sequences: &[i64],
    ) -> Outcome<Vec<Option<Stored>>> {
        let mut reads = Vec::with_capacity(sequences.len());
        for sequence in sequences {
            reads.push(self.get(stream, *sequence).boxed());
        }
        together(reads).await
    }

    /// The last messages of these subjects, in their order.
    pub(crate) async fn last_all(
        &self,
        stream: &str,
        subjects: &[String],
    ) -> Outcome<Vec<Option<Stored>>> {
        let mut reads = Vec::with_capacity(subjects.len());
        for subject in subjects {
            reads.push(self.last(stream, subject).boxed());
        }
        together(reads).await
    }

    /// Deletes a message, if it is there.
    pub(crate) async fn delete(&self, stream: &str, sequence: u64) -> Outcome<()> {
        let subject = format!("$JS.API.STREAM.MSG.DELETE.{stream}");
        let question = json!({ "seq": sequence, "no_erase": true });
        let request = Request::new().payload(question.to_string().into());
        let message = self.request(subject, request).await?;
        match response(&message) {
            Ok(_) | Err(Failure::Missing) => Ok(()),
            // What others have deleted meanwhile.
            Err(error) => match self
                .get(stream, i64::try_from(sequence).unwrap_or(i64::MAX))
                .await
            {
                Ok(None) => Ok(()),
                _ => Err(error),
            },
        }
    }

    /// The subjects of a stream that match, as whoever leads it has them.
    pub(crate) async fn subjects(&self, stream: &str, filter: &str) -> Outcome<Vec<String>> {
        let subject = format!("$JS.API.STREAM.INFO.{stream}");
        let question = json!({ "subjects_filter": filter }).to_string();
        let request = Request::new().payload(question.into());
        let message = self.request(subject, request).await?;
        let response = response(&message)?;
        Ok(response.state.subjects.into_keys().collect())
    }

    /// The sequence of the last message that a stream has had, and its size.
    pub(crate) async fn extent(&self, stream: &str) -> Outcome<Extent> {
        let subject = format!("$JS.API.STREAM.INFO.{stream}");
        let message = self.request(subject, Request::new()).await?;
        Ok(response(&message)?.state)
    }

    /// Asks somebody for a sign of life.
    pub(crate) async fn probe(&self, subject: String, limit: Duration) -> Probe {
        let request = Request::new().timeout(Some(limit));
        match self.client.send_request(subject, request).await {
            Ok(_) => Probe::Responds,
            Err(error) => match error.kind() {
                RequestErrorKind::NoResponders => Probe::Gone,
                RequestErrorKind::TimedOut => Probe::Silent,
                _ => Probe::Unknown,
            },
        }
    }

    async fn direct(&self, subject: String, question: Bytes) -> Outcome<Option<Stored>> {
        let message = self
            .request(subject, Request::new().payload(question))
            .await?;
        match message.status {
            None => {}
            Some(StatusCode::NOT_FOUND) => return Ok(None),
            Some(status) => return Err(Failure::io(format!("status {status}"))),
        }
        let headers = message.headers.as_ref().ok_or_else(unreadable)?;
        let text = |name: &str| headers.get(name).map(|value| value.as_str().to_owned());
        let sequence = text("Nats-Sequence").and_then(|it| it.parse().ok());
        Ok(Some(Stored {
            sequence: sequence.ok_or_else(unreadable)?,
            subject: text("Nats-Subject").ok_or_else(unreadable)?,
            meta: text(META),
            moved: text(MOVED),
            payload: message.payload,
            time: time(&text("Nats-Time-Stamp").unwrap_or_default())?,
        }))
    }

    pub(crate) async fn leader(
        &self,
        stream: &str,
        question: &serde_json::Value,
    ) -> Outcome<Option<Stored>> {
        let subject = format!("$JS.API.STREAM.MSG.GET.{stream}");
        let request = Request::new().payload(question.to_string().into());
        let message = self.request(subject, request).await?;
        let found = match response(&message) {
            Ok(response) => response.message.ok_or_else(unreadable)?,
            Err(Failure::Missing) => return Ok(None),
            Err(error) => return Err(error),
        };
        let bytes = |text: &str| STANDARD.decode(text).map_err(|_| unreadable());
        let headers = bytes(&found.hdrs)?;
        let headers = String::from_utf8_lossy(&headers);
        let text = |wanted: &str| {
            let mut lines = headers.lines().filter_map(|line| line.split_once(": "));
            let found = lines.find(|(name, _)| *name == wanted);
            found.map(|(_, value)| value.to_owned())
        };
        Ok(Some(Stored {
            sequence: found.seq,
            subject: found.subject,
            meta: text(META),
            moved: text(MOVED),
            payload: bytes(&found.data)?.into(),
            time: time(&found.time)?,
        }))
    }

    async fn request(&self, subject: String, request: Request) -> Outcome<Message> {
        let request = request.timeout(Some(self.timeout));
        let response = self.client.send_request(subject, request).await;
        response.map_err(|error| {
            let detail = match error.kind() {
                RequestErrorKind::TimedOut => "the server did not respond in time",
                RequestErrorKind::NoResponders => {
                    "nobody responds for JetStream, or its stream has no leader now"
                }
                RequestErrorKind::MaxPayloadExceeded => "larger than the server's max_payload",
                _ => "the server can't be reached",
            };
            Failure::io(detail)
        })
    }
}

/// Several reads at the same time.
pub(crate) async fn together(
    reads: Vec<BoxFuture<'_, Outcome<Option<Stored>>>>,
) -> Outcome<Vec<Option<Stored>>> {
    let reads = stream::iter(reads).buffered(READS);
    let all: Vec<Outcome<Option<Stored>>> = reads.collect().await;
    all.into_iter().collect()
}

fn time(text: &str) -> Result<DateTime, StoreError> {
    parse_rfc3339(text).map_err(|_| unreadable())
}

fn response(message: &Message) -> Outcome<Response> {
    if message.status.is_some() && message.payload.is_empty() {
        return Err(Failure::io("the server refused it"));
    }
    let response: Response =
        serde_json::from_slice(&message.payload).map_err(|_| Failure::Store(unreadable()))?;
    match response.error {
        Some(error) => Err(Failure::response(error.err_code, &error.description)),
        None => Ok(response),
    }
}

/// The code of the error that JetStream responded with, if it did.
pub(crate) fn code_of(message: &Message) -> Option<u64> {
    let response: Response = serde_json::from_slice(&message.payload).ok()?;
    response.error.map(|error| error.err_code)
}

/// The error of a call of the client about streams.
pub(crate) fn refused(code: Option<u64>, text: &str) -> StoreError {
    Failure::response(code.unwrap_or(0), text).into()
}
