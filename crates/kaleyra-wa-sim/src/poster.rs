//! Posting callbacks to the webhook.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, HeaderName, HeaderValue, USER_AGENT};
use http::{Method, Request, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, timeout};

use crate::callback::encode;
use crate::event::STATUS;
use crate::shared::{Shared, stopped};

/// How often a callback that the simulator posts by itself is tried.
const ATTEMPTS: u32 = 3;
/// What it waits in between: long enough for a webhook to restart its listener, short enough for a test.
const PAUSE: Duration = Duration::from_millis(200);
const TIMEOUT: Duration = Duration::from_secs(10);

/// Why a callback got no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// The simulator was given no callback URL.
    #[error("there is no webhook: give the simulator a callback URL")]
    NotConfigured,
    /// Nobody listens at the callback URL, or its host is unknown.
    #[error("the webhook can't be reached: check that it listens at the callback URL")]
    Connect(#[source] io::Error),
    /// The connection broke before the answer.
    #[error("the webhook closed the connection without a proper answer")]
    Exchange(#[source] hyper::Error),
    /// No answer came in 10 seconds.
    #[error("the webhook did not answer within 10 seconds")]
    Timeout,
    /// The message in it is from a user who is blocked: those are not called back.
    #[error("the callback was not posted: the user is blocked")]
    UserBlocked,
    /// The webhook is too slow for what is sent: 1,024 callbacks wait already.
    #[error("the callback was dropped: the webhook is too slow, 1024 callbacks wait already")]
    QueueFull,
}

/// Callbacks can't be posted in this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidWebhook {
    /// The callback URL is not one that callbacks can be posted to.
    #[error(
        "the callback URL must be http:// with a host and without a user, such as http://127.0.0.1:8081/: \
         the simulator is a local tool and speaks no TLS"
    )]
    Url,
    /// The callbacks' header is not one.
    #[error(
        "the callbacks' header is not valid: use a name such as x-kaleyra-secret and a value of visible ASCII"
    )]
    Header,
}

impl CallbackError {
    /// The error and its cause in one line.
    pub(crate) fn detail(&self) -> String {
        match self.source() {
            Some(source) => format!("{self} ({source})"),
            None => self.to_string(),
        }
    }
}

/// Where callbacks go.
pub(crate) struct Webhook {
    host: String,
    port: u16,
    uri: Uri,
    authority: HeaderValue,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Webhook {
    pub(crate) fn new(url: &str, header: Option<(&str, &str)>) -> Result<Self, InvalidWebhook> {
        let url: Uri = url.parse().map_err(|_| InvalidWebhook::Url)?;
        let authority = url.authority().ok_or(InvalidWebhook::Url)?;
        if url.scheme_str() != Some("http") || authority.as_str().contains('@') {
            return Err(InvalidWebhook::Url);
        }
        let path = url.path_and_query().map_or("/", |path| path.as_str());
        Ok(Self {
            // An IPv6 address stands in brackets in a URL only.
            host: authority
                .host()
                .trim_matches(|bracket| "[]".contains(bracket))
                .to_owned(),
            port: authority.port_u16().unwrap_or(80),
            uri: path.parse().map_err(|_| InvalidWebhook::Url)?,
            authority: HeaderValue::from_str(authority.as_str())
                .map_err(|_| InvalidWebhook::Url)?,
            header: header.map(parse_header).transpose()?,
        })
    }

    /// Posts once; gives the status of the answer.
    pub(crate) async fn post(&self, callback: &Value) -> Result<u16, CallbackError> {
        timeout(TIMEOUT, self.exchange(callback))
            .await
            .unwrap_or(Err(CallbackError::Timeout))
    }

    async fn exchange(&self, callback: &Value) -> Result<u16, CallbackError> {
        let stream = TcpStream::connect((self.host.as_str(), self.port))
            .await
            .map_err(CallbackError::Connect)?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(CallbackError::Exchange)?;
        let request = self.request(callback);
        let answer = async move {
            let answer = sender.send_request(request).await?;
            let status = answer.status().as_u16();
            // Read to its end, so that the webhook does not see its answer cut off.
            let _ = Limited::new(answer.into_body(), 1 << 20).collect().await;
            Ok(status)
        };
        // The connection ends when `answer` drops its sender.
        let (answer, _) = tokio::join!(answer, connection);
        answer.map_err(CallbackError::Exchange)
    }

    fn request(&self, callback: &Value) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::from(encode(callback)));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        let headers = request.headers_mut();
        headers.insert(HOST, self.authority.clone());
        headers.insert(USER_AGENT, HeaderValue::from_static("kaleyra-wa-sim"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some((name, value)) = &self.header {
            headers.insert(name, value.clone());
        }
        request
    }
}

/// Callbacks that the simulator posts by itself, in order, one at a time.
pub(crate) struct Queue(mpsc::Sender<Value>);

impl Queue {
    pub(crate) fn new() -> (Self, mpsc::Receiver<Value>) {
        let (sender, receiver) = mpsc::channel(1024);
        (Self(sender), receiver)
    }

    /// Never waits: a slow webhook must not slow down the answers to sends.
    pub(crate) fn push(&self, callback: Value) -> Result<(), CallbackError> {
        self.0
            .try_send(callback)
            .map_err(|_| CallbackError::QueueFull)
    }
}

/// Posts what is queued, until the simulator stops.
pub(crate) async fn work(
    shared: Arc<Shared>,
    mut queue: mpsc::Receiver<Value>,
    mut stop: watch::Receiver<bool>,
) {
    let post_all = async {
        while let Some(callback) = queue.recv().await {
            post_with_retries(&shared, &callback).await;
        }
    };
    tokio::select! {
        () = post_all => {}
        () = stopped(&mut stop) => {}
    }
}

async fn post_with_retries(shared: &Shared, callback: &Value) {
    let mut attempts = 1;
    loop {
        let result = shared.post(callback).await;
        let is_worth_another = match &result {
            Ok(status) => *status >= 500,
            Err(_) => true,
        };
        if attempts == ATTEMPTS || !is_worth_another {
            shared.posted(STATUS, &result, attempts);
            return;
        }
        sleep(PAUSE).await;
        attempts += 1;
    }
}

fn parse_header((name, value): (&str, &str)) -> Result<(HeaderName, HeaderValue), InvalidWebhook> {
    let name: HeaderName = name.parse().map_err(|_| InvalidWebhook::Header)?;
    let mut value: HeaderValue = value.parse().map_err(|_| InvalidWebhook::Header)?;
    value.set_sensitive(true);
    Ok((name, value))
}
