//! The transport over reqwest.

mod builder;
mod failure;
mod origin;
mod tls;

use std::fmt;

use ::reqwest::Client;
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, StatusCode, Version};

pub use self::builder::{BuildError, ReqwestTransportBuilder};
use self::origin::Origin;
use crate::{Phase, Request, Response, Transport, TransportError, TransportErrorKind};

const API_KEY: HeaderName = HeaderName::from_static("api-key");

/// The [`Transport`] over [reqwest], with settings that suit requests which must not be sent twice.
///
/// | Setting | Value | Why |
/// |---|---|---|
/// | redirects | never followed; the 3xx is the answer | a 307 would carry the key and the message to another host |
/// | repeats | none | the caller decides, see [`Class`](crate::Class) |
/// | plain http | to this machine only: `127.0.0.0/8`, `::1`, `localhost` | the key would travel in clear text |
/// | proxies | `HTTPS_PROXY` and its kin are honoured; never for this machine | an http proxy would read the key |
/// | TLS | rustls with *ring* and the machine's roots, no process-wide default | no conflict with the rest of your program |
/// | HTTP | 1.1, no compression, no cookies, no `Referer` | nothing sent or kept that was not asked for |
/// | connecting | 5 s at most, and two thirds of everything, name lookup and TLS included | passed, it proves that nothing was sent |
/// | everything | 30 s at most, from the call to the end of the answer | |
/// | answer | 1 MiB at most | answers of the API are a few hundred bytes |
/// | idle connections | closed after 30 s | servers close theirs after 60 s or more; a request sent just then would be lost in flight |
/// | `User-Agent` | `kaleyra-wa/<version>`, unless the request has its own | |
///
/// The time limits, the size limit and the `User-Agent` can be changed with
/// [`builder`](Self::builder).
///
/// It is cheap to clone; clones share their connections. Run it inside a tokio runtime with I/O and
/// time enabled.
///
/// # Examples
///
/// ```no_run
/// use kaleyra_wa_transport::{Body, Phase, ReqwestTransport, Transport, http};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let transport = ReqwestTransport::new()?;
/// let request = http::Request::get("https://api.in.kaleyra.io/").body(Body::empty())?;
/// match transport.execute(request).await {
///     Ok(response) => println!("answered {}", response.status()),
///     Err(error) if error.phase() == Phase::Connect => println!("safe to repeat: {error}"),
///     Err(error) => println!("look before repeating: {error}"),
/// }
/// # Ok(())
/// # }
/// ```
///
/// [reqwest]: https://docs.rs/reqwest
#[derive(Clone)]
pub struct ReqwestTransport {
    /// For this machine: http is allowed, proxies are not.
    local: Client,
    /// For every other: https alone.
    remote: Client,
    max_response_bytes: usize,
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
    pub fn builder() -> ReqwestTransportBuilder {
        ReqwestTransportBuilder::new()
    }
}

#[async_trait]
impl Transport for ReqwestTransport {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let mut request = ::reqwest::Request::try_from(request.map(crate::Body::into_bytes))
            .map_err(failure::sending)?;
        // The version is this transport's business; another one in the request would only make it
        // fail.
        *request.version_mut() = Version::HTTP_11;
        mark_secrets(request.headers_mut());

        // Judged on the URL that reqwest will use, not on the text it was parsed from: the two may
        // read a host differently.
        let client = match Origin::of(request.url())? {
            Origin::Local => &self.local,
            Origin::Remote => &self.remote,
        };
        let mut answer = client.execute(request).await.map_err(failure::sending)?;

        let status = answer.status();
        let version = answer.version();
        let headers = std::mem::take(answer.headers_mut());
        let body = self.read(status, answer).await?;

        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.version_mut() = version;
        *response.headers_mut() = headers;
        Ok(response)
    }
}

impl ReqwestTransport {
    /// Reads chunk by chunk, so that a failure keeps what came before it and an endless body stops
    /// at the limit.
    async fn read(
        &self,
        status: StatusCode,
        mut answer: ::reqwest::Response,
    ) -> Result<Bytes, TransportError> {
        let mut body = BytesMut::new();
        loop {
            match answer.chunk().await {
                Ok(None) => return Ok(body.freeze()),
                Ok(Some(chunk)) => {
                    let room = self.max_response_bytes - body.len();
                    body.extend_from_slice(&chunk[..chunk.len().min(room)]);
                    if chunk.len() > room {
                        let error = TransportError::new(
                            Phase::Body { status },
                            TransportErrorKind::BodyTooLarge,
                        );
                        return Err(error.with_body(body));
                    }
                }
                Err(error) => return Err(failure::reading(status, error).with_body(body)),
            }
        }
    }
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The clients are left out: they show the environment's proxies, which may hold a password.
        f.debug_struct("ReqwestTransport")
            .field("max_response_bytes", &self.max_response_bytes)
            .finish_non_exhaustive()
    }
}

/// Keeps the key out of every `Debug` below, also when the caller forgot to.
fn mark_secrets(headers: &mut HeaderMap) {
    for name in [API_KEY, AUTHORIZATION] {
        if let http::header::Entry::Occupied(mut entry) = headers.entry(name) {
            entry.iter_mut().for_each(|value| value.set_sensitive(true));
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
