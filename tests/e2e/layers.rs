//! Layers between a client and the wire that make copies of requests, as careless ones do.

use std::time::Duration;

use kaleyra_wa_transport::{
    Request, ReqwestTransport, Response, Transport, TransportError, async_trait,
};

/// After what time a copy leaves that was left behind.
pub(crate) const LATER: Duration = Duration::from_millis(20);

/// What it does with a request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Layer {
    /// Asks another server where the first can't be reached.
    FailsOver,
    /// Repeats until a deadline and returns the error of the last copy that had come back by then.
    LastKnownError,
    /// Gives up at once, while a copy in a task of its own is still to leave.
    LeftBehind,
}

/// The wire with such a layer around it.
pub(crate) struct Layered(pub(crate) ReqwestTransport, pub(crate) Layer);

#[async_trait]
impl Transport for Layered {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let (wire, copy) = (self.0.clone(), request.clone());
        let known = match self.0.execute(to_a_closed_port(request)).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        match self.1 {
            Layer::FailsOver => wire.execute(copy).await,
            Layer::LastKnownError => {
                match tokio::time::timeout(10 * LATER, wire.execute(copy)).await {
                    Ok(outcome) => outcome,
                    Err(_) => Err(known),
                }
            }
            Layer::LeftBehind => {
                tokio::spawn(async move {
                    tokio::time::sleep(LATER).await;
                    wire.execute(copy).await
                });
                Err(known)
            }
        }
    }
}

/// The same request to the port of a service that went out of use.
fn to_a_closed_port(mut request: Request) -> Request {
    if let Ok(closed) = format!("http://127.0.0.1:9{}", request.uri().path()).parse() {
        *request.uri_mut() = closed;
    }
    request
}
