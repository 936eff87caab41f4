//! An account, a message that a user wrote, and a transport that responds from memory.

use std::sync::{Arc, Mutex};

use kaleyra_wa_client::transport::http::StatusCode;
use kaleyra_wa_client::transport::{Request, Response, Transport, TransportError, async_trait};
use kaleyra_wa_client::types::inbound::{Callback, Event, Message};
use kaleyra_wa_client::{Account, BaseUrl, Client, ConfigError, Pod};
use serde_json::{Value, json};

pub(crate) const ACCEPTED: &str =
    r#"{"code":"WA202","message":"Request Accepted","data":{"message_id":"AX1"},"error":{}}"#;
pub(crate) const KEY: &str = "canary-key-91c4";
pub(crate) const SENDER: &str = "+918000000001";
pub(crate) const SID: &str = "HXIN0000000000IN";
pub(crate) const USER: &str = "+14155550123";

pub(crate) fn account(server: impl TryInto<BaseUrl, Error: Into<ConfigError>>) -> Account {
    Account::new(server, SID, KEY, SENDER).unwrap()
}

/// A client whose messages all get the reference `fresh`, unless they are given another.
pub(crate) fn client(transport: impl Transport + 'static) -> Client {
    Client::with_transport(account(Pod::In), transport).with_references(|| "fresh".to_owned())
}

pub(crate) fn answer(status: u16, body: &str) -> Response {
    let mut answer = Response::new(body.to_owned().into());
    *answer.status_mut() = StatusCode::from_u16(status).unwrap();
    answer
}

/// A text that came in, with these fields in place of its own.
pub(crate) fn incoming(changes: Value) -> Message {
    let mut message = json!({
        "from": "14155550123",
        "id": "wamid.HBgLMTQxNTU1NTAxMjM",
        "timestamp": "1722863329",
        "type": "text",
        "text": {"body": "Where is my order?"},
    });
    for (name, value) in changes.as_object().unwrap() {
        message[name] = value.clone();
    }
    let callback = json!({"meta_object": {"field": "messages", "value": {"messages": [message]}}});
    let callback = Callback::from_slice(callback.to_string().as_bytes()).unwrap();
    match callback.events().next() {
        Some(Event::Message(message)) => message.clone(),
        other => panic!("no message: {other:?}"),
    }
}

/// Keeps what it is given and accepts it.
#[derive(Clone, Default)]
pub(crate) struct Recording(Arc<Mutex<Vec<Request>>>);

impl Recording {
    pub(crate) fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// The body of the only request.
    pub(crate) fn body(&self) -> Value {
        let [request] = self.requests().try_into().unwrap();
        serde_json::from_slice(request.body().as_bytes().unwrap()).unwrap()
    }
}

#[async_trait]
impl Transport for Recording {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        self.0.lock().unwrap().push(request);
        Ok(answer(202, ACCEPTED))
    }
}

/// Keeps what it is given and responds to each with the next of these; the last one for ever.
#[derive(Clone)]
pub(crate) struct Responding {
    answers: Arc<Mutex<Vec<(u16, String)>>>,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Responding {
    pub(crate) fn with(answers: impl IntoIterator<Item = (u16, Value)>) -> Self {
        let answers = answers.into_iter();
        Self::with_bodies(answers.map(|(status, body)| (status, body.to_string())))
    }

    pub(crate) fn with_bodies(answers: impl IntoIterator<Item = (u16, String)>) -> Self {
        let mut answers: Vec<_> = answers.into_iter().collect();
        answers.reverse();
        Self {
            answers: Arc::new(Mutex::new(answers)),
            requests: Arc::default(),
        }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }
}

#[async_trait]
impl Transport for Responding {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        self.requests.lock().unwrap().push(request);
        let mut answers = self.answers.lock().unwrap();
        let (status, body) = match answers.len() {
            1 => answers[0].clone(),
            _ => answers.pop().unwrap(),
        };
        Ok(answer(status, &body))
    }
}
