//! One operation on its way through the transport, as often as it may be tried.

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

/// What an answer may have at most, in bytes: those of the API have a few hundred.
pub(crate) const MAX_RESPONSE: usize = 1024 * 1024;

const API_KEY: HeaderName = HeaderName::from_static("api-key");

/// What is asked for, as often as it takes.
pub(crate) struct Call {
    pub(crate) endpoint: &'static Endpoint,
    pub(crate) url: Uri,
    /// `None` for a server that is not Kaleyra's, which must not see it.
    pub(crate) api_key: Option<HeaderValue>,
    /// What the body is; `None` if there is none.
    pub(crate) content_type: Option<HeaderValue>,
    pub(crate) body: Body,
    /// How long a try may take, if the transport's own limit does not suit.
    pub(crate) timeout: Option<Duration>,
    /// Tells recipients apart, for whoever paces sends.
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
        // A layer that repeats requests by itself gets no second copy past the transport, where one would do harm.
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

/// What the copies of one attempt share. Each attempt has its own, and when it is over, or given up, the permission is taken
/// away for good: no copy that a layer left behind leaves after it.
struct Permission(Option<SendOnce>);

impl Permission {
    /// What came of the attempt. "Nothing was sent" counts only if that is true of every copy: an error that a layer kept
    /// may be about another one than the last.
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

/// An answer, as much of it as is wanted.
pub(crate) trait ReadResponse: Sized {
    /// How long a try may take up to the head of the answer, if the transport's own limit is for a body that may take much
    /// longer.
    const HEAD_LIMIT: Option<Duration>;

    /// Reads that much.
    fn read(response: Response) -> impl Future<Output = Result<Self, TransportError>> + Send;

    /// Its status.
    fn status(&self) -> StatusCode;

    /// Its headers.
    fn headers(&self) -> &HeaderMap;
}

/// The whole answer.
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

/// The head; the body is read by the caller.
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

/// What came of it, and how often it was tried.
pub(crate) struct Exchanged<T> {
    pub(crate) outcome: Result<T, TransportError>,
    pub(crate) attempts: u32,
}

impl Client {
    /// Asks until there is an answer, or trying again would be wrong or too late.
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

/// No head of an answer came in time.
fn late() -> TransportError {
    TransportError::new(Phase::InFlight, TransportErrorKind::Timeout)
}
