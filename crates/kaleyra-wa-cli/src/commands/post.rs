//! Posts callbacks to a webhook, as Kaleyra would.

use std::error::Error as _;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use kaleyra_wa_transport::{
    Body, Operation, OperationClass, Request, ReqwestTransport, Transport, TransportError,
    read_whole,
};

use crate::exit::Exit;
use crate::global;

/// More of a response than this is not looked at.
const RESPONSE_MAX: usize = 64 * 1024;

/// A webhook, and what each request to it carries.
pub(crate) struct Poster {
    transport: ReqwestTransport,
    target: Uri,
    headers: HeaderMap,
}

/// What a webhook answered.
pub(crate) struct WebhookResponse {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
    pub(crate) took: Duration,
    pub(crate) location: Option<String>,
    pub(crate) content_type: Option<String>,
}

impl Poster {
    /// Posts to this URL.
    pub(crate) fn new(flag: &str, url: &str) -> Result<Self, Exit> {
        let target = target(flag, url)?;
        let transport = ReqwestTransport::builder()
            .timeout(global::settings().timeout())
            .build()
            .map_err(Exit::failed)?;
        Ok(Self {
            transport,
            target,
            headers: HeaderMap::new(),
        })
    }

    /// With this header in each request; its value is shown nowhere.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Result<Self, Exit> {
        let wrong = |what| Exit::bad_input(format!("the secret's header: {what}"));
        let name: HeaderName = (name.parse())
            .map_err(|_| wrong("its name has signs that no header has; check --secret-header"))?;
        let mut value: HeaderValue = (value.parse()).map_err(|_| {
            wrong("its value has signs that no header has; check the secret for line ends")
        })?;
        value.set_sensitive(true);
        self.headers.insert(name, value);
        Ok(self)
    }

    /// Where it posts to, without what may be secret in it.
    pub(crate) fn shown(&self) -> String {
        shown(&self.target)
    }

    /// Whether it is reached by TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.target.scheme_str() == Some("https")
    }

    /// Posts a JSON body.
    pub(crate) async fn post(
        &self,
        body: impl Into<Bytes>,
    ) -> Result<WebhookResponse, TransportError> {
        let json =
            HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        self.send(Method::POST, None, &json, body.into()).await
    }

    /// Makes any request: to this query, if there is one, with these headers below its own.
    pub(crate) async fn send(
        &self,
        method: Method,
        query: Option<&str>,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Result<WebhookResponse, TransportError> {
        let mut request = Request::new(Body::from(body));
        *request.method_mut() = method;
        *request.uri_mut() = match query {
            Some(query) => with_query(&self.target, query),
            None => self.target.clone(),
        };
        let mut all = headers.clone();
        for (name, value) in &self.headers {
            all.insert(name, value.clone());
        }
        *request.headers_mut() = all;
        request
            .extensions_mut()
            .insert(Operation::new("post", OperationClass::Read, 1));
        let since = Instant::now();
        let response = read_whole(self.transport.execute(request).await?, RESPONSE_MAX).await?;
        let text = |name: HeaderName| {
            let value = response.headers().get(name)?;
            Some(value.to_str().ok()?.to_owned())
        };
        Ok(WebhookResponse {
            status: response.status().as_u16(),
            took: since.elapsed(),
            location: text(LOCATION),
            content_type: text(CONTENT_TYPE),
            body: response.into_body(),
        })
    }
}

impl WebhookResponse {
    /// Whether the webhook took it.
    pub(crate) fn is_taken(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The first line of what it says, not too much of it.
    pub(crate) fn says(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let line = text.lines().next().unwrap_or_default();
        line.chars().take(120).collect()
    }
}

/// Reads a URL to post to.
fn target(flag: &str, url: &str) -> Result<Uri, Exit> {
    let wrong = || {
        Exit::bad_input(format!(
            "{flag}: give the whole address, such as http://127.0.0.1:8080/ or https://hooks.example.com/whatsapp"
        ))
    };
    let uri: Uri = url.parse().map_err(|_| wrong())?;
    let is_known = matches!(uri.scheme_str(), Some("http" | "https"));
    let host = uri.host().filter(|_| is_known).ok_or_else(wrong)?;
    if uri.authority().is_some_and(|it| it.as_str().contains('@')) {
        return Err(Exit::bad_input(format!(
            "{flag}: take the name and password out of the address; use --secret-header authorization with --secret-file"
        )));
    }
    let is_local = host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    if uri.scheme_str() == Some("http") && !is_local {
        return Err(Exit::bad_input(format!(
            "{flag}: http:// goes to this machine only, as the secret would travel in the open; use https://"
        )));
    }
    Ok(uri)
}

fn with_query(target: &Uri, query: &str) -> Uri {
    let mut parts = target.clone().into_parts();
    let path = format!("{}?{query}", target.path());
    parts.path_and_query = path.parse().ok().or(parts.path_and_query);
    Uri::from_parts(parts).unwrap_or_else(|_| target.clone())
}

/// A URL without its query, which may be secret.
fn shown(uri: &Uri) -> String {
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    format!(
        "{}://{authority}{}",
        uri.scheme_str().unwrap_or_default(),
        uri.path()
    )
}

/// What kept a webhook from being reached, and what is below that.
pub(crate) fn why(error: &TransportError) -> String {
    let mut texts = vec![error.to_string()];
    let mut below = error.source();
    while let Some(error) = below {
        texts.push(error.to_string());
        below = error.source();
    }
    texts.dedup();
    texts.join(": ")
}
