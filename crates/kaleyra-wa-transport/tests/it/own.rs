//! A transport that somebody else writes, over hyper's client, passes the suite.

use std::time::Duration;

use futures_util::stream::unfold;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use kaleyra_wa_transport::{
    BodyReader, Operation, Phase, Request, Response, ResponseBody, SendOnce, Transport,
    TransportError, TransportErrorKind as Kind, async_trait, conformance,
};
use tokio::time::{Instant, timeout_at};

// The transport begins here.
struct Own(Client<HttpConnector, BodyReader>);

#[async_trait]
impl Transport for Own {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let claim = SendOnce::claim(request.extensions())?;
        claim.settle(self.send(request).await)
    }
}

impl Own {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let operation = request.extensions().get::<Operation>();
        let limit = operation.and_then(|operation| operation.timeout);
        let deadline = Instant::now() + limit.unwrap_or(Duration::from_secs(30));
        let late = |phase| move |_| TransportError::new(phase, Kind::Timeout);

        let sending = self.0.request(request.map(BodyReader::from));
        let response = timeout_at(deadline, sending)
            .await
            .map_err(late(Phase::InFlight))?
            .map_err(|error| match error.is_connect() {
                true => TransportError::new(Phase::Connect, Kind::Connect),
                false => TransportError::new(Phase::InFlight, Kind::Interrupted),
            })?;

        let status = response.status();
        let phase = Phase::Body { status };
        let broken = move |_| TransportError::new(phase, Kind::Interrupted);
        let next = move |mut body: Incoming| async move {
            let frame = timeout_at(deadline, body.frame()).await;
            let frame = frame.map_err(late(phase)).transpose()?;
            Some((frame.and_then(|frame| frame.map_err(broken)), body))
        };
        Ok(response.map(|body| ResponseBody::streaming(StreamBody::new(unfold(body, next)))))
    }
}
// And ends here.

#[tokio::test]
async fn it_passes() {
    let client = Client::builder(TokioExecutor::new()).build_http();
    conformance::run(Own(client)).await.assert_passed();
}

#[test]
fn it_is_short() {
    let source = include_str!("own.rs");
    let begin = source.find("// The transport begins here.").unwrap();
    let end = source.find("// And ends here.").unwrap();
    let lines = source[begin..end].lines().count() - 1;
    assert!(lines < 40, "{lines} lines");
}
