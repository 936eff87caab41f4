//! One operation, sent through the transport as often as it may be tried.

use std::time::Duration;

use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_transport::http::header::{ACCEPT, CONTENT_TYPE};
use kaleyra_wa_transport::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use kaleyra_wa_transport::{
    Body, Operation, OperationClass, Phase, RecipientKey, Request, Response, SendOnce,
    TransportError, TransportErrorKind, http, read_whole,
};

use crate::endpoint::Endpoint;
use crate::media::pace::GRACE;
use crate::retry::{Fault, with_timeout};
use crate::{Client, observe};

/// The largest response that is read, in bytes: those of the API have a few hundred.
pub(crate) const MAX_RESPONSE: usize = 1024 * 1024;

const API_KEY: HeaderName = HeaderName::from_static("api-key");

/// A call, which may take several attempts.
pub(crate) struct Call {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) url: Uri,
    /// `None` for servers other than Kaleyra's, which must not see it.
    pub(crate) api_key: Option<HeaderValue>,
    /// What the body is; `None` if there is none.
    pub(crate) content_type: Option<HeaderValue>,
    pub(crate) body: Body,
    /// The timeout of an attempt, in place of the transport's own.
    pub(crate) timeout: Option<Duration>,
    /// Tells recipients apart, for layers that pace sends.
    pub(crate) recipient: Option<RecipientKey>,
    /// What a second copy would do.
    pub(crate) class: OperationClass,
}

impl Call {
    fn request(&self, attempt: u32) -> (Request, Permission) {
        let endpoint = self.endpoint;
        let mut request = Request::new(self.body.clone());
        *request.method_mut() = endpoint.method.clone();
        *request.uri_mut() = self.url.clone();
        let headers = request.headers_mut();
        if let Some(api_key) = &self.api_key {
            headers.insert(API_KEY, api_key.clone());
        }
        headers.insert(ACCEPT, HeaderValue::from_static(endpoint.accept));
        if let Some(content_type) = &self.content_type {
            headers.insert(CONTENT_TYPE, content_type.clone());
        }
        let mut operation = Operation::new(endpoint.operation, self.class, attempt);
        operation.timeout = self.timeout;
        operation.recipient = self.recipient.clone();
        request.extensions_mut().insert(operation);
        // Keeps a layer that repeats requests from getting a second copy past the transport, if that would do harm.
        let permission = match self.class {
            OperationClass::Read => None,
            OperationClass::Upload => Some(SendOnce::repeatable()),
            _ => Some(SendOnce::new()),
        };
        if let Some(permission) = &permission {
            request.extensions_mut().insert(permission.clone());
        }
        (request, Permission(permission))
    }
}

/// The permission that all copies of one attempt share. Each attempt has its own. When the attempt is over or
/// cancelled, the permission is revoked, so that no copy that a layer left behind can leave later.
struct Permission(Option<SendOnce>);

impl Permission {
    /// The outcome of the attempt. "Nothing was sent" counts only if it is true of every copy: an error from a layer
    /// may be about any of them.
    fn end(self, outcome: Result<Response, TransportError>) -> Result<Response, TransportError> {
        let none_passed = self.0.as_ref().is_none_or(SendOnce::revoke);
        match outcome {
            Err(error) if error.phase() == Phase::Connect && !none_passed => {
                let repeated = TransportError::new(Phase::InFlight, TransportErrorKind::Repeated);
                Err(repeated.with_source(error.in_phase(Phase::InFlight)))
            }
            outcome => outcome,
        }
    }
}

impl Drop for Permission {
    fn drop(&mut self) {
        if let Some(permission) = &self.0 {
            permission.revoke();
        }
    }
}

/// A response, read as far as the caller wants it.
pub(crate) trait ReadResponse: Sized {
    /// The timeout of an attempt up to the response headers, if the transport's own timeout is for a body that may take
    /// much longer.
    const HEAD_LIMIT: Option<Duration>;

    /// Reads that much.
    fn read(response: Response) -> impl Future<Output = Result<Self, TransportError>> + Send;

    /// Its status.
    fn status(&self) -> StatusCode;

    /// Its headers.
    fn headers(&self) -> &HeaderMap;
}

/// The whole response.
impl ReadResponse for http::Response<Bytes> {
    const HEAD_LIMIT: Option<Duration> = None;

    fn read(response: Response) -> impl Future<Output = Result<Self, TransportError>> + Send {
        read_whole(response, MAX_RESPONSE)
    }

    fn status(&self) -> StatusCode {
        self.status()
    }

    fn headers(&self) -> &HeaderMap {
        self.headers()
    }
}

/// The headers only; the caller reads the body.
impl ReadResponse for Response {
    const HEAD_LIMIT: Option<Duration> = Some(GRACE);

    async fn read(response: Response) -> Result<Self, TransportError> {
        Ok(response)
    }

    fn status(&self) -> StatusCode {
        self.status()
    }

    fn headers(&self) -> &HeaderMap {
        self.headers()
    }
}

/// The outcome, and the number of attempts.
pub(crate) struct Exchanged<T> {
    pub(crate) outcome: Result<T, TransportError>,
    pub(crate) attempts: u32,
}

impl Client {
    /// Tries until there is a response, or another attempt would be wrong or too late.
    pub(crate) async fn exchange<T: ReadResponse>(&self, call: &Call) -> Exchanged<T> {
        let (settings, endpoint) = (&self.settings, call.endpoint);
        let start = settings.clock.now();
        let mut waited = Duration::ZERO;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let (request, permission) = call.request(attempts);
            let sent = settings.transport.execute(request);
            let sent = match T::HEAD_LIMIT {
                None => sent.await,
                Some(limit) => with_timeout(&*settings.clock, limit, sent)
                    .await
                    .unwrap_or_else(|| Err(late())),
            };
            let outcome = match permission.end(sent) {
                Ok(response) => T::read(response).await,
                Err(error) => Err(error),
            };
            let fault = match &outcome {
                Ok(response) if response.status().is_success() => {
                    observe::responded(response.status(), attempts);
                    return Exchanged { outcome, attempts };
                }
                Ok(response) => Fault::Response(response.status().as_u16(), response.headers()),
                Err(error) => Fault::NoResponse(error),
            };
            let elapsed = settings.clock.now().saturating_sub(start);
            let so_far = (attempts, waited, elapsed);
            let randomness = &*settings.randomness;
            let Some(wait) = settings.retry.wait(call.class, &fault, so_far, randomness) else {
                return Exchanged { outcome, attempts };
            };
            observe::repeating(endpoint.operation, attempts, wait);
            settings.clock.sleep(wait).await;
            waited = wait;
        }
    }
}

/// No response headers arrived in time.
fn late() -> TransportError {
    TransportError::new(Phase::InFlight, TransportErrorKind::Timeout)
}
