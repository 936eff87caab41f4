//! Services as transports and transports as services; and that no retry layer makes two messages of one.

use std::future::{Ready, ready};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http_body_util::Full;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::TokioExecutor;
use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_transport::http;
use kaleyra_wa_transport::{
    Body, BodyReader, Operation, OperationClass, Phase, Request, Response, SendOnce,
    TowerTransport, Transport, TransportError, TransportErrorKind, TransportService, async_trait,
    read_whole,
};
use tower::retry::{Policy, Retry};
use tower::{ServiceExt, service_fn};

use crate::server::{Fault, Server, post};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
const BUSY: &str = "HTTP/1.1 500 Busy\r\ncontent-length: 0\r\n\r\n";

/// hyper's client, as its users make it.
pub(crate) fn hyper_client() -> Client<HttpConnector, BodyReader> {
    Client::builder(TokioExecutor::new()).build_http()
}

/// Whether hyper's client failed while it was connecting.
pub(crate) fn connecting(
    cause: &(dyn std::error::Error + 'static),
) -> Option<(Phase, TransportErrorKind)> {
    let error = cause.downcast_ref::<legacy::Error>()?;
    error
        .is_connect()
        .then_some((Phase::Connect, TransportErrorKind::Connect))
}

/// Repeats whatever is not a success, as often as it may: what a careless layer does.
#[derive(Clone)]
struct Repeats(usize);

impl<A, E> Policy<Request, http::Response<A>, E> for Repeats {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        _request: &mut Request,
        outcome: &mut Result<http::Response<A>, E>,
    ) -> Option<Ready<()>> {
        let is_success = matches!(outcome, Ok(response) if response.status().is_success());
        self.0 = self.0.checked_sub(1)?;
        (!is_success).then(|| ready(()))
    }

    fn clone_request(&mut self, request: &Request) -> Option<Request> {
        Some(request.clone())
    }
}

/// hyper behind a layer that repeats.
fn repeated_hyper() -> TowerTransport<
    impl tower::Service<
        Request,
        Response = http::Response<hyper::body::Incoming>,
        Error = legacy::Error,
        Future: Send,
    > + Clone
    + Send,
> {
    let client = hyper_client().map_request(|request: Request| request.map(BodyReader::from));
    TowerTransport::new(Retry::new(Repeats(3), client)).classify(connecting)
}

fn send(url: &str) -> Request {
    let mut request = post(url, "hello".to_owned());
    let extensions = request.extensions_mut();
    extensions.insert(Operation::new("send", OperationClass::Send, 1));
    request
}

#[tokio::test]
async fn hyper_s_client_carries_a_request() {
    let server = Server::responding(OK).await;
    let transport = TowerTransport::new(hyper_client());
    let response = transport.execute(send(&server.url())).await.unwrap();
    assert_eq!(read_whole(response, 16).await.unwrap().body(), "{}");
    let request = &server.received()[0];
    assert!(request.contains("content-length: 5\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\nhello"), "{request}");
}

#[tokio::test]
async fn a_layer_inside_that_repeats_does_not_send_twice() {
    for fault in [BUSY, ""] {
        let server = Server::responding(fault).await;
        // What does not say what it is counts as a send.
        for request in [send(&server.url()), post(&server.url(), "hello".to_owned())] {
            let before = server.received().len();
            let error = repeated_hyper().execute(request).await.unwrap_err();
            assert_eq!(error.phase(), Phase::InFlight, "{error:?}");
            assert_eq!(server.received().len(), before + 1);
        }
    }
}

#[tokio::test]
async fn a_layer_inside_may_repeat_what_does_no_harm() {
    let server = Server::responding(BUSY).await;
    for class in [OperationClass::Read, OperationClass::Upload] {
        let before = server.received().len();
        let mut request = post(&server.url(), "hello".to_owned());
        let operation = Operation::new("upload", class, 1);
        request.extensions_mut().insert(operation);
        let response = repeated_hyper().execute(request).await.unwrap();
        assert_eq!(response.status(), 500);
        assert_eq!(server.received().len(), before + 4);
    }
}

#[tokio::test]
async fn a_copy_that_could_not_connect_does_not_speak_for_the_one_before() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    // The first copy is read and lost, the second finds a closed port.
    let stack = service_fn(move |request: Request| {
        let is_first = counted.fetch_add(1, Ordering::Relaxed) == 0;
        async move {
            if is_first {
                request.body().collect().await?;
                return Err::<http::Response<Full<Bytes>>, _>(BoxError::from("lost"));
            }
            Err(io::Error::from(io::ErrorKind::ConnectionRefused).into())
        }
    });
    let refused = |cause: &(dyn std::error::Error + 'static)| {
        let error = cause.downcast_ref::<io::Error>()?;
        (error.kind() == io::ErrorKind::ConnectionRefused)
            .then_some((Phase::Connect, TransportErrorKind::Connect))
    };
    let transport = TowerTransport::new(Retry::new(Repeats(1), stack)).classify(refused);
    let error = transport
        .execute(send("http://127.0.0.1/"))
        .await
        .unwrap_err();
    assert_eq!(calls.load(Ordering::Relaxed), 2);
    assert_eq!(
        (error.phase(), error.kind()),
        (Phase::InFlight, TransportErrorKind::Connect)
    );
}

#[tokio::test]
async fn a_closed_port_may_be_tried_again_and_is_told_as_such() {
    // The port of a service that went out of use: one that was free a moment ago may be another test's by now.
    let mut request = send("http://127.0.0.1:9/");
    request.extensions_mut().insert(SendOnce::new());
    for _ in 0..2 {
        let error = repeated_hyper().execute(request.clone()).await.unwrap_err();
        assert_eq!(
            (error.phase(), error.kind()),
            (Phase::Connect, TransportErrorKind::Connect)
        );
    }
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn a_layer_around_a_transport_that_repeats_does_not_send_twice() {
    use kaleyra_wa_transport::ReqwestTransport;

    for fault in [BUSY, ""] {
        let server = Server::responding(fault).await;
        let ours = TransportService::new(ReqwestTransport::new().unwrap());

        let mut request = send(&server.url());
        request.extensions_mut().insert(SendOnce::new());
        let error = Retry::new(Repeats(3), ours.clone())
            .oneshot(request)
            .await
            .unwrap_err();
        assert_eq!(
            (error.phase(), error.kind()),
            (Phase::InFlight, TransportErrorKind::Repeated)
        );
        assert_eq!(server.received().len(), 1);

        // As a transport again, also for those who put no permission into the request.
        let around = TowerTransport::new(Retry::new(Repeats(3), ours));
        let error = around.execute(send(&server.url())).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Repeated);
        assert_eq!(server.received().len(), 2);
    }
}

/// Fails in a way of its own.
struct Odd;

#[async_trait]
impl Transport for Odd {
    async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
        let error = TransportError::new(Phase::Connect, TransportErrorKind::InsecureUrl);
        Err(error.with_body("kept"))
    }
}

#[tokio::test]
async fn the_error_of_a_transport_inside_is_found_wherever_it_is() {
    #[derive(Debug, thiserror::Error)]
    #[error("wrapped")]
    struct Wrapped(#[source] TransportError);

    let shared: Arc<dyn Transport> = Arc::new(Odd);
    let plain = TowerTransport::new(TransportService::from(shared.clone()));
    let wrapped = TransportService::from(shared).map_err(|error| BoxError::from(Wrapped(error)));
    let wrapped = TowerTransport::new(wrapped);
    let transports: [&dyn Transport; 2] = [&plain, &wrapped];
    for transport in transports {
        let error = transport
            .execute(send("http://127.0.0.1/"))
            .await
            .unwrap_err();
        assert_eq!(
            (error.phase(), error.kind()),
            (Phase::Connect, TransportErrorKind::InsecureUrl)
        );
        assert_eq!(error.body().unwrap(), "kept");
    }
}

#[tokio::test]
async fn what_is_not_known_of_an_error_is_the_later_phase() {
    let odd = service_fn(|_: Request| async {
        Err::<http::Response<Full<Bytes>>, _>(BoxError::from("odd"))
    });
    let error = TowerTransport::new(odd)
        .execute(send("http://127.0.0.1/"))
        .await
        .unwrap_err();
    assert_eq!(
        (error.phase(), error.kind()),
        (Phase::InFlight, TransportErrorKind::Other)
    );
}

#[tokio::test]
async fn a_service_that_is_never_ready_got_nothing() {
    #[derive(Clone)]
    struct Busy;
    impl tower::Service<Request> for Busy {
        type Response = http::Response<Full<Bytes>>;
        type Error = BoxError;
        type Future = Ready<Result<Self::Response, BoxError>>;

        fn poll_ready(
            &mut self,
            _cx: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Result<(), BoxError>> {
            std::task::Poll::Pending
        }

        fn call(&mut self, _request: Request) -> Self::Future {
            unreachable!("it is never ready")
        }
    }
    let transport = TowerTransport::new(Busy).timeout(Duration::from_millis(50));
    let error = transport
        .execute(send("http://127.0.0.1/"))
        .await
        .unwrap_err();
    assert_eq!(
        (error.phase(), error.kind()),
        (Phase::Connect, TransportErrorKind::Timeout)
    );
}

#[tokio::test]
async fn the_time_limit_holds_up_to_the_end_of_the_body() {
    let limit = Duration::from_millis(100);
    let hangs = Server::start(Fault::RespondThenHang(Vec::new())).await;
    let drips = b"HTTP/1.1 202 Accepted\r\ncontent-length: 9\r\n\r\n{".to_vec();
    let drips = Server::start(Fault::RespondThenHang(drips)).await;
    let transport = TowerTransport::new(hyper_client());

    let mut request = post(&hangs.url(), Body::from("hello".to_owned()));
    let operation = Operation::new("send", OperationClass::Send, 1).with_timeout(limit);
    request.extensions_mut().insert(operation);
    let error = transport.execute(request.clone()).await.unwrap_err();
    assert_eq!(
        (error.phase(), error.kind()),
        (Phase::InFlight, TransportErrorKind::Timeout)
    );

    *request.uri_mut() = drips.url().parse().unwrap();
    let response = transport.execute(request).await.unwrap();
    let error = read_whole(response, 16).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 202);
    assert_eq!(error.kind(), TransportErrorKind::Timeout);
    assert_eq!(error.body().unwrap(), "{");
}
