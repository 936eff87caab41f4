//! From a delivery to the handlers of its events, and back to the sender.

mod batch;
mod duplicates;
mod failures;
#[cfg(feature = "metrics")]
mod figures;
mod flood;
mod guarded;
mod incoming;
mod order;
mod pressure;
mod router;
mod runner;
mod shutdown;
mod silence;

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use kaleyra_wa_webhook::types::inbound::Event;
use kaleyra_wa_webhook::{
    IncomingEvent, MemorySink, MemorySinkBuilder, ReceivedCallback, Server, Sink, SinkError,
    WebhookService,
};
use serde_json::{Value, json};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

use crate::server::{Answer, PATIENCE, Running, SECRET, post, receiver};

/// A text message.
pub(crate) fn text(from: &str, id: &str) -> Value {
    json!({"from": from, "id": id, "type": "text", "text": {"body": "canary"}})
}

/// A callback with these messages.
pub(crate) fn callback(messages: &[Value]) -> String {
    json!({"meta_object": {"field": "messages", "value": {"messages": messages}}}).to_string()
}

/// The id of the message that an event is, is about, or would have been.
pub(crate) fn id(event: &IncomingEvent) -> String {
    event.event().id().unwrap_or_default().to_owned()
}

/// Hands a callback to a sink as the service does.
pub(crate) async fn accept(sink: &MemorySink, body: &str) -> Result<(), SinkError> {
    let raw = body.to_owned().into();
    let delivery = ReceivedCallback::from_raw(raw, SystemTime::now()).unwrap();
    sink.accept(delivery).await
}

/// A server before a sink.
pub(crate) async fn serving(sink: &MemorySink) -> Running {
    let service = WebhookService::new(receiver(), sink.clone());
    Running::start(Server::new(service)).await
}

/// Posts a callback.
pub(crate) async fn send(server: &Running, body: &str) -> Answer {
    server.exchange(&post(SECRET, body)).await
}

/// Ends a sink that has nothing to fail any more.
pub(crate) async fn finish(sink: &MemorySink) {
    sink.shutdown(PATIENCE).await.unwrap();
    assert_eq!(sink.depth(), Default::default());
}

/// What handlers saw, in order.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub(crate) fn note(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn sorted(&self) -> Vec<String> {
        let mut lines = self.lines();
        lines.sort();
        lines
    }
}

/// A door that handlers stand before until it is opened, and that tells who came.
#[derive(Clone)]
pub(crate) struct Gate {
    arrivals: mpsc::UnboundedSender<String>,
    door: Arc<Semaphore>,
}

impl Gate {
    pub(crate) fn new() -> (Self, mpsc::UnboundedReceiver<String>) {
        let (arrivals, arrived) = mpsc::unbounded_channel();
        let door = Arc::new(Semaphore::new(0));
        (Self { arrivals, door }, arrived)
    }

    pub(crate) async fn pass(&self, event: &IncomingEvent) {
        self.arrivals.send(id(event)).unwrap();
        self.door.acquire().await.unwrap().forget();
    }

    pub(crate) fn let_in(&self, handlers: usize) {
        self.door.add_permits(handlers);
    }

    pub(crate) fn open(&self) {
        self.let_in(Semaphore::MAX_PERMITS / 2);
    }
}

/// Waits for the next one, not for ever.
pub(crate) async fn next<T>(receiver: &mut mpsc::UnboundedReceiver<T>) -> T {
    let next = timeout(PATIENCE, receiver.recv()).await;
    next.expect("it does not come").expect("nobody sends")
}

/// Pauses short enough for tests over sockets.
pub(crate) fn quick(builder: MemorySinkBuilder) -> MemorySinkBuilder {
    builder.backoff(Duration::from_millis(1), Duration::from_millis(5))
}

/// A sink's dead letters: the id, the attempts and the failure of each.
pub(crate) fn burying(
    builder: MemorySinkBuilder,
) -> (MemorySinkBuilder, mpsc::UnboundedReceiver<String>) {
    let (sender, letters) = mpsc::unbounded_channel();
    let builder = builder.on_dead_letter(move |letter| {
        let line = format!(
            "{} {} {}",
            id(&letter.event),
            letter.event.attempt(),
            letter.failure.as_str()
        );
        sender.send(line).unwrap();
        async {}
    });
    (builder, letters)
}

/// The path of what could not be read.
pub(crate) fn path(event: &IncomingEvent) -> Option<String> {
    match event.event() {
        Event::Malformed(part) => Some(part.path),
        _ => None,
    }
}
