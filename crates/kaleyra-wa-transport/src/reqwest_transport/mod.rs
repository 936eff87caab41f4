//! The transport over reqwest.

mod builder;
mod failure;
mod origin;
mod tls;
mod url_cache;

use std::fmt;
use std::sync::Arc;

use ::reqwest::Client;
use async_trait::async_trait;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName};
use http_body_util::BodyExt;

pub use self::builder::{BuildError, ReqwestTransportBuilder};
use self::origin::Origin;
use self::url_cache::UrlCache;
use crate::body::Begun;
use crate::limit::clamped;
use crate::{
    Body, Operation, Request, Response, ResponseBody, SendOnce, Transport, TransportError,
};

const API_KEY: HeaderName = HeaderName::from_static("api-key");

/// The [`Transport`] over [reqwest], with settings that suit requests which must not be sent twice.
///
/// | Setting | Value | Why |
/// |---|---|---|
/// | redirects | never followed; the 3xx is returned | a 307 would carry the key and the message to another host |
/// | repeats | none; a second copy of a send is refused | the caller decides, see [`OperationClass`](crate::OperationClass) and [`SendOnce`] |
/// | plain http | to this machine only: `127.0.0.0/8`, `::1`, `localhost` | the key would travel in clear text |
/// | proxies | `HTTPS_PROXY` and the like are honoured, or the [one given](ReqwestTransportBuilder::proxy); never for this machine | an http proxy would read the key |
/// | TLS | rustls with *ring* and the machine's roots, no process-wide default | no conflict with the rest of your program |
/// | HTTP | 1.1 (2 if asked for), no compression, no cookies, no `Referer` | nothing sent or kept that was not asked for |
/// | connecting | 5 s at most, and two thirds of everything, name lookup and TLS included | passed, it proves that nothing was sent |
/// | everything | 30 s at most, from the call to the end of the response, or [`Operation::timeout`] | |
/// | idle connections | closed after 30 s | servers close theirs after 60 s or more; a request sent just then would be lost in flight |
/// | `User-Agent` | `kaleyra-wa/<version>`, unless the request has its own | |
///
/// The [`builder`](Self::builder) changes the time limits, the proxy, the `User-Agent` and more, and takes
/// [settings of reqwest](ReqwestTransportBuilder::customize). A client of reqwest that you already have is for
/// [`dangerously_from_client`](Self::dangerously_from_client).
///
/// It is cheap to clone; clones share their connections. Run it inside a tokio runtime with I/O and
/// time enabled.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_transport::{Body, Phase, ReqwestTransport, Transport, http};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
/// # let url = format!("http://{}/", listener.local_addr()?);
/// # drop(listener);
/// let transport = ReqwestTransport::new()?;
/// let request = http::Request::get(url).body(Body::empty())?; // of a server that is down
/// match transport.execute(request).await {
///     Ok(response) => println!("status {}", response.status()),
///     Err(error) if error.phase() == Phase::Connect => println!("safe to repeat: {error}"),
///     Err(error) => panic!("look before repeating: {error}"),
/// }
/// # Ok(())
/// # }
/// ```
///
/// [reqwest]: https://docs.rs/reqwest
#[derive(Clone)]
pub struct ReqwestTransport {
    /// For this machine: http allowed, no proxies.
    local: Client,
    /// For every other machine: https only.
    remote: Client,
    /// Whether both clients are the caller's, with unknown settings.
    is_foreign: bool,
    url_cache: Arc<UrlCache>,
}

impl ReqwestTransport {
    /// A transport with the settings listed above.
    ///
    /// # Errors
    ///
    /// When TLS can't be set up; most often the machine has no certificate roots.
    pub fn new() -> Result<Self, BuildError> {
        Self::builder().build()
    }

    /// Starts from the settings listed above, to change some.
    ///
    /// For an example see [`ReqwestTransportBuilder`].
    pub fn builder() -> ReqwestTransportBuilder {
        ReqwestTransportBuilder::new()
    }

    /// Sends with your own reqwest client, without the settings listed above.
    ///
    /// You are responsible for what that client does. By default reqwest **follows redirects, and takes the `api-key`
    /// along to whatever host they name**; it has **no time limits**, and its proxies are used for this machine too.
    /// Prefer [`customize`](ReqwestTransportBuilder::customize) if it is enough.
    ///
    /// Some guarantees remain. Plain http beyond this machine is refused, as long as nobody redirects to it. The body
    /// is passed so that reqwest can't copy it: even if the client follows a 307 or retries, the message leaves once.
    /// And a failure counts as [`Phase::Connect`](crate::Phase::Connect) only if nothing had begun before: no part of
    /// the body was read and no redirect was seen. A request without a body gives no sign of that, so its failures are
    /// [`Phase::InFlight`](crate::Phase::InFlight).
    ///
    /// ```
    /// use kaleyra_wa_transport::ReqwestTransport;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let tls = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
    /// #     .with_safe_default_protocol_versions()?
    /// #     .with_root_certificates(rustls::RootCertStore::empty())
    /// #     .with_no_client_auth();
    /// # let ours = reqwest::Client::builder().tls_backend_preconfigured(tls);
    /// let client = ours.redirect(reqwest::redirect::Policy::none()).build()?;
    /// let transport = ReqwestTransport::dangerously_from_client(client);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// `reqwest` has to be of the version that this crate uses.
    pub fn dangerously_from_client(client: Client) -> Self {
        Self {
            local: client.clone(),
            remote: client,
            is_foreign: true,
            url_cache: Arc::default(),
        }
    }

    /// Hands the request to reqwest; nothing is sent before the future is awaited. A separate function, so that its
    /// parts are not kept during the wait.
    fn begin(
        &self,
        mut request: Request,
        begun: &Begun,
    ) -> Result<impl Future<Output = ::reqwest::Result<::reqwest::Response>> + use<>, TransportError>
    {
        let timeout = request
            .extensions()
            .get()
            .and_then(|operation: &Operation| operation.timeout);
        // Reading a body in memory can't fail, and our own client neither retries nor follows redirects: there, a
        // failure to connect is what it says.
        let may_fail = request.body().as_bytes().is_none() && !request.body().is_empty();
        if self.is_foreign || may_fail {
            request = watched(request, begun);
        }
        let (head, content) = request.into_parts();
        // The request's HTTP version is left out: this transport chooses it, and another one would only make it fail. A
        // connection that has negotiated HTTP/2 accepts the default, too.
        let (url, origin) = self.url_cache.read(&head.uri)?;
        let mut request = ::reqwest::Request::new(head.method, url);
        *request.headers_mut() = head.headers;
        *request.body_mut() = Some(body(content));
        if timeout.is_some() {
            *request.timeout_mut() = timeout.map(clamped);
        }
        mark_secrets(request.headers_mut());

        let client = match origin {
            Origin::Local => &self.local,
            Origin::Remote => &self.remote,
        };
        Ok(client.execute(request))
    }
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let claim = SendOnce::claim(request.extensions())?;
        let begun = Begun::default();
        let outcome = match self.begin(request, &begun) {
            Ok(response) => response
                .await
                .map(streaming)
                .map_err(|error| failure::sending(error, begun.is_set())),
            Err(error) => Err(error),
        };
        claim.settle(outcome)
    }
}

/// The response, whose body is streamed.
fn streaming(response: ::reqwest::Response) -> Response {
    let status = response.status();
    http::Response::from(response).map(|body| {
        ResponseBody::streaming(body.map_err(move |error| failure::reading(status, error)))
    })
}

/// What is in memory goes out in one piece, with its length; the rest as it is read.
fn body(body: Body) -> ::reqwest::Body {
    match body.as_bytes() {
        Some(bytes) => bytes.clone().into(),
        None => ::reqwest::Body::wrap(body.read()),
    }
}

/// Records when the request begins to leave. The body can no longer be copied, which keeps reqwest from sending it
/// twice.
fn watched(request: Request, begun: &Begun) -> Request {
    if request.body().is_empty() {
        // Nothing shows when it leaves, or whether a failure came before or after a redirect.
        begun.set();
        return request;
    }
    request.map(|body| body.noted(begun))
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The clients are left out: they show the environment's proxies, which may hold a password.
        f.debug_struct("ReqwestTransport").finish_non_exhaustive()
    }
}

/// Keeps the key out of every `Debug` below, even if the caller forgot to.
fn mark_secrets(headers: &mut HeaderMap) {
    for (name, value) in headers {
        if *name == API_KEY || *name == AUTHORIZATION {
            value.set_sensitive(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn keys_are_marked_also_when_there_are_several() {
        let mut headers = HeaderMap::new();
        headers.append(API_KEY, HeaderValue::from_static("canary-1"));
        headers.append(API_KEY, HeaderValue::from_static("canary-2"));
        headers.append(AUTHORIZATION, HeaderValue::from_static("canary-3"));
        mark_secrets(&mut headers);
        assert_eq!(headers.len(), 3);
        assert!(headers.values().all(HeaderValue::is_sensitive));
    }
}
