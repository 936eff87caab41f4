//! The webhook: one request to it, and its response.

use std::error::Error;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::header::{
    AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT,
};
use http::{Method, Request, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use super::settings::{Auth, Callbacks};
use super::stream::Endpoint;
use super::token::Tokens;
use crate::base64;

/// Why a callback got no response.
///
/// ```
/// use kaleyra_wa_sim::{CallbackError, Simulator};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// let message = sim.end_user("Asha Example", "919800000001").text("Hi");
/// let error = sim.post(message).await.unwrap_err();
/// assert!(matches!(error, CallbackError::NotConfigured));
/// assert_eq!(error.to_string(), "there is no webhook: give the simulator a callback URL");
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// The simulator was given no callback URL.
    #[error("there is no webhook: give the simulator a callback URL")]
    NotConfigured,
    /// Nobody listens at the callback URL, or its host is unknown.
    #[error("the webhook can't be reached: check that it listens at the callback URL")]
    Connect(#[source] io::Error),
    /// No TLS session was established: the certificate is not trusted, or the webhook speaks no TLS.
    #[error("there is no TLS to the webhook: check its certificate, and that it speaks https")]
    Tls(#[source] io::Error),
    /// The connection broke before the response.
    #[error("the webhook closed the connection without a proper response")]
    Exchange(#[source] hyper::Error),
    /// No response came in time.
    #[error("the webhook did not respond within {0:?}")]
    Timeout(Duration),
    /// The token endpoint gave no token.
    #[error(
        "the token endpoint responded with {0} and no access_token: check the client id and secret"
    )]
    Token(u16),
    /// The message in it is from a user who is blocked: those are not called back.
    #[error("the callback was not posted: the user is blocked")]
    UserBlocked,
    /// A fault dropped it.
    #[error("the callback was dropped, as the fault `{0}` asks for")]
    Dropped(String),
    /// Too many callbacks wait already.
    #[error("the callback was dropped: 100,000 callbacks and statuses wait already")]
    QueueFull,
    /// The simulator was shut down before it was posted.
    #[error("the callback was not posted: the simulator was shut down")]
    ShutDown,
}

/// Callbacks can't be posted in this way.
///
/// ```
/// use kaleyra_wa_sim::{InvalidWebhook, Simulator};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// let error = sim.post_callbacks_to("127.0.0.1:8080", None).unwrap_err();
/// assert_eq!(error, InvalidWebhook::Url); // it has to begin with http://
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidWebhook {
    /// The callback URL, or that of the token endpoint, is not one that can be posted to.
    #[error(
        "the callback URL must be http:// with a host and without a user, such as http://127.0.0.1:8081/; \
         https:// needs the feature `https`"
    )]
    Url,
    /// The callbacks' header, or the name and password, are invalid.
    #[error(
        "the callbacks' header is not valid: use a name such as x-kaleyra-secret and a value of visible ASCII"
    )]
    Header,
    /// Callbacks of a number were to go elsewhere, which no account has.
    #[error("no account of the simulator has this number: name it as it is in the account")]
    Number,
    /// TLS can't be set up: a certificate that is to be trusted is none, or the machine has no roots.
    #[error("TLS to the webhook can't be set up: check the certificate that is to be trusted")]
    Tls,
}

impl CallbackError {
    /// The error and its cause in one line.
    pub(crate) fn detail(&self) -> String {
        match self.source() {
            Some(source) => format!("{self} ({source})"),
            None => self.to_string(),
        }
    }

    /// Whether a further attempt may help.
    pub(crate) fn is_worth_another_try(&self) -> bool {
        matches!(
            self,
            Self::Connect(_) | Self::Tls(_) | Self::Exchange(_) | Self::Timeout(_) | Self::Token(_)
        )
    }
}

/// Where callbacks go.
pub(crate) struct Webhook {
    url: String,
    target: Target,
    auth: Proof,
    timeout: Duration,
    pub(crate) retries: Vec<Duration>,
}

/// An address that requests are sent to.
pub(super) struct Target {
    endpoint: Endpoint,
    uri: Uri,
    authority: HeaderValue,
}

enum Proof {
    None,
    Header(HeaderName, HeaderValue),
    Bearer(Tokens),
}

/// A request to the webhook.
pub(crate) struct Outgoing {
    pub(crate) body: Bytes,
    /// The query of a GET; `None` for the usual POST.
    pub(crate) get: Option<&'static str>,
    /// Whether it carries another secret than was agreed on.
    pub(crate) has_wrong_secret: bool,
}

/// What was sent, and what came back.
pub(crate) struct Exchanged {
    pub(crate) headers: Vec<(String, String)>,
    /// The status, and the beginning of the body.
    pub(crate) answer: Result<(u16, Bytes), CallbackError>,
}

impl Webhook {
    pub(crate) fn new(callbacks: &Callbacks) -> Result<Self, InvalidWebhook> {
        #[cfg(feature = "https")]
        let roots = &callbacks.roots[..];
        #[cfg(not(feature = "https"))]
        let roots = &[];
        let target = Target::new(&callbacks.url, roots)?;
        let auth = match &callbacks.auth {
            Auth::None => Proof::None,
            Auth::Header { name, value } => {
                let name: HeaderName = name.parse().map_err(|_| InvalidWebhook::Header)?;
                Proof::Header(name, secret(value)?)
            }
            Auth::Basic { user, password } => {
                let credentials = base64::encode(format!("{user}:{password}").as_bytes());
                Proof::Header(AUTHORIZATION, secret(&format!("Basic {credentials}"))?)
            }
            Auth::Bearer {
                token_url,
                id,
                secret,
            } => Proof::Bearer(Tokens::new(Target::new(token_url, roots)?, id, secret)),
        };
        Ok(Self {
            url: callbacks.url.clone(),
            target,
            auth,
            timeout: callbacks.timeout,
            retries: callbacks.retries.clone(),
        })
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The header that proves where callbacks are from, if there is one.
    pub(crate) fn header_name(&self) -> Option<&str> {
        match &self.auth {
            Proof::None => None,
            Proof::Header(name, _) => Some(name.as_str()),
            Proof::Bearer(_) => Some(AUTHORIZATION.as_str()),
        }
    }

    /// Sends it once.
    pub(crate) async fn send(&self, outgoing: &Outgoing) -> Exchanged {
        let mut headers = Vec::new();
        let sending = async {
            let request = self.request(outgoing).await?;
            headers = shown(request.headers());
            self.target.exchange(request).await
        };
        let answer = timeout(self.timeout, sending)
            .await
            .unwrap_or(Err(CallbackError::Timeout(self.timeout)));
        if let (Proof::Bearer(tokens), Ok((401, _))) = (&self.auth, &answer) {
            tokens.forget();
        }
        Exchanged { headers, answer }
    }

    async fn request(&self, outgoing: &Outgoing) -> Result<Request<Full<Bytes>>, CallbackError> {
        let mut request = Request::new(Full::new(outgoing.body.clone()));
        match outgoing.get {
            Some(query) => {
                let path = self.target.uri.path();
                *request.uri_mut() = format!("{path}?{query}").parse().unwrap_or_default();
            }
            None => {
                *request.method_mut() = Method::POST;
                let json = HeaderValue::from_static("application/json");
                request.headers_mut().insert(CONTENT_TYPE, json);
            }
        }
        let proof = match &self.auth {
            Proof::None => None,
            Proof::Header(name, value) => Some((name.clone(), value.clone())),
            Proof::Bearer(tokens) => {
                let token = tokens.token().await?;
                let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
                    .map_err(|_| CallbackError::Token(200))?;
                value.set_sensitive(true);
                Some((AUTHORIZATION, value))
            }
        };
        if let Some((name, mut value)) = proof {
            if outgoing.has_wrong_secret {
                value = HeaderValue::from_static("wrong-secret");
                value.set_sensitive(true);
            }
            request.headers_mut().insert(name, value);
        }
        Ok(request)
    }
}

impl Target {
    fn new(url: &str, roots: &[Vec<u8>]) -> Result<Self, InvalidWebhook> {
        let url: Uri = url.parse().map_err(|_| InvalidWebhook::Url)?;
        let endpoint = Endpoint::of(&url, roots)?;
        let authority = url.authority().ok_or(InvalidWebhook::Url)?;
        let path = url.path_and_query().map_or("/", |path| path.as_str());
        Ok(Self {
            endpoint,
            uri: path.parse().map_err(|_| InvalidWebhook::Url)?,
            authority: HeaderValue::from_str(authority.as_str())
                .map_err(|_| InvalidWebhook::Url)?,
        })
    }

    /// One request on a connection of its own; gives the status and the beginning of the body.
    pub(super) async fn exchange(
        &self,
        mut request: Request<Full<Bytes>>,
    ) -> Result<(u16, Bytes), CallbackError> {
        const EXCERPT: usize = 16 << 10;

        if request.uri().path_and_query().is_none_or(|it| it == "/") {
            *request.uri_mut() = self.uri.clone();
        }
        let headers = request.headers_mut();
        headers.insert(HOST, self.authority.clone());
        headers.insert(USER_AGENT, HeaderValue::from_static("kaleyra-wa-sim"));
        let stream = self.endpoint.connect().await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(CallbackError::Exchange)?;
        let answer = async move {
            let answer = sender.send_request(request).await?;
            let status = answer.status().as_u16();
            // Read to its end, so that the webhook does not see its response cut off.
            let body = Limited::new(answer.into_body(), 1 << 20).collect().await;
            let mut body = body.map_or_else(|_| Bytes::new(), |body| body.to_bytes());
            body.truncate(EXCERPT);
            Ok((status, body))
        };
        // The connection ends when `answer` drops its sender.
        let (answer, _) = tokio::join!(answer, connection);
        answer.map_err(CallbackError::Exchange)
    }
}

/// The value of a header that proves something.
fn secret(value: &str) -> Result<HeaderValue, InvalidWebhook> {
    let mut value: HeaderValue = value.parse().map_err(|_| InvalidWebhook::Header)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Headers as the journal keeps them: what is secret is masked.
pub(crate) fn shown(headers: &HeaderMap) -> Vec<(String, String)> {
    let is_secret = |name: &HeaderName| {
        ["api-key", "authorization", "cookie", "proxy-authorization"].contains(&name.as_str())
    };
    headers
        .iter()
        .map(|(name, value)| {
            let text = match value.is_sensitive() || is_secret(name) {
                true => "(secret)".to_owned(),
                false => String::from_utf8_lossy(value.as_bytes()).into_owned(),
            };
            (name.as_str().to_owned(), text)
        })
        .collect()
}
