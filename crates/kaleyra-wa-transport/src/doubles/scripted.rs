//! A transport that responds by a script.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use http::StatusCode;

use super::{named, unscripted};
use crate::{Body, Phase, Request, Response, Transport, TransportError, TransportErrorKind};

/// Responds in the order of a script, or by matching requests, and keeps the requests.
///
/// A request that the script has nothing for fails with [`TransportErrorKind::Unscripted`], and the error's source says
/// which request it was. Clones share the script: keep one beside the client under test.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_transport::{
///     Body, Phase, Request, Scripted, Transport, TransportErrorKind, http, read_whole,
/// };
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let transport = Scripted::new()
///     .when(|request| request.uri().path().ends_with("/media"))
///     .respond(200, r#"{"data":{"id":"42"}}"#)
///     .fail(Phase::Connect, TransportErrorKind::Connect)
///     .respond(202, r#"{"code":"WA202"}"#);
/// assert_eq!(transport.remaining(), 2);
///
/// let request = |path: &str| http::Request::post(path).body(Body::from("hi".to_owned()));
/// assert!(transport.execute(request("/messages")?).await.is_err());
/// assert_eq!(transport.execute(request("/media")?).await?.status(), 200);
/// let response = transport.execute(request("/messages")?).await?;
/// assert_eq!(read_whole(response, 64).await?.body(), r#"{"code":"WA202"}"#);
///
/// transport.assert_finished();
/// let sent = transport.requests();
/// assert_eq!(sent.len(), 3);
/// assert_eq!(sent[0].body().as_bytes().unwrap(), "hi");
///
/// let error = transport.execute(request("/messages")?).await.unwrap_err();
/// assert_eq!(error.kind(), TransportErrorKind::Unscripted);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Scripted(Arc<Mutex<Script>>);

#[derive(Default)]
struct Script {
    rules: Vec<(Matcher, Respond)>,
    steps: VecDeque<Respond>,
    requests: Vec<Request>,
    unscripted: Vec<String>,
}

type Matcher = Box<dyn Fn(&Request) -> bool + Send + Sync>;
type Respond = Arc<dyn Fn(&Request) -> Result<Response, TransportError> + Send + Sync>;

impl Scripted {
    /// An empty script.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next request gets this response. An invalid `status` becomes 500.
    #[must_use]
    pub fn respond(self, status: u16, body: impl Into<Bytes>) -> Self {
        self.then(responding(status, body.into()))
    }

    /// The next request fails like this.
    #[must_use]
    pub fn fail(self, phase: Phase, kind: TransportErrorKind) -> Self {
        self.then(move |_| Err(TransportError::new(phase, kind)))
    }

    /// The next request gets what this function returns for it. Its body is in memory.
    ///
    /// ```
    /// use kaleyra_wa_transport::http::header::RETRY_AFTER;
    /// use kaleyra_wa_transport::{Body, Request, Response, Scripted, Transport, http};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let busy = Scripted::new().then(|_request| {
    ///     let mut response = Response::new("{}".into());
    ///     *response.status_mut() = http::StatusCode::TOO_MANY_REQUESTS;
    ///     response.headers_mut().insert(RETRY_AFTER, http::HeaderValue::from_static("30"));
    ///     Ok(response)
    /// });
    /// let response = busy.execute(Request::new(Body::empty())).await?;
    /// assert_eq!(response.headers()[RETRY_AFTER], "30");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn then(
        self,
        response: impl Fn(&Request) -> Result<Response, TransportError> + Send + Sync + 'static,
    ) -> Self {
        self.script().steps.push_back(Arc::new(response));
        self
    }

    /// Each request that matches gets the response that follows, however often it comes, and takes no step of the
    /// script. If several match, the first counts.
    pub fn when(self, matches: impl Fn(&Request) -> bool + Send + Sync + 'static) -> When {
        When {
            scripted: self,
            matches: Box::new(matches),
        }
    }

    /// The requests that came, in order, with their bodies in memory.
    pub fn requests(&self) -> Vec<Request> {
        self.script().requests.clone()
    }

    /// How many steps of the order are left.
    pub fn remaining(&self) -> usize {
        self.script().steps.len()
    }

    /// For the end of a test.
    ///
    /// # Panics
    ///
    /// When steps are left, or when a request came that the script had nothing for.
    #[track_caller]
    pub fn assert_finished(&self) {
        let script = self.script();
        let (left, more) = (script.steps.len(), script.unscripted.clone());
        drop(script);
        assert!(
            left == 0 && more.is_empty(),
            "the script has {left} steps left, and nothing for: {more:?}"
        );
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn responding(
    status: u16,
    body: Bytes,
) -> impl Fn(&Request) -> Result<Response, TransportError> + Send + Sync + 'static {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    move |_| {
        let mut response = Response::new(body.clone().into());
        *response.status_mut() = status;
        Ok(response)
    }
}

/// Takes the response for what [`Scripted::when`] matches.
///
/// ```
/// use kaleyra_wa_transport::bytes::Bytes;
/// use kaleyra_wa_transport::{Body, Phase, Response, Scripted, Transport, TransportErrorKind, http, read_whole};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = Scripted::new()
///     .when(|request| request.method() == http::Method::GET)
///     .respond(200, "{}")
///     .when(|request| request.uri().path() == "/media")
///     .fail(Phase::InFlight, TransportErrorKind::Timeout)
///     .when(|_| true)
///     .then(|request| Ok(Response::new(Bytes::from(request.uri().path().to_owned()).into())));
///
/// let post = |path: &str| http::Request::post(path).body(Body::empty());
/// assert!(server.execute(post("/media")?).await.is_err());
/// let echo = read_whole(server.execute(post("/messages")?).await?, 64).await?;
/// assert_eq!(echo.body(), "/messages");
/// # Ok(())
/// # }
/// ```
#[must_use = "call `respond`, `fail` or `then`"]
pub struct When {
    scripted: Scripted,
    matches: Matcher,
}

impl When {
    /// Responds like this.
    #[must_use]
    pub fn respond(self, status: u16, body: impl Into<Bytes>) -> Scripted {
        self.then(responding(status, body.into()))
    }

    /// Fails like this.
    #[must_use]
    pub fn fail(self, phase: Phase, kind: TransportErrorKind) -> Scripted {
        self.then(move |_| Err(TransportError::new(phase, kind)))
    }

    /// Responds with what this function returns for the request.
    #[must_use]
    pub fn then(
        self,
        response: impl Fn(&Request) -> Result<Response, TransportError> + Send + Sync + 'static,
    ) -> Scripted {
        let rule = (self.matches, Arc::new(response) as Respond);
        self.scripted.script().rules.push(rule);
        self.scripted
    }
}

#[async_trait]
impl Transport for Scripted {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map_err(|error| {
            TransportError::new(Phase::InFlight, TransportErrorKind::UnreadableBody)
                .with_source(error)
        })?;
        let request = Request::from_parts(head, Body::from(body));

        let mut script = self.script();
        script.requests.push(request.clone());
        let mut rules = script.rules.iter();
        let by_rule = rules
            .find(|(matches, _)| matches(&request))
            .map(|(_, response)| Arc::clone(response));
        let Some(response) = by_rule.or_else(|| script.steps.pop_front()) else {
            let count = script.requests.len();
            let name = format!("request {count}, {}", named(&request));
            script.unscripted.push(name.clone());
            return Err(unscripted(format!(
                "{name} came after the end of the script"
            )));
        };
        drop(script);
        response(&request)
    }
}

/// Shows how far the script is, and nothing of the requests.
impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let script = self.script();
        f.debug_struct("Scripted")
            .field("requests", &script.requests.len())
            .field("remaining", &script.steps.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("When").finish_non_exhaustive()
    }
}
