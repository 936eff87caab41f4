//! One operation on its way through the transport, as often as it may be tried.

use std::time::Duration;

use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_transport::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use kaleyra_wa_transport::{
    Body, Class, Operation, Phase, Recipient, Request, Response, SendOnce, TransportError,
    TransportErrorKind, http, whole,
};

use crate::retry::{Fault, within};
use crate::{Client, observe};

/// What an answer may have at most, in bytes: those of the API have a few hundred.
pub(crate) const MAX_ANSWER: usize = 1024 * 1024;

/// Room for what the layers below add, so that the map of headers need not grow.
const HEADERS: usize = 12;

/// What is asked for, as often as it takes.
pub(crate) struct Call {
    /// Its name in logs and metrics.
    pub(crate) operation: &'static str,
    pub(crate) class: Class,
    pub(crate) method: Method,
    pub(crate) url: Uri,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Body,
    /// How long a try may take, if the transport's own limit does not suit.
    pub(crate) timeout: Option<Duration>,
    /// Whom it reaches, for whoever paces sends.
    pub(crate) recipient: Option<Recipient>,
    /// How long a try may take up to the head of the answer, if its body may take much longer.
    pub(crate) head_timeout: Option<Duration>,
}

impl Call {
    fn request(&self, attempt: u32) -> Request {
        let mut request = Request::new(self.body.clone());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.url.clone();
        let headers = request.headers_mut();
        headers.reserve(HEADERS);
        headers.extend(self.headers.iter().cloned());
        let mut operation = Operation::new(self.operation, self.class, attempt);
        operation.timeout = self.timeout;
        request.extensions_mut().insert(operation);
        if self.class == Class::Send {
            // A layer that repeats requests by itself gets no second copy past the transport.
            request.extensions_mut().insert(SendOnce::new());
        }
        if let Some(recipient) = &self.recipient {
            request.extensions_mut().insert(recipient.clone());
        }
        request
    }
}

/// An answer, as much of it as is wanted.
pub(crate) trait Answered: Sized {
    /// Reads that much.
    fn read(response: Response) -> impl Future<Output = Result<Self, TransportError>> + Send;

    /// Its status.
    fn status(&self) -> StatusCode;

    /// Its headers.
    fn headers(&self) -> &HeaderMap;
}

/// The whole answer.
impl Answered for http::Response<Bytes> {
    async fn read(response: Response) -> Result<Self, TransportError> {
        whole(response, MAX_ANSWER).await
    }

    fn status(&self) -> StatusCode {
        self.status()
    }

    fn headers(&self) -> &HeaderMap {
        self.headers()
    }
}

/// The head; the body is read by the caller.
impl Answered for Response {
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
    pub(crate) async fn exchange<T: Answered>(&self, call: &Call) -> Exchanged<T> {
        let settings = &self.settings;
        let start = settings.clock.now();
        let mut waited = Duration::ZERO;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let outcome = match self.execute(call, attempts).await {
                Ok(response) => T::read(response).await,
                Err(error) => Err(error),
            };
            let fault = match &outcome {
                Ok(answer) if answer.status().is_success() => {
                    observe::answered(answer.status(), attempts);
                    return Exchanged { outcome, attempts };
                }
                Ok(answer) => Fault::Answer(answer.status().as_u16(), answer.headers()),
                Err(error) => Fault::NoAnswer(error),
            };
            let elapsed = settings.clock.now().saturating_sub(start);
            let so_far = (attempts, waited, elapsed);
            let randomness = &*settings.randomness;
            let Some(wait) = settings.retry.wait(call.class, &fault, so_far, randomness) else {
                return Exchanged { outcome, attempts };
            };
            observe::repeating(call.operation, attempts, wait);
            settings.clock.sleep(wait).await;
            waited = wait;
        }
    }

    /// Asks once.
    async fn execute(&self, call: &Call, attempt: u32) -> Result<Response, TransportError> {
        let answer = self.settings.transport.execute(call.request(attempt));
        let Some(limit) = call.head_timeout else {
            return answer.await;
        };
        let late = || TransportError::new(Phase::InFlight, TransportErrorKind::Timeout);
        within(&*self.settings.clock, limit, answer)
            .await
            .unwrap_or_else(|| Err(late()))
    }
}
