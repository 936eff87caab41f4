//! `/sim/log`: the journal, as a list or as a stream of server-sent events that can be resumed.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use http::request::Parts;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame};
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::members::BadRequest;
use super::{not_found, ok};
use crate::core::{Core, stopped};
use crate::journal::{Entry, Reader};
use crate::server::odd_body::Interrupted;
use crate::server::query::Query;
use crate::server::response::HttpResponse;

/// How many entries a list has.
const LIST_MAX: usize = 1_000;
/// How many events wait for a slow reader. It misses nothing that the journal still keeps.
const EVENTS_WAITING: usize = 64;
/// How often something is said where nothing happens, so that both sides notice who is gone.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The entries from `?from=` on, 1,000 at most, or all there will be as `text/event-stream` where that is accepted:
/// from `Last-Event-ID` on, or from `?from=`, or from now.
pub(super) fn answer(
    core: &Arc<Core>,
    head: &Parts,
    query: &Query,
) -> Result<HttpResponse, BadRequest> {
    let from = match query.text("from") {
        None => None,
        Some(digits) => Some(
            digits
                .parse::<u64>()
                .map_err(|_| BadRequest("from: must be a number".to_owned()))?,
        ),
    };
    let whole = query.text("whole").is_some();
    let text = |name| {
        head.headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let wants_stream = text(ACCEPT).is_some_and(|accept| accept.contains("text/event-stream"));
    if !wants_stream {
        let from =
            from.unwrap_or_else(|| core.journal.newest().saturating_sub(LIST_MAX as u64 - 1));
        let entries = core.journal.from(from.max(1), LIST_MAX);
        let entries: Vec<Value> = entries.iter().map(|entry| entry.to_json(whole)).collect();
        return Ok(ok(&Value::Array(entries)));
    }
    let last = head.headers.get("last-event-id");
    let last = last.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let from = last.map(|last| last.saturating_add(1)).or(from);
    let reader = match from {
        Some(from) => core.journal.read_from(from),
        None => core.journal.follow(),
    };
    let (sender, receiver) = mpsc::channel(EVENTS_WAITING);
    tokio::spawn(stream(core.clone(), reader, sender, whole));
    let mut answer = HttpResponse::new(Events(receiver).boxed_unsync());
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

/// One entry, with whole bodies.
pub(super) fn entry(core: &Core, number: &str) -> Result<HttpResponse, BadRequest> {
    let number = number.parse().ok();
    match number.and_then(|number| core.journal.get(number)) {
        Some(entry) => Ok(ok(&entry.to_json(true))),
        None => Ok(not_found("no entry that is kept has this number")),
    }
}

async fn stream(core: Arc<Core>, mut reader: Reader, events: mpsc::Sender<Bytes>, whole: bool) {
    let mut stop = core.stop.subscribe();
    // Held until here only, so that the journal can end.
    drop(core);
    let streaming = async {
        if events
            .send(Bytes::from_static(b"retry: 500\n\n"))
            .await
            .is_err()
        {
            return;
        }
        loop {
            let event = match timeout(HEARTBEAT, reader.next()).await {
                Ok(Some(entry)) => event(&entry, whole),
                Ok(None) => return,
                Err(_) => Bytes::from_static(b": still here\n\n"),
            };
            if events.send(event).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = streaming => {}
        () = stopped(&mut stop) => {}
        () = events.closed() => {}
    }
}

/// JSON has no line ends outside of its strings, and none unescaped within, so an event is one line.
fn event(entry: &Entry, whole: bool) -> Bytes {
    let (number, name) = (entry.number, entry.fact.name());
    let data = entry.to_json(whole);
    Bytes::from(format!("id: {number}\nevent: {name}\ndata: {data}\n\n"))
}

/// A body that goes on while there are events.
struct Events(mpsc::Receiver<Bytes>);

impl Body for Events {
    type Data = Bytes;
    type Error = Interrupted;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Interrupted>>> {
        self.0
            .poll_recv(context)
            .map(|event| event.map(|event| Ok(Frame::data(event))))
    }
}
